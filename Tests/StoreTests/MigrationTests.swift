import Basics
import Foundation
import Support
import Testing

@testable import Store

/// The two databases of the tests, not the store's own word.
typealias Backend = Support.Backend

/// The schema is the old one or the new one, wherever the process ends.
@Suite struct MigrationTests {
    private struct Killed: Error {}

    /// Everything that makes up the schema, as the database tells it.
    private static func shape(_ place: DatabasePlace) throws -> [String] {
        try Scratch.transaction(on: place) { tx in
            let lines =
                switch tx.dialect {
                case .sqlite:
                    try tx.all("SELECT name || ' ' || COALESCE(sql, '') AS line FROM sqlite_master ORDER BY 1") { try $0[0] as String }
                case .postgres:
                    try tx.all(
                        """
                        SELECT CAST(table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable AS text) AS line
                        FROM information_schema.columns WHERE table_schema = current_schema()
                        UNION ALL SELECT CAST(indexdef AS text) FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1
                        """
                    ) { try $0[0] as String }
                }
            return lines + (lines.isEmpty ? [] : try tx.all("SELECT name FROM migration ORDER BY name") { try $0[0] as String })
        }
    }

    /// As the files are after `kill -9`: what was written so far is there, nobody has tidied up.
    private static func copy(_ folder: String, to target: String) throws {
        for end in ["", "-wal"] where FileManager.default.fileExists(atPath: folder + "/weiwang.sqlite" + end) {
            try FileManager.default.copyItem(atPath: folder + "/weiwang.sqlite" + end, toPath: target + "/weiwang.sqlite" + end)
        }
    }

    @Test("killed before each statement of each migration: the old schema, and starting again completes", arguments: Backend.all)
    func killed(on backend: Backend) async throws {
        try await Turnstile.shared.pass {
            let whole = try await ScratchPlace(backend)
            try Scratch.transaction(on: whole.place) { try Migrations.run(on: $0.connection) }
            let wanted = try Self.named(whole.place)
            var kills = 0
            for (index, file) in Migrations.files.enumerated() {
                kills += try await Self.kill(Migrations.files[..<index].map(\.name), file.name, backend, wanted)
            }
            // A few dozen statements; the number only grows.
            #expect(kills > 90)
        }
    }

    /// Its shape without the name of the schema.
    private static func named(_ place: DatabasePlace) throws -> [String] {
        guard case .postgres(let url, _) = place, let schema = url.components(separatedBy: "%3D").last else { return try shape(place) }
        return try shape(place).map { $0.replacing(schema + ".", with: "") }
    }

    /// Kills one migration before its first statement, before its second, and so on, until it comes to its end.
    /// - Returns: how often.
    private static func kill(_ before: [String], _ name: String, _ backend: Backend, _ wanted: [String]) async throws -> Int {
        let scratch = try await ScratchPlace(backend)
        try Scratch.transaction(on: scratch.place) { try Migrations.run(on: $0.connection, only: before) }
        let old = try shape(scratch.place)
        var kills = 0
        while true {
            let left = try await ScratchPlace(.sqlite)
            var count = 0
            do {
                try Scratch.transaction(on: scratch.place) { tx in
                    // So that half-written pages go out to the log before the end.
                    if backend == .sqlite { try tx.connection.execute("PRAGMA cache_size = 2") }
                    try Migrations.run(on: tx.connection, only: before + [name]) {
                        count += 1
                        guard count > kills else { return }
                        if backend == .sqlite { try copy(scratch.folder, to: left.folder) }
                        throw Killed()
                    }
                }
                break
            } catch is Killed { kills += 1 }
            let place = backend == .sqlite ? left.place : scratch.place
            #expect(try shape(place) == old, "\(name) at \(kills)")
            guard backend == .sqlite else { continue }
            try Scratch.transaction(on: place) { try Migrations.run(on: $0.connection) }
            #expect(try shape(place) == wanted, "\(name) at \(kills)")
        }
        try Scratch.transaction(on: scratch.place) { try Migrations.run(on: $0.connection) }
        #expect(try named(scratch.place) == wanted, "\(name)")
        return kills
    }

