/// The identity of one sort of thing: a `UUIDv7` that cannot be mistaken for the identity of another sort.
///
/// ```swift
/// package struct GridID: Identifier { package let uuid: UUIDv7; package init(_ uuid: UUIDv7) { self.uuid = uuid } }
/// ```
package protocol Identifier: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    var uuid: UUIDv7 { get }
    init(_ uuid: UUIDv7)
}

extension Identifier {
    package init(at instant: Instant) { self.init(UUIDv7(at: instant)) }

    /// Nil when the text is not a UUID.
    package init?(_ text: some StringProtocol) {
        guard let uuid = UUIDv7(text) else { return nil }
        self.init(uuid)
    }

    package var description: String { uuid.description }

    package static func < (a: Self, b: Self) -> Bool { a.uuid < b.uuid }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let uuid = UUIDv7(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a UUID: \(text.prefix(40))")
        }
        self.init(uuid)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(uuid.description)
    }
}
