import Basics
import CPostgres

// How values go to libpq and come back.

extension PostgresConnection {
    /// Names and types of the columns of an answer.
    struct Shape {
        let columns: Row.Columns
        let types: [Oid]

        init(_ result: OpaquePointer?) {
            let count = PQnfields(result)
            columns = Row.Columns((0..<count).map { String(cString: PQfname(result, $0)) })
            types = (0..<count).map { PQftype(result, $0) }
        }

        func row(_ result: OpaquePointer?, _ line: Int32) -> Row {
            var values: [SQLValue] = []
            values.reserveCapacity(types.count)
            for (column, type) in types.enumerated() { values.append(PostgresConnection.value(result, line, Int32(column), type)) }
            return Row(columns: columns, values: values)
        }
    }

    /// Type ids of pg_type; 0 lets the server find it from where the value stands.
    static func type(_ value: SQLValue) -> Int {
        switch value {
        case .null, .text: 0
        case .int: 20
        case .double: 701
        case .bool: 16
        case .bytes: 17
        case .id: 2950
        }
    }

    static func text(_ value: SQLValue) -> String? {
        switch value {
        case .null: nil
        case .text(let text): text
        case .int(let number): String(number)
        case .double(let number): String(number)
        case .bool(let flag): flag ? "t" : "f"
        case .bytes(let bytes): "\\x" + Secret.hex(bytes)
        case .id(let id): id.description
        }
    }

    static func value(_ result: OpaquePointer?, _ line: Int32, _ column: Int32, _ type: Oid) -> SQLValue {
        guard PQgetisnull(result, line, column) == 0, let pointer = PQgetvalue(result, line, column) else { return .null }
        let text = String(cString: pointer)
        switch type {
        case 20, 21, 23, 26: return Int64(text).map { .int($0) } ?? .text(text)
        case 700, 701, 1700: return Double(text).map { .double($0) } ?? .text(text)
        case 16: return .bool(text == "t")
        case 2950: return UUIDv7(text).map { .id($0) } ?? .text(text)
        case 17: return .bytes(unhex(text.dropFirst(2).utf8))
        default: return .text(text)
        }
    }

    private static func unhex(_ digits: Substring.UTF8View) -> [UInt8] {
        func value(_ byte: UInt8) -> UInt8 { byte < 58 ? byte - 48 : byte - 87 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var high: UInt8?
        for digit in digits {
            if let first = high {
                bytes.append(value(first) << 4 | value(digit))
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }
}
