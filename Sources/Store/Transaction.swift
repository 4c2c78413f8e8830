import Basics

/// What one database connection can do for a transaction; implemented once for each database.
protocol Connection: AnyObject {
    var dialect: Dialect { get }
    func query(_ sql: SQL, _ row: (Row) throws -> Bool) throws
    /// As `query`, for answers of any length: they are not held in memory. The statement has no values.
    func stream(_ sql: SQL, _ row: (Row) throws -> Void) throws
    func run(_ sql: SQL) throws -> Int
    func insert(_ rows: BulkRows) throws
    func execute(_ text: String) throws
    /// Keeps others from the same subject until the transaction ends; nothing on SQLite, which has one writer.
    func lock(_ key: Int64) throws
}

/// The only way to the data: handed to a synchronous closure on a database thread, valid until the closure returns.
///
/// Not Sendable, so it cannot leak into a task. Within `write` the closure may run again: no I/O, no clock, no new id inside.
package final class Transaction {
    let connection: any Connection
    package let isReadOnly: Bool
    private(set) var recorded = 0
    private var savepoints = 0
    /// How many statements ran.
    private(set) var statements = 0
    /// Which, where somebody asks; see StatementCount.swift.
    var texts: Set<String>?
    /// Read once; see Meta.swift.
    var metaRows: [String: String]?

    /// - Parameter metaRows: as an earlier write of the same transaction of the database left them.
    init(_ connection: any Connection, isReadOnly: Bool, metaRows: [String: String]? = nil) {
        self.connection = connection
        self.isReadOnly = isReadOnly
        self.metaRows = metaRows
    }

    package var dialect: Dialect { connection.dialect }

    package func all<T>(_ sql: SQL, _ make: (Row) throws -> T) throws -> [T] {
        var result: [T] = []
        try query(sql) { row in
            result.append(try make(row))
            return true
        }
        return result
    }

    package func first<T>(_ sql: SQL, _ make: (Row) throws -> T) throws -> T? {
        var result: T?
        try query(sql) { row in
            result = try make(row)
            return false
        }
        return result
    }

    package func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        try query(sql) { row in
            try body(row)
            return true
        }
    }

    /// As `each`, for a whole table: PostgreSQL gives row after row, and the answer is never in memory.
    /// - Parameters:
    ///   - sql: without values.
    ///   - body: asks the database nothing meanwhile.
    package func stream(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        note(sql)
        try SlowStatements.told(sql, dialect) { try connection.stream(sql, body) }
    }

    private func note(_ sql: SQL) {
        statements += 1
        if texts != nil { texts?.insert(sql.text(dialect)) }
    }

    private func query(_ sql: SQL, _ row: (Row) throws -> Bool) throws {
        note(sql)
        try SlowStatements.told(sql, dialect) { try connection.query(sql, row) }
    }

    /// - Returns: rows changed.
    @discardableResult
    package func run(_ sql: SQL) throws -> Int {
        note(sql)
        return try SlowStatements.told(sql, dialect) { try connection.run(sql) }
    }

    package func exists(_ sql: SQL) throws -> Bool { try first(sql) { _ in true } ?? false }

    /// The single number of `SELECT COUNT(*) …`; 0 when there is no row.
    package func count(_ sql: SQL) throws -> Int { try first(sql) { try $0[0] } ?? 0 }

    /// First line of every act: two acts on one subject follow each other.
    package func lock(_ subject: UUIDv7) throws { try connection.lock(Int64(bitPattern: subject.high ^ subject.low)) }
    package func lock(_ subject: some Identifier) throws { try lock(subject.uuid) }

    /// Undoes what the body did when it throws; the transaction itself goes on.
    package func savepoint<T>(_ body: () throws -> T) throws -> T {
        savepoints += 1
        let name = "s\(savepoints)"
        let before = recorded
        try connection.execute("SAVEPOINT \(name)")
        do {
            let result = try body()
            try connection.execute("RELEASE SAVEPOINT \(name)")
            return result
        } catch {
            recorded = before
            metaRows = nil
            try connection.execute("ROLLBACK TO SAVEPOINT \(name)")
            try connection.execute("RELEASE SAVEPOINT \(name)")
            throw error
        }
    }

    private var remembered: [String: Any] = [:]

    /// Reads something once: under a transaction that only reads nothing changes, so the second asking needs no statement.
    package func once<T>(_ key: String, _ read: () throws -> T) throws -> T {
        guard isReadOnly else { return try read() }
        if let known = remembered[key] as? T { return known }
        let found = try read()
        remembered[key] = found
        return found
    }

    func noteRecorded() { recorded += 1 }
}

/// Thrown to undo a rehearsal.
struct Undone: Error {}