    @Test("PostgreSQL: nothing is brought up to date while a node of the older version serves")
    func whileServed() async throws {
        guard Backend.all.contains(.postgres) else { return }
        let scratch = try await ScratchPlace(.postgres)
        guard case .postgres(let url, _) = scratch.place else { return }
        let names = Migrations.files.map(\.name)
        try Scratch.transaction(on: scratch.place) { try Migrations.run(on: $0.connection, only: names.dropLast()) }
        let older = try PostgresConnection(url: url)
        try older.execute("SELECT pg_advisory_lock_shared(\(PostgresHouse.inUse))")
        await #expect { _ = try await Database.open(scratch.place, asNode: true, logger: .quiet) } throws: {
            if case .folderLocked? = $0 as? StoreFailure { true } else { false }
        }
        try older.execute("SELECT pg_advisory_unlock_shared(\(PostgresHouse.inUse))")
        await (try Database.open(scratch.place, asNode: true, logger: .quiet)).close()
    }

    @Test("data of a newer version are refused by everybody, those of an older one by whoever only reads", arguments: Backend.all)
    func versions(on backend: Backend) async throws {
        try await Turnstile.shared.pass {
            let scratch = try await ScratchPlace(backend)
            let names = Migrations.files.map(\.name)
            // A process that ended before its first commit leaves a database of nothing.
            try Scratch.transaction(on: scratch.place) { _ in }
            await #expect { _ = try await Database.open(scratch.place, readOnly: true, logger: .quiet) } throws: {
                if case .noData? = $0 as? StoreFailure { true } else { false }
            }
            try Scratch.transaction(on: scratch.place) { try Migrations.run(on: $0.connection, only: names.dropLast()) }
            await #expect { _ = try await Database.open(scratch.place, readOnly: true, logger: .quiet) } throws: {
                if case .olderSchema(names.last)? = $0 as? StoreFailure { true } else { false }
            }
            await (try Database.open(scratch.place, readOnly: true, ofAnyVersion: true, logger: .quiet)).close()
            await (try Database.open(scratch.place, logger: .quiet)).close()
            await (try Database.open(scratch.place, readOnly: true, logger: .quiet)).close()
            try Scratch.transaction(on: scratch.place) { try $0.run("INSERT INTO migration (name) VALUES ('9999-ahead')") }
            for readOnly in [true, false] {
                await #expect { _ = try await Database.open(scratch.place, readOnly: readOnly, logger: .quiet) } throws: {
                    if case .newerSchema("9999-ahead")? = $0 as? StoreFailure { true } else { false }
                }
            }
        }
    }

    @Test("the tables as read from the migrations are those that the database has", arguments: Backend.all)
    func tables(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let known = try await database.read { tx in
                switch tx.dialect {
                case .sqlite:
                    try tx.all(
                        """
                        SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
                        WHERE m.type = 'table' AND m.name NOT LIKE 'search_text%' AND m.name NOT LIKE 'sqlite_%'
                        """
                    ) { try $0[0] as String }
                case .postgres:
                    try tx.all(
                        """
                        SELECT CAST(table_name || '.' || column_name AS text) FROM information_schema.columns
                        WHERE table_schema = current_schema() AND table_name <> 'search_text'
                        """
                    ) { try $0[0] as String }
                }
            }
            let said = Schema().tables.filter { $0.name != "search_text" }
            let columns = said.flatMap { table in table.columns.map { "\(table.name).\($0.name)" } }
            #expect(Set(columns + ["migration.name"]) == Set(known))
            #expect(said.allSatisfy { !$0.key.isEmpty }, "rows without a key have no order")
        }
    }
}
