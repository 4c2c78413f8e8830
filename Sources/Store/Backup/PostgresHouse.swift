import Basics
import Foundation

/// The tables of one PostgreSQL schema as a whole: filled in one transaction, put aside in one.
package enum PostgresHouse {
    /// Locked in common by each process that serves these tables, alone by one that replaces them. A schema has a lock of its own.
    static let inUse = "2003134838, hashtext(CAST(current_schema() AS text))"

    /// Fills the tables; those that are there go aside first, into a schema with a dated name.
    /// - Parameter replacing: otherwise tables that are there already are refused, unless they hold the very same rows.
    /// - Returns: the name of the schema where the old ones are. - Throws: `BackupRefusal.hasData`.
    package static func fill(
        _ url: String, with backup: Backup, leavingOut left: Set<String>, replacing: Bool, at now: Instant,
        progress: @escaping Backup.Progress
    ) async throws -> String? {
        try await transaction(url) { tx in
            var aside: String?
            if try Migrations.wereRun(tx) {
                if replacing {
                    aside = try moveAside(at: now, in: tx)
                } else {
                    let there = try Backup.writeRows(of: tx, from: "", to: nil, at: now)
                    guard there.hasRows(of: backup.manifest) else { throw BackupRefusal.hasData("PostgreSQL") }
                    return nil
                }
            }
            try backup.load(into: tx, leavingOut: left, progress: progress)
            return aside
        }
    }

    /// Takes the tables away, into a schema with a dated name, which is returned.
    package static func putAside(_ url: String, at now: Instant) async throws -> String {
        try await transaction(url) { try moveAside(at: now, in: $0) }
    }

    package static func hasTables(_ url: String) async throws -> Bool { try await transaction(url) { try Migrations.wereRun($0) } }

    private static func moveAside(at now: Instant, in tx: Transaction) throws -> String {
        let schema = try tx.first("SELECT CAST(current_schema() AS text)") { try $0[0] as String } ?? "public"
        let aside = "\(schema)-\(DataFolder.aside(at: now))"
        try tx.connection.execute("CREATE SCHEMA \"\(aside)\"")
        let ours = Set(Schema().tables.map(\.name) + ["migration"])
        let there = try tx.all(
            "SELECT CAST(table_name AS text) AS name FROM information_schema.tables WHERE table_schema = current_schema()"
        ) {
            try $0["name"] as String
        }
        for table in there where ours.contains(table) {
            try tx.connection.execute("ALTER TABLE \"\(schema)\".\"\(table)\" SET SCHEMA \"\(aside)\"")
        }
        return aside
    }

    /// On a thread of its own, since libpq blocks.
    private static func transaction<T: Sendable>(_ url: String, _ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<T, any Error>) in
            let thread = Thread {
                continuation.resume(
                    with: Result {
                        let connection = try PostgresConnection(url: url)
                        try connection.execute("BEGIN")
                        let tx = Transaction(connection, isReadOnly: false)
                        try takeAlone(tx)
                        try connection.lock(PostgresBackend.migrationLock)
                        let value = try body(tx)
                        try connection.execute("COMMIT")
                        return value
                    })
            }
            thread.name = "postgres-load"
            thread.start()
        }
    }

    /// The tables are this transaction's alone: they are replaced, or their schema changes under nodes of an older version.
    /// - Throws: `StoreFailure.folderLocked` when a server works on the tables; one that just ended is given a moment to be gone.
    static func takeAlone(_ tx: Transaction) throws {
        for _ in 0..<30 {
            let question = SQL(stringLiteral: "SELECT pg_try_advisory_xact_lock(\(inUse))")
            if try tx.first(question, { try $0[0] as Bool }) == true { return }
            usleep(200_000)
        }
        throw StoreFailure.folderLocked("PostgreSQL")
    }
}
