import Basics
import Foundation

/// A copy of everything in one folder that no database is needed to read: rows as lines of JSON, photos under their digests, and a manifest.
package struct Backup: Sendable {
    package let folder: String
    package internal(set) var manifest: Manifest

    /// What is being done, and how much of it is: a table or `files`. Throws to stop.
    package typealias Progress = @Sendable (_ part: String, _ done: Int) throws -> Void

    /// - Throws: `BackupRefusal`.
    package init(_ folder: String) throws {
        self.folder = folder
        manifest = try Manifest(of: folder)
    }

    init(_ folder: String, _ manifest: Manifest) {
        self.folder = folder
        self.manifest = manifest
    }

    static func rows(of table: String) -> String { "rows/\(table).jsonl" }
    static func photo(_ digest: String) -> String { "files/\(digest.prefix(2))/\(digest)" }

    private func path(_ name: String) -> String { folder + "/" + name }

    /// Writes all rows that the transaction sees, or only finds their digests.
    /// - Parameter folder: nil when nothing is to be written.
    static func writeRows(
        of tx: Transaction, from: String, to folder: String?, at now: Instant, progress: Progress = { _, _ in }
    ) throws -> Manifest {
        var manifest = Manifest(made: now, from: from, migrations: try Migrations.done(on: tx.connection))
        for table in Schema(migrations: manifest.migrations).kept {
            let columns = table.keptColumns
            var file = try PartFile(folder.map { "\($0)/\(Self.rows(of: table.name))" })
            var rows = 0
            do {
                try tx.connection.stream(table.select(tx.dialect)) { row in
                    guard try file.write({ RowText.write(row.values, columns, into: &$0) }) else {
                        throw BackupFailure.row(table: table.name)
                    }
                    rows += 1
                    if rows % 1000 == 0 { try progress(table.name, rows) }
                }
            } catch {
                file.close()
                throw error
            }
            let digest = try file.finish()
            try progress(table.name, rows)
            manifest.tables.append(.init(name: table.name, columns: columns, rows: rows, bytes: file.bytes, sha256: digest))
            if table.isJournal { manifest.journal.entries = rows }
        }
        let last = try tx.lastSeal()
        manifest.journal.sealed = Int(last.place)
        manifest.journal.head = Secret.hex(last.hash)
        return manifest
    }

    /// Goes through the rows of a table. - Returns: what is wrong with the file; nil when it is as it was written.
    func eachRow(of table: Manifest.Table, _ body: (_ values: [SQLValue]) throws -> Void) throws -> Damage? {
        let name = Self.rows(of: table.name)
        guard let lines = try PartLines(path(name)) else { return .missing(name) }
        var rows = 0
        while let values = try lines.line({ RowText.read($0, table.columns) }) {
            guard let values else { return .changed(name) }
            rows += 1
            try body(values)
        }
        return rows == table.rows && lines.bytes == table.bytes && lines.digest == table.sha256 ? nil : .changed(name)
    }

    /// The photos that the rows name, in order, without those that were lost when the backup was made.
    func photos() throws -> [String] {
        guard let table = manifest.tables.first(where: { $0.name == "file" }) else { return [] }
        let wanted = table.columns.indices.filter { ["digest", "small"].contains(table.columns[$0].name) }
        var digests: Set<String> = []
        let damage = try eachRow(of: table) { values in
            for index in wanted { if case .text(let digest) = values[index] { digests.insert(digest) } }
        }
        if let damage { throw BackupRefusal.damaged([damage]) }
        return digests.subtracting(manifest.photos.absent).sorted()
    }

    /// Reads everything. - Returns: what is wrong, by file; nothing when it is all as it was written.
    package func verify(progress: Progress = { _, _ in }) throws -> [Damage] {
        var found: [Damage] = []
        for table in manifest.tables {
            var rows = 0
            let damage = try eachRow(of: table) { _ in
                rows += 1
                if rows % 1000 == 0 { try progress(table.name, rows) }
            }
            if let damage { found.append(damage) }
        }
        guard found.isEmpty else { return found }
        let photos = try photos()
        for (index, digest) in photos.enumerated() {
            let name = Self.photo(digest)
            switch try PartFile.digest(path(name)) {
            case nil: found.append(.missing(name))
            case digest: break
            default: found.append(.changed(name))
            }
            if index % 20 == 0 { try progress("files", index) }
        }
        if photos.count != manifest.photos.count { found.append(.changed("manifest.json")) }
        if let entry = try firstBroken() { found.append(.seal(entry)) }
        return found
    }

    private func firstBroken() throws -> UUIDv7? {
        guard let journal = manifest.tables.first(where: { $0.name == "entry" }),
            let chain = manifest.tables.first(where: { $0.name == "seal" }),
            let entries = try PartLines(path(Self.rows(of: "entry"))), let seals = try PartLines(path(Self.rows(of: "seal")))
        else { return nil }
        func row(_ lines: PartLines, _ table: Manifest.Table) throws -> Row? {
            guard let values = try lines.line({ RowText.read($0, table.columns) }) ?? nil else { return nil }
            return Row(columns: Row.Columns(table.columns.map(\.name)), values: values)
        }
        var last: [UInt8] = []
        while let seal = try row(seals, chain) {
            let id: UUIDv7 = try seal["entry_id"]
            guard let entry = try row(entries, journal).map({ try Entry.placeless($0) }), entry.id == id else { return id }
            last = Chain.hash(entry, after: last)
            if try last != seal["hash"] { return id }
        }
        return nil
    }
}
