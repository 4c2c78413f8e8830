import Basics
import Foundation

/// A value as both databases know it.
package enum SQLValue: Hashable, Sendable {
    case null
    case int(Int64)
    case double(Double)
    case bool(Bool)
    case text(String)
    case bytes([UInt8])
    case id(UUIDv7)
}

/// A type that can be bound to a statement and read from a column.
package protocol SQLConvertible {
    var sqlValue: SQLValue { get }
    /// - Throws: `RowError.wrongType` when the column holds something else.
    static func read(_ value: SQLValue) throws -> Self
}

/// SQL text with its values apart: whatever is interpolated is bound, never spliced.
///
/// ```swift
/// try tx.all("SELECT id FROM post WHERE grid_id = \(grid) AND from_day <= \(today)") { try $0["id"] as PostID }
/// ```
/// `\(list: values)` expands to `?, ?, …` for `IN (…)` and nothing else, the last value repeated; `\(json: encodable)` binds JSON text;
/// `\(sql: fragment)` splices other SQL.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// One more than there are values: the text between them.
    private(set) var texts: [String]
    private(set) var values: [SQLValue]

    package init(stringLiteral text: String) {
        texts = [text]
        values = []
    }

    package init(stringInterpolation: Interpolation) {
        texts = stringInterpolation.texts
        values = stringInterpolation.values
    }

    package var isEmpty: Bool { values.isEmpty && texts.allSatisfy(\.isEmpty) }

    package static func + (a: SQL, b: SQL) -> SQL {
        var sum = a
        sum.append(b)
        return sum
    }

    package static func += (a: inout SQL, b: SQL) { a.append(b) }

    private mutating func append(_ other: SQL) {
        texts[texts.count - 1] += other.texts[0]
        texts += other.texts.dropFirst()
        values += other.values
    }

    private static let positions = (1...100).map(String.init)

    /// Text with numbered placeholders: `?1` on SQLite, `$1` on PostgreSQL.
    func text(_ dialect: Dialect) -> String {
        guard values.count > 0 else { return texts[0] }
        let sign = dialect == .sqlite ? "?" : "$"
        var text = ""
        text.reserveCapacity(texts.reduce(4 * values.count) { $0 + $1.utf8.count })
        text += texts[0]
        for index in values.indices {
            text += sign
            text += Self.positions.indices.contains(index) ? Self.positions[index] : String(index + 1)
            text += texts[index + 1]
        }
        return text
    }

    package struct Interpolation: StringInterpolationProtocol {
        var texts = [""]
        var values: [SQLValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            texts.reserveCapacity(interpolationCount + 1)
            values.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { texts[texts.count - 1] += literal }

        private mutating func bind(_ value: SQLValue) {
            values.append(value)
            texts.append("")
        }

        package mutating func appendInterpolation(_ value: some SQLConvertible) { bind(value.sqlValue) }
        package mutating func appendInterpolation<T: SQLConvertible>(_ value: T?) { bind(value?.sqlValue ?? .null) }
        package mutating func appendInterpolation(_ value: some Identifier) { bind(.id(value.uuid)) }
        package mutating func appendInterpolation<T: Identifier>(_ value: T?) { bind(value.map { .id($0.uuid) } ?? .null) }
        package mutating func appendInterpolation<E: RawRepresentable>(_ value: E) where E.RawValue == String {
            bind(.text(value.rawValue))
        }
        package mutating func appendInterpolation<E: RawRepresentable>(_ value: E?) where E.RawValue == String {
            bind(value.map { .text($0.rawValue) } ?? .null)
        }
        package mutating func appendInterpolation(value: SQLValue) { bind(value) }
        package mutating func appendInterpolation(sql: SQL) {
            texts[texts.count - 1] += sql.texts[0]
            texts += sql.texts.dropFirst()
            values += sql.values
        }
        /// An empty list becomes `NULL`, so that `IN (…)` is never true.
        package mutating func appendInterpolation(list: some Sequence<some SQLConvertible>) { append(list: list.map(\.sqlValue)) }
        package mutating func appendInterpolation(list: some Sequence<some Identifier>) { append(list: list.map { .id($0.uuid) }) }
        package mutating func appendInterpolation(json: some Encodable) { encode(json) }

        private mutating func encode(_ json: some Encodable) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            bind((try? encoder.encode(json)).map { .text(String(decoding: $0, as: UTF8.self)) } ?? .null)
        }

        package mutating func appendInterpolation(json: [String: some Encodable]) {
            if json.isEmpty { bind(.text("{}")) } else { encode(json) }
        }

        /// As the one above, for what every journal entry and timer has: the general encoder costs a tenth of a write.
        package mutating func appendInterpolation(json: [String: String]) {
            var text = [UInt8(ascii: "{")]
            for (index, pair) in json.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                JSONText.quote(pair.key, into: &text)
                text.append(UInt8(ascii: ":"))
                JSONText.quote(pair.value, into: &text)
            }
            text.append(UInt8(ascii: "}"))
            bind(.text(String(decoding: text, as: UTF8.self)))
        }

        private mutating func append(list: [SQLValue]) {
            guard let last = list.last else { return appendLiteral("NULL") }
            for (index, value) in list.enumerated() {
                if index > 0 { appendLiteral(", ") }
                bind(value)
            }
            for _ in list.count..<Self.padded(list.count) {
                appendLiteral(", ")
                bind(last)
            }
        }

        /// Each text is prepared once and kept by each connection: with a text for every length of a list a server would keep more and more
        /// of them. In a list a value may stand twice.
        static func padded(_ count: Int) -> Int {
            count > 4 && count <= 1024 ? 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount) : count
        }
    }
}

