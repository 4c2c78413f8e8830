import Foundation
import GRDB

/// Schemas and bare connections for tests and for a first look; nothing of the product's own.
package enum Scratch {
    /// - Parameter schema: letters and digits.
    package static func makeSchema(_ schema: String, url: String) throws {
        try PostgresConnection(url: url).execute("CREATE SCHEMA \"\(schema)\"")
    }

    /// One transaction on a connection of its own, without a schema being made. When the body throws the connection is dropped as it is, as
    /// the end of the process would drop it.
    static func transaction<T>(on place: DatabasePlace, _ body: (Transaction) throws -> T) throws -> T {
        func run(_ connection: any Connection) throws -> T {
            try connection.execute("BEGIN")
            let value = try body(Transaction(connection, isReadOnly: false))
            try connection.execute("COMMIT")
            return value
        }
        switch place {
        case .postgres(let url, _): return try run(PostgresConnection(url: url))
        case .folder(let folder):
            var configuration = Configuration()
            configuration.journalMode = .wal
            let queue = try DatabaseQueue(path: folder + "/weiwang.sqlite", configuration: configuration)
            return try queue.writeWithoutTransaction { database in
                do { return try run(SQLiteConnection(database)) } catch {
                    try? database.execute(sql: "ROLLBACK")
                    throw error
                }
            }
        }
    }
}
