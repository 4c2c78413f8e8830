import Basics
import Foundation
import GRDB

/// GRDB's connection in the shape of ours.
final class SQLiteConnection: Connection {
    private let database: GRDB.Database

    init(_ database: GRDB.Database) { self.database = database }

    var dialect: Dialect { .sqlite }

    private func statement(_ sql: SQL) throws -> Statement {
        let statement = try database.cachedStatement(sql: sql.text(.sqlite))
        statement.setUncheckedArguments(StatementArguments(sql.values.map(\.databaseValue)))
        return statement
    }

    func query(_ sql: SQL, _ row: (Row) throws -> Bool) throws {
        let statement = try statement(sql)
        let columns = Row.Columns(statement.columnNames)
        let cursor = try GRDB.Row.fetchCursor(statement)
        let count = statement.columnCount
        while let found = try cursor.next() {
            var values: [SQLValue] = []
            values.reserveCapacity(count)
            for index in 0..<count { values.append(SQLValue(found[index] as DatabaseValue)) }
            if try !row(Row(columns: columns, values: values)) { break }
        }
    }

    func run(_ sql: SQL) throws -> Int {
        let statement = try statement(sql)
        // NB: a statement with RETURNING must be stepped to its end, or SQLite does not finish it.
        if statement.columnCount > 0 {
            let cursor = try GRDB.Row.fetchCursor(statement)
            while try cursor.next() != nil {}
        } else {
            try statement.execute()
        }
        return database.changesCount
    }

    func execute(_ text: String) throws { try database.execute(sql: text) }

    func lock(_ key: Int64) throws {}
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .int(let number): number.databaseValue
        case .double(let number): number.databaseValue
        case .bool(let flag): (flag ? 1 : 0).databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        case .id(let id): Data(id.bytes).databaseValue
        }
    }

    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = data.count == 16 ? UUIDv7(bytes: data).map { .id($0) } ?? .bytes(Array(data)) : .bytes(Array(data))
        }
    }
}
