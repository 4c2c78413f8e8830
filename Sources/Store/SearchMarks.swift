import Basics

/// What a subject has to do with, besides its words.
package enum SearchMark: Sendable, Hashable {
    /// Of a subject: it lies there, or a post of there has a part in it. Of a reader: all that lies below.
    case land(Path)
    /// Finds it wherever it lies.
    case person(UUIDv7)
    case category(String)
    /// Has a part in it, and sits at no land of its own.
    case post(UUIDv7)

    /// Of a subject in which a post has a part, of a reader who has such parts.
    package static func part(of post: UUIDv7, at path: Path) -> SearchMark { path == .root ? .post(post) : .land(path) }

    // NB: a character for private use begins them. SQLite takes it for a letter, and `SearchText` lets none through. Nothing but letters and
    // digits may follow: at anything else SQLite begins another word.
    fileprivate var word: String {
        switch self {
        case .land(let path): "\u{E000}" + path.text
        case .person(let id): "\u{E001}" + Self.plain(id.description)
        case .category(let id): "\u{E002}" + Self.plain(id)
        case .post(let id): "\u{E003}" + Self.plain(id.description)
        }
    }

    fileprivate static let first: ClosedRange<Unicode.Scalar> = "\u{E000}"..."\u{E003}"

    private static func plain(_ text: String) -> String { text.filter { $0 != "-" && $0 != "_" } }
}

/// Words of the index that no text holds, so that a search looks only where the reader may find something.
///
/// They narrow a search and decide nothing: what is shown is still asked of the rows themselves.
package struct SearchMarks: Sendable {
    let words: [String]
    /// Of a reader: his land is a small part of all. All that carry a mark and the words are then found sooner than by going from the newest
    /// subject back to the thirty that do. Of categories nobody knows how many carry them: at worst all with the words are looked at.
    let areRare: Bool

    /// Of a subject: each land with those above it. The root is above all and says nothing.
    init(of subject: Set<SearchMark>) {
        var all = subject
        for case .land(let land) in subject {
            all.remove(.land(land))
            var here: Path? = land
            while let path = here, path != .root, all.insert(.land(path)).inserted { here = path.parent }
        }
        words = all.map(\.word).sorted()
        areRare = false
    }

    /// Of a reader: what carries one of these.
    package init(with any: Set<SearchMark>, areRare: Bool = false) {
        words = any.map(\.word).sorted()
        self.areRare = areRare
    }

    func joined(by separator: String, quote: String) -> String {
        words.map { quote + $0 + quote }.joined(separator: separator)
    }

    /// As they stand in an index: SQLite's words, PostgreSQL's lexemes.
    func text(_ dialect: Dialect) -> String { joined(by: " ", quote: dialect == .sqlite ? "" : "'") }

    /// Whether a word of an index is one, in quotes or without.
    static func isMark(_ word: Substring) -> Bool { word.unicodeScalars.first { $0 != "'" }.map { SearchMark.first.contains($0) } ?? false }
}
