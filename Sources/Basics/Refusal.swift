/// A *no* that a person may correct: typed, translatable, never a failure of the system.
///
/// Web turns it into the form again with the sentence `strings["refusal." + key]`, filled with `values`.
package protocol Refusal: Error, Sendable {
    /// Key below `refusal.` in `strings/`.
    var key: String { get }
    /// Named parameters of the sentence.
    var values: [String: String] { get }
    var sort: RefusalSort { get }
}

extension Refusal {
    package var values: [String: String] { [:] }
    package var sort: RefusalSort { .invalid }
}

/// What sort of *no*; the door chooses its own code for it (HTTP: 422, 403, 404, 409, 429, 413, 503).
package enum RefusalSort: Sendable {
    case invalid, forbidden, missing, conflict, tooMany, tooLarge, busy
}

/// A refusal that needs no more than its key.
package struct PlainRefusal: Refusal, Equatable {
    package let key: String
    package let values: [String: String]
    package let sort: RefusalSort

    package init(_ key: String, values: [String: String] = [:], sort: RefusalSort = .invalid) {
        self.key = key
        self.values = values
        self.sort = sort
    }
}
