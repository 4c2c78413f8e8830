import Basics
import Foundation

extension Backup {
    /// Makes the schema that the rows were written from, fills it, compares, and brings it up to today's. All in the caller's transaction.
    /// - Throws: `BackupRefusal.damaged` when a part is not as it was written, or the database does not give it back so.
    func load(into tx: Transaction, leavingOut left: Set<String> = [], progress: Progress) throws {
        try Migrations.run(on: tx.connection, only: manifest.migrations)
        // Rows refer to rows of their own table that come later, so what refers is checked when all are there.
        if tx.dialect == .sqlite { try tx.connection.execute("PRAGMA defer_foreign_keys = ON") }
        let indexes = try tx.dropIndexes()
        for table in manifest.tables where !left.contains(table.name) { try fill(table, in: tx, progress) }
        if tx.dialect == .postgres {
            // Numbers that are given by the database go on behind those that were brought along.
            _ = try tx.first("SELECT setval(pg_get_serial_sequence('entry', 'seq'), \(Int64(manifest.journal.entries) + 1), false)") { _ in
                true
            }
        }
        try tx.makeIndexes(indexes)
        let there = try Self.writeRows(of: tx, from: "", to: nil, at: .systemNow)
        for (wanted, found) in zip(manifest.tables, there.tables) where wanted != found && !left.contains(wanted.name) {
            throw BackupRefusal.damaged([.changed(Self.rows(of: wanted.name))])
        }
        try Migrations.run(on: tx.connection)
    }

    private func fill(_ table: Manifest.Table, in tx: Transaction, _ progress: Progress) throws {
        let (isJournal, isFollower) = (table.name == "entry", table.name == "follower")
        var names = table.columns.map { isFollower && $0.name == "place" ? "seq" : $0.name }
        if isJournal { names.append("seq") }
        if isJournal || isFollower { names.append("turn") }
        var rows = BulkRows(table: table.name, columns: names)
        var (count, size) = (0, 0)
        let damage = try eachRow(of: table) { values in
            count += 1
            var values = values
            if isJournal { values.append(.int(Int64(count))) }
            if isJournal || isFollower { values.append(.int(0)) }
            rows.add(values)
            for value in values { if case .bytes(let bytes) = value { size += bytes.count } }
            if rows.count >= 2000 || size > 4 << 20 {
                try tx.insert(rows)
                rows = BulkRows(table: table.name, columns: names)
                size = 0
                try progress(table.name, count)
            }
        }
        if let damage { throw BackupRefusal.damaged([damage]) }
        try tx.insert(rows)
    }
}
