import Basics
import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// GRDB's connection in the shape of ours. GRDB keeps the connections and the prepared statements; values are bound and read here, since
/// most of a write's time is that.
final class SQLiteConnection: Connection {
    private let database: GRDB.Database

    init(_ database: GRDB.Database) { self.database = database }

    var dialect: Dialect { .sqlite }
    /// Rows changed since the connection was made.
    var changes: Int { database.totalChangesCount }
    var isInTransaction: Bool { database.isInsideTransaction }

    func query(_ sql: SQL, _ row: (Row) throws -> Bool) throws {
        let text = sql.text(.sqlite)
        let handle = try ready(text, sql.values)
        defer { sqlite3_reset(handle) }
        let count = sqlite3_column_count(handle)
        var columns: Row.Columns?
        while try step(handle, text) {
            let named = columns ?? ColumnNames.of(handle, text)
            columns = named
            var values: [SQLValue] = []
            values.reserveCapacity(Int(count))
            for index in 0..<count { values.append(SQLValue(handle, index)) }
            if try !row(Row(columns: named, values: values)) { break }
        }
    }

    func stream(_ sql: SQL, _ row: (Row) throws -> Void) throws {
        try query(sql) { found in
            try row(found)
            return true
        }
    }

    func run(_ sql: SQL) throws -> Int {
        let text = sql.text(.sqlite)
        let handle = try ready(text, sql.values)
        defer { sqlite3_reset(handle) }
        // NB: a statement with RETURNING must be stepped to its end, or SQLite does not finish it.
        while try step(handle, text) {}
        return database.changesCount
    }

    /// NB: the beginning and the end of a transaction go through GRDB, which keeps its state; savepoints are as many as writes, so they are
    /// prepared once.
    func execute(_ text: String) throws {
        if text.contains("SAVEPOINT") { _ = try run(SQL(stringLiteral: text)) } else { try database.execute(sql: text) }
    }

    func lock(_ key: Int64) throws {}

    /// The prepared statement with its values bound.
    private func ready(_ text: String, _ values: [SQLValue]) throws -> OpaquePointer {
        let handle = try database.cachedStatement(sql: text).sqliteStatement
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        for (index, value) in values.enumerated() {
            let code = value.bind(to: handle, Int32(index + 1))
            guard code == SQLITE_OK else { throw failure(code, text) }
        }
        return handle
    }

    private func step(_ handle: OpaquePointer, _ text: String) throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw failure(code, text)
        }
    }

    private func failure(_ code: Int32, _ text: String) -> DatabaseError {
        let extended = database.sqliteConnection.map { sqlite3_extended_errcode($0) } ?? code
        let words = database.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }
        return DatabaseError(resultCode: .init(rawValue: extended == SQLITE_OK ? code : extended), message: words, sql: text)
    }
}

/// Names of the columns of a query, which follow from its text: the schema does not change once the migrations have run.
private enum ColumnNames {
    private static let known = Mutex<[String: Row.Columns]>([:])
    private static let most = 4000

    static func of(_ handle: OpaquePointer, _ text: String) -> Row.Columns {
        if let columns = known.withLock({ $0[text] }) { return columns }
        let names = (0..<sqlite3_column_count(handle)).map { sqlite3_column_name(handle, $0).map { String(cString: $0) } ?? "" }
        let columns = Row.Columns(names)
        known.withLock { known in
            // Lists of many lengths make many texts.
            if known.count >= most { known.removeAll() }
            known[text] = columns
        }
        return columns
    }
}

/// SQLite copies what is bound before the call returns.
private var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

extension SQLValue {
    fileprivate func bind(to handle: OpaquePointer, _ index: Int32) -> Int32 {
        switch self {
        case .null: return sqlite3_bind_null(handle, index)
        case .int(let number): return sqlite3_bind_int64(handle, index, number)
        case .double(let number): return sqlite3_bind_double(handle, index, number)
        case .bool(let flag): return sqlite3_bind_int64(handle, index, flag ? 1 : 0)
        case .text(var text):
            if text.isEmpty { return sqlite3_bind_text(handle, index, "", 0, copied) }
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { sqlite3_bind_text(handle, index, $0.baseAddress, Int32($0.count), copied) }
            }
        case .bytes(let bytes):
            if bytes.isEmpty { return sqlite3_bind_zeroblob(handle, index, 0) }
            return bytes.withUnsafeBytes { sqlite3_bind_blob(handle, index, $0.baseAddress, Int32($0.count), copied) }
        case .id(let id):
            return withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) {
                sqlite3_bind_blob(handle, index, $0.baseAddress, 16, copied)
            }
        }
    }

    fileprivate init(_ handle: OpaquePointer, _ index: Int32) {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: self = .int(sqlite3_column_int64(handle, index))
        case SQLITE_FLOAT: self = .double(sqlite3_column_double(handle, index))
        case SQLITE_TEXT:
            let text = sqlite3_column_text(handle, index)
            let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(handle, index)))
            self = .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(handle, index)
            let bytes = UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index)))
            self = bytes.count == 16 ? UUIDv7(bytes: bytes).map { .id($0) } ?? .bytes(Array(bytes)) : .bytes(Array(bytes))
        default: self = .null
        }
    }
}
