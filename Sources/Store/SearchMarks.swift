import Basics

/// Words of the index that no text holds: the land and the people of a subject, so that a search looks only where the reader may find something.
///
/// They narrow a search and decide nothing: what is shown is still asked of the rows themselves.
package struct SearchMarks: Sendable {
    let words: [String]

    /// Of a subject: each land with those above it. The root is above all and says nothing.
    init(lands: Set<Path>, people: Set<UUIDv7>) {
        var all: Set<Path> = []
        for land in lands {
            var here: Path? = land
            while let path = here, path != .root, all.insert(path).inserted { here = path.parent }
        }
        words = Self.words(all, people)
    }

    /// Of a reader: what lies below one of the lands, and what is the person's.
    package init(below lands: Set<Path>, person: UUIDv7?) { words = Self.words(lands, person.map { [$0] } ?? []) }

    // NB: a character for private use begins them. SQLite takes it for a letter, and `SearchText` lets none through.
    private static func words(_ lands: Set<Path>, _ people: Set<UUIDv7>) -> [String] {
        (lands.map { "\u{E000}\($0.text)" } + people.map { "\u{E001}" + $0.description.filter { $0 != "-" } }).sorted()
    }

    func joined(by separator: String, quote: String) -> String {
        words.map { quote + $0 + quote }.joined(separator: separator)
    }

    /// As they stand in an index: SQLite's words, PostgreSQL's lexemes.
    func text(_ dialect: Dialect) -> String { joined(by: " ", quote: dialect == .sqlite ? "" : "'") }

    /// Whether a word of an index is one, in quotes or without.
    static func isMark(_ word: Substring) -> Bool {
        word.unicodeScalars.first { $0 != "'" }.map { $0 == "\u{E000}" || $0 == "\u{E001}" } ?? false
    }
}