extension Int64: SQLConvertible {
    package var sqlValue: SQLValue { .int(self) }
    package static func read(_ value: SQLValue) throws -> Int64 {
        switch value {
        case .int(let number): number
        case .bool(let flag): flag ? 1 : 0
        default: throw RowError.wrongType(expected: "integer", found: value)
        }
    }
}
extension Int: SQLConvertible {
    package var sqlValue: SQLValue { .int(Int64(self)) }
    package static func read(_ value: SQLValue) throws -> Int { Int(try Int64.read(value)) }
}
extension Int32: SQLConvertible {
    package var sqlValue: SQLValue { .int(Int64(self)) }
    package static func read(_ value: SQLValue) throws -> Int32 { Int32(truncatingIfNeeded: try Int64.read(value)) }
}
extension Double: SQLConvertible {
    package var sqlValue: SQLValue { .double(self) }
    package static func read(_ value: SQLValue) throws -> Double {
        switch value {
        case .double(let number): number
        case .int(let number): Double(number)
        default: throw RowError.wrongType(expected: "number", found: value)
        }
    }
}
extension Bool: SQLConvertible {
    package var sqlValue: SQLValue { .bool(self) }
    package static func read(_ value: SQLValue) throws -> Bool {
        switch value {
        case .bool(let flag): flag
        case .int(let number): number != 0
        default: throw RowError.wrongType(expected: "flag", found: value)
        }
    }
}
extension String: SQLConvertible {
    package var sqlValue: SQLValue { .text(self) }
    package static func read(_ value: SQLValue) throws -> String {
        guard case .text(let text) = value else { throw RowError.wrongType(expected: "text", found: value) }
        return text
    }
}
extension [UInt8]: SQLConvertible {
    package var sqlValue: SQLValue { .bytes(self) }
    package static func read(_ value: SQLValue) throws -> [UInt8] {
        switch value {
        case .bytes(let bytes): bytes
        case .id(let id): id.bytes
        default: throw RowError.wrongType(expected: "bytes", found: value)
        }
    }
}
extension UUIDv7: SQLConvertible {
    package var sqlValue: SQLValue { .id(self) }
    package static func read(_ value: SQLValue) throws -> UUIDv7 {
        switch value {
        case .id(let id): return id
        case .bytes(let bytes): if let id = UUIDv7(bytes: bytes) { return id }
        case .text(let text): if let id = UUIDv7(text) { return id }
        default: break
        }
        throw RowError.wrongType(expected: "id", found: value)
    }
}
extension Instant: SQLConvertible {
    package var sqlValue: SQLValue { .int(milliseconds) }
    package static func read(_ value: SQLValue) throws -> Instant { Instant(milliseconds: try Int64.read(value)) }
}
extension Day: SQLConvertible {
    package var sqlValue: SQLValue { .text(description) }
    package static func read(_ value: SQLValue) throws -> Day {
        guard let day = Day(try String.read(value)) else { throw RowError.wrongType(expected: "day", found: value) }
        return day
    }
}
