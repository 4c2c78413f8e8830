// What `/health` tells of the database.

extension Database {
    /// Name and version for `/health`: `SQLite 3.40.1`, `PostgreSQL 15.20`.
    package func version() async throws -> String {
        try await read { tx in
            switch tx.dialect {
            case .sqlite: "SQLite " + (try tx.first("SELECT sqlite_version()") { try $0[0] as String } ?? "?")
            case .postgres: "PostgreSQL " + (try tx.first("SHOW server_version") { try $0[0] as String } ?? "?")
            }
        }
    }

    /// What keeps SQLite's WAL-reset fault away, which can damage a file that two connections write (up to 3.51.2): `fixed` by the library, or
    /// `fenced`, since the folder's lock lets one process write and that one has one writer. Nil on PostgreSQL.
    package func walReset() async throws -> String? {
        guard dialect == .sqlite else { return nil }
        let number = try await read { try $0.first("SELECT sqlite_version()") { try $0[0] as String } ?? "" }
        let parts = number.split(separator: ".").compactMap { Int($0) }
        if !parts.lexicographicallyPrecedes([3, 51, 3]) { return "fixed" }
        return lock == nil ? "open" : "fenced"
    }

    /// SQLite's `synchronous` as its writer sees it: 2 is FULL. Nil on PostgreSQL.
    package func writerSynchronous() async throws -> Int? {
        guard dialect == .sqlite else { return nil }
        return try await write { tx in try tx.first("PRAGMA synchronous") { try $0[0] as Int } }
    }

    /// Bytes that the database takes up, with its indexes.
    package func size() async throws -> Int {
        try await read { tx in
            switch tx.dialect {
            case .sqlite: try tx.count("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
            case .postgres: try tx.count("SELECT pg_database_size(current_database())")
            }
        }
    }
}
