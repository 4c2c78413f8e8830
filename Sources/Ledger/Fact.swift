import Basics
import Catalog

/// One value of an element, as JSON has it.
package enum FactValue: Sendable, Hashable, Codable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([FactValue])

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let list = try? container.decode([FactValue].self) {
            self = .list(list)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let list): try container.encode(list)
        }
    }

    /// As a person writes it; numbers without needless decimals.
    package var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .list(let list): list.map(\.text).joined(separator: ", ")
        }
    }

    /// The value of an element as it was typed; nil when it cannot be one.
    package init?(_ text: String, for element: Element) {
        if element.many {
            let parts = text.split(separator: ",").compactMap { FactValue(one: $0.trimmingSpaces, for: element) }
            guard !parts.isEmpty else { return nil }
            self = .list(parts)
        } else {
            self.init(one: text.trimmingSpaces, for: element)
        }
    }

    /// The value of an element as it was sent, one text a value; nil when one of them cannot be one, or when several came for a single one.
    package init?(each texts: [String], for element: Element) {
        let values = texts.compactMap { FactValue(one: $0.trimmingSpaces, for: element) }
        guard values.count == texts.count, let first = values.first, element.many || values.count == 1 else { return nil }
        self = element.many ? .list(values) : first
    }

    private init?(one text: String, for element: Element) {
        guard !text.isEmpty else { return nil }
        switch element.sort {
        case .number:
            guard let number = Double(text), number.isFinite else { return nil }
            self = .number(number)
        case .integer, .money:
            guard let number = Int64(text) else { return nil }
            self = .number(Double(number))
        case .flag:
            guard let flag = Bool(text) else { return nil }
            self = .flag(flag)
        case .choice:
            guard element.choices.contains(text) else { return nil }
            self = .text(text)
        case .day:
            guard Day(text) != nil else { return nil }
            self = .text(text)
        case .text, .words, .phone, .code, .photo, .person:
            self = .text(text)
        }
    }
}

/// A value with who confirmed it, when and from where.
package struct Fact: Sendable, Hashable, Codable {
    package let value: FactValue
    /// Person, pass or client; nil for the system.
    package let by: UUIDv7?
    package let at: Instant
    /// `visit`, `import`, `demo`, `desk`…
    package let source: String

    package init(value: FactValue, by: UUIDv7?, at: Instant, source: String) {
        self.value = value
        self.by = by
        self.at = at
        self.source = source
    }

    private enum CodingKeys: String, CodingKey { case value, by, at, source }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        value = try container.decode(FactValue.self, forKey: .value)
        by = try container.decodeIfPresent(String.self, forKey: .by).flatMap { UUIDv7($0) }
        at = try container.decode(Instant.self, forKey: .at)
        source = try container.decode(String.self, forKey: .source)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(value, forKey: .value)
        try container.encodeIfPresent(by?.description, forKey: .by)
        try container.encode(at, forKey: .at)
        try container.encode(source, forKey: .source)
    }
}

/// One change of one value; appended, never updated.
package struct FactChange: Sendable, Hashable {
    package let element: String
    package let old: FactValue?
    package let new: FactValue?
    package let at: Instant
    package let actor: UUIDv7?
    package let source: String
}
