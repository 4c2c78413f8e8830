import Basics
import Catalog
import Grids
import Ledger
import Posts
import Store

// What the search box finds.

extension Matters {
    func indexText(of matter: Matter, in tx: Transaction) throws {
        let posts = try tx.all(
            "SELECT DISTINCT o.id, o.path_now FROM part p JOIN post o ON o.id = p.post_id WHERE p.matter_id = \(matter.id)"
        ) { (id: try $0["id"] as PostID, path: try $0["path_now"] as Path) }
        let people = try tx.all("SELECT DISTINCT person_id FROM report WHERE matter_id = \(matter.id) AND person_id IS NOT NULL") {
            try $0[0] as PersonID
        }
        try indexText(of: matter, posts: posts, people: people, in: tx)
    }

    /// - Parameters:
    ///   - posts: those with a part in it.
    ///   - people: who reported it.
    func indexText(of matter: Matter, posts: [(id: PostID, path: Path)], people: [PersonID], in tx: Transaction) throws {
        let border = try matter.border.flatMap { try grids.land(in: tx).path(of: $0) }
        try tx.index(
            SearchDocument(
                matter.id.uuid,
                text: searchText(number: matter.number, place: matter.place, words: matter.words, category: matter.category),
                marks: Self.searchMarks(
                    lands: [matter.path] + [border].compactMap(\.self), category: matter.category,
                    posts: posts.map { (id: $0.id.uuid, path: $0.path) }, people: people.map(\.uuid))))
    }

    /// What a matter is found by besides its words; see `Scope.whereabouts`.
    package static func searchMarks(
        lands: [Path], category: String?, posts: [(id: UUIDv7, path: Path)] = [], people: [UUIDv7] = []
    ) -> Set<SearchMark> {
        Set(lands.map { .land($0) } + posts.map { .part(of: $0.id, at: $0.path) } + people.map { .person($0) })
            .union(category.map { [.category($0)] } ?? [])
    }

    func searchText(number: String, place: String, words: String, category: String?) throws -> String {
        let known = try catalog.current.once { CategoryWords($0) }
        return Self.joined(number, place, words, category.map { known[$0] })
    }

    /// What a matter is found by: number, words, place and category as written; place and category by their first letters too.
    package static func searchText(number: String, place: String, words: String, category: String?, _ strings: Strings) -> String {
        joined(number, place, words, category.map { CategoryWords.of($0, strings) })
    }

    private static func joined(_ number: String, _ place: String, _ words: String, _ category: String?) -> String {
        ([number, place, words] + SearchText.initials(place) + [category].compactMap(\.self)).joined(separator: " ")
    }
}

/// The names of the categories with their first letters: the same for every matter of one.
private struct CategoryWords: Sendable {
    private let words: [String: String]
    private let strings: Strings

    init(_ catalog: Catalog) {
        strings = catalog.strings
        words = Dictionary(uniqueKeysWithValues: catalog.categories.map { ($0.id, Self.of($0.id, catalog.strings)) })
    }

    /// One that the catalog no longer has keeps its name.
    subscript(_ category: String) -> String { words[category] ?? Self.of(category, strings) }

    static func of(_ category: String, _ strings: Strings) -> String {
        let names = Language.allCases.map { strings.text("category.\(category)", $0) }
        return (names + names.flatMap(SearchText.initials)).joined(separator: " ")
    }
}
