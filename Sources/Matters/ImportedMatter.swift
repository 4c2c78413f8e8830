import Basics
import Geo

/// One line of another system's export, read and checked; what the import writes.
package struct ImportedMatter: Sendable, Equatable {
    /// How far the other system had come with it.
    package enum State: String, CaseIterable, Sendable { case open, done, closed }

    /// Name of the other system; with `number` it is one report for life, however often the file is read.
    package let source: String
    package let number: String
    package let openedAt: Instant
    package let state: State
    /// Of a closed one; nil when the other system did not say.
    package let outcome: String?
    package let closedAt: Instant?
    /// The other system's limit; kept as a fact, our own limits run from the import.
    package let dueAt: Instant?
    /// Catalog category; nil when the map has none for it.
    package let category: String?
    package let words: String
    /// The place in words; may be empty.
    package let place: String
    /// WGS-84; nil when unknown, or when it is the other geocoder's default.
    package let point: Coordinate?

    package init(
        source: String, number: String, openedAt: Instant, state: State, outcome: String? = nil, closedAt: Instant? = nil,
        dueAt: Instant? = nil, category: String? = nil, words: String, place: String = "", point: Coordinate? = nil
    ) {
        self.source = source
        self.number = number
        self.openedAt = openedAt
        self.state = state
        self.outcome = outcome
        self.closedAt = closedAt
        self.dueAt = dueAt
        self.category = category
        self.words = words
        self.place = place
        self.point = point
    }
}
