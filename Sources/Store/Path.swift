import Basics

/// Where a grid stands in the tree: segments of four characters under the root, `0000`, so that a subtree is a prefix.
package struct Path: Hashable, Comparable, Sendable, SQLConvertible, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static let root = Path("0000")
    package static let segmentLength = 4

    /// The path of the n-th child, 0 ..< 1,679,616.
    package func child(_ number: Int) -> Path {
        let digits = String(number, radix: 36)
        return Path(text + String(repeating: "0", count: max(0, Path.segmentLength - digits.utf8.count)) + digits)
    }

    package var parent: Path? { text.utf8.count > Path.segmentLength ? Path(String(text.dropLast(Path.segmentLength))) : nil }
    package var depth: Int { text.utf8.count / Path.segmentLength }
    /// True for the path itself and all below it.
    package func covers(_ other: Path) -> Bool { other.text.hasPrefix(text) }

    /// Lower bound (inclusive) and upper bound (exclusive) of the subtree, for an index range.
    package var range: (lower: String, upper: String) { (text, text + "~") }

    /// `column >= lower AND column < upper`. The column is a trusted name.
    package func covers(_ column: String) -> SQL {
        let range = range
        return SQL(stringLiteral: column) + " >= \(range.lower) AND " + SQL(stringLiteral: column) + " < \(range.upper)"
    }

    package var sqlValue: SQLValue { .text(text) }
    package static func read(_ value: SQLValue) throws -> Path { Path(try String.read(value)) }
    package static func < (a: Path, b: Path) -> Bool { a.text < b.text }
    package var description: String { text }
}

extension Path: Codable {
    package init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension Day {
    /// "Without a beginning" and "without an end" in half-open day ranges; stored as these days, never as NULL.
    package static let beginning = Day(epoch: -719_162)
    package static let end = Day(epoch: 2_932_896)
}
