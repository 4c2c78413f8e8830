import Basics
import Store

/// One thing that happened to a matter, before it becomes a line of the journal.
struct Happening {
    let id: UUIDv7
    let at: Instant
    let matter: UUIDv7
    let post: UUIDv7?
    let verb: String
    let path: Path
    let detail: [String: String]
}

/// A post's share of a matter in the making.
struct Share {
    let id: UUIDv7
    let post: UUIDv7
    var ask: UUIDv7?
    var askedBy: UUIDv7?
    let given: String
    var lead = false
    var state: String
    let offered: Instant
    var taken: Instant?
    var ended: Instant?
    var words: String?
    var rating: Int?
}

/// A place found for a matter.
struct Scene {
    let grid: Int
    let spot: Spot
    let words: String
    /// The building it is at.
    var record: UUIDv7?
    /// The micro-grid on the other side, when it is on a border.
    var border: Int?
}
