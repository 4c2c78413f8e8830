import Basics
import Foundation
import Store

/// The board as it lies in the data folder from one run to the next: a start reads its columns, and from the journal only what came since,
/// instead of every matter.
///
/// Nothing depends on it. What is missing, damaged, of another database or schema, or too far behind is not used, and the board is read from
/// the tables. Numbers lie as this machine keeps them (little-endian): magic, length of the head, head (JSON), columns, SHA-256 of all that.
package struct BoardFile: Sendable {
    /// To be raised when a row of the board comes to say something else, or columns lie in another order.
    private static let edition = 3
    private static let magic = Array("weiwang board\n".utf8)
    /// With more entries than this behind it, reading the tables is as fast.
    private static let farthest = 100_000

    private let path: String

    package init(folder: String) { path = folder + "/board" }

    /// Where the journal stood, and whose.
    struct Standing: Codable {
        let edition: Int
        let schema: String
        let zone: String
        let cursor: JournalCursor
        /// The entry there: another database, or one restored from a backup, has another one or none.
        let entry: String
    }

    struct Head: Codable {
        let standing: Standing
        let matters: BoardContents<MatterShape>
        let parts: BoardContents<PartShape>

        /// Of an empty file.
        static let none = Head(
            standing: Standing(edition: 0, schema: "", zone: "", cursor: .start, entry: ""),
            matters: BoardContents(count: 0, paths: [], shapes: [], categories: [], posts: []),
            parts: BoardContents(count: 0, paths: [], shapes: [], categories: [], posts: []))
    }

    // MARK: - Reading

    /// Where the journal stood when the file was written; nil when the file cannot be used.
    package func cursor(in database: Database, zone: TimeZone) async throws -> JournalCursor? {
        guard let head = try? BoardFileReader(path, magic: Self.magic).head else { return nil }
        return try await fits(head.standing, database, zone) ? head.standing.cursor : nil
    }

    func read(from database: Database, zone: TimeZone) async throws -> Board.State? {
        guard let file = try? BoardFileReader(path, magic: Self.magic), try await fits(file.head.standing, database, zone) else {
            return nil
        }
        return try? Self.state(file)
    }

    private func fits(_ standing: Standing, _ database: Database, _ zone: TimeZone) async throws -> Bool {
        guard standing.edition == Self.edition, standing.schema == Database.schema, standing.zone == zone.identifier else { return false }
        return try await database.read { tx in
            try tx.entryID(at: standing.cursor)?.description == standing.entry
                && tx.entries(after: standing.cursor, areAtMost: Self.farthest)
        }
    }

    private static func state(_ file: BoardFileReader) throws -> Board.State {
        var file = file
        let state = try Board.State(file.head, from: &file)
        try file.close()
        return state
    }

    // MARK: - Writing

    /// - Parameter cursor: a place in the journal up to which the state has everything; it may have more.
    func write(_ state: Board.State, at cursor: JournalCursor, zone: TimeZone, from database: Database) async throws {
        guard let entry = try await database.read({ try $0.entryID(at: cursor) }) else { return }
        let standing = Standing(
            edition: Self.edition, schema: Database.schema, zone: zone.identifier, cursor: cursor, entry: entry.description)
        let head = try JSONEncoder().encode(Head(standing: standing, matters: state.matters.contents, parts: state.parts.contents))
        // Swept away when the process ends before it is done.
        let new = database.files.incoming()
        defer { try? FileManager.default.removeItem(atPath: new) }
        var writer = try BoardFileWriter(new)
        try writer.put(Data(Self.magic) + withUnsafeBytes(of: UInt64(head.count)) { Data($0) } + head)
        try state.matters.columns { try writer.put($0) }
        try state.parts.columns { try writer.put($0) }
        try writer.close()
        guard rename(new, path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
}
