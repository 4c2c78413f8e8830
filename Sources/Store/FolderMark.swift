import Basics
import Foundation

/// Ties a PostgreSQL database to its folder of files by a word that lies in both, so that no node keeps photos where the others do not see them.
enum FolderMark {
    /// Beside the leases, since it says who has something, and goes into no backup: what is restored belongs to the folder it is restored to.
    private static let row = "files"
    private static let forGood = Instant(milliseconds: .max)

    /// The first process to write ties the two.
    /// - Throws: `StoreFailure.otherFolder`.
    static func hold(_ files: Files, to database: Database) async throws {
        let known = try await database.read { try mark(in: $0) }
        let there = known == nil ? try leave(on: files) : read(files)
        let kept = try await database.write { tx in
            if let there, known == nil {
                try tx.run("INSERT INTO lease (name, holder, until) VALUES (\(row), \(there), \(forGood)) ON CONFLICT (name) DO NOTHING")
            }
            return try mark(in: tx)
        }
        guard there == kept else { throw StoreFailure.otherFolder(files.folder) }
    }

    private static func mark(in tx: Transaction) throws -> String? {
        try tx.first("SELECT holder FROM lease WHERE name = \(row)") { try $0[0] }
    }

    private static func path(_ files: Files) -> String { files.folder + "/mark" }

    private static func read(_ files: Files) -> String? {
        (try? String(contentsOfFile: path(files), encoding: .utf8))?.trimmingSpaces
    }

    /// Of several nodes that start at once one leaves it, whole; the others read it.
    private static func leave(on files: Files) throws -> String? {
        let new = files.incoming()
        try Data((Secret.token() + "\n").utf8).write(to: URL(fileURLWithPath: new))
        defer { unlink(new) }
        try Files.synchronize(new)
        guard link(new, path(files)) == 0 || errno == EEXIST else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        try Files.synchronize(files.folder)
        return read(files)
    }
}
