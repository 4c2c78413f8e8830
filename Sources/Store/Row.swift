import Basics
import Foundation

package enum RowError: Error {
    case noColumn(String)
    case wrongType(expected: String, found: SQLValue)
}

/// One row of an answer. Columns by name or position; the type is taken from where the value goes.
package struct Row {
    /// Names of the columns, shared by all rows of one answer.
    final class Columns: Sendable {
        let positions: [String: Int]
        init(_ names: [String]) { positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first }) }
    }

    let columns: Columns
    package let values: [SQLValue]
    package var names: [String] { columns.positions.sorted { $0.value < $1.value }.map(\.key) }

    private func value(_ name: String) throws -> SQLValue {
        guard let position = columns.positions[name] else { throw RowError.noColumn(name) }
        return values[position]
    }

    package subscript<T: SQLConvertible>(name: String) -> T { get throws { try T.read(value(name)) } }
    package subscript<T: SQLConvertible>(name: String) -> T? { get throws { try optional(value(name)) { try T.read($0) } } }
    package subscript<T: Identifier>(name: String) -> T { get throws { T(try UUIDv7.read(value(name))) } }
    package subscript<T: Identifier>(name: String) -> T? { get throws { try optional(value(name)) { T(try UUIDv7.read($0)) } } }
    package subscript<E: RawRepresentable<String>>(name: String) -> E { get throws { try raw(value(name)) } }
    package subscript<E: RawRepresentable<String>>(name: String) -> E? { get throws { try optional(value(name)) { try raw($0) } } }
    package subscript<T: SQLConvertible>(position: Int) -> T { get throws { try T.read(values[position]) } }
    package subscript<T: SQLConvertible>(position: Int) -> T? { get throws { try optional(values[position]) { try T.read($0) } } }
    package subscript<T: Identifier>(position: Int) -> T { get throws { T(try UUIDv7.read(values[position])) } }
    package subscript<T: Identifier>(position: Int) -> T? { get throws { try optional(values[position]) { T(try UUIDv7.read($0)) } } }
    package subscript<E: RawRepresentable<String>>(position: Int) -> E { get throws { try raw(values[position]) } }

    /// Decodes a JSON column.
    package func json<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
        try JSONDecoder().decode(T.self, from: Data(String.read(value(name)).utf8))
    }

    /// As the one above, for what every journal entry has: seven followers read each, and the general decoder was a tenth of a busy server.
    package func json(_ name: String) throws -> [String: String] {
        let text = try String.read(value(name))
        return try JSONText.words(text) ?? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }

    package func isNull(_ name: String) throws -> Bool { try value(name) == .null }

    private func optional<T>(_ value: SQLValue, _ read: (SQLValue) throws -> T) throws -> T? { value == .null ? nil : try read(value) }

    private func raw<E: RawRepresentable<String>>(_ value: SQLValue) throws -> E {
        guard let known = E(rawValue: try String.read(value)) else { throw RowError.wrongType(expected: "\(E.self)", found: value) }
        return known
    }
}
