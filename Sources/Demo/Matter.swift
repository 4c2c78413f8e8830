import Basics
import Store

/// Where a report came in; words of the schema.
enum Channel {
    static let portal = "portal"
    static let field = "field"
    static let desk = "desk"
    static let open311 = "open311"
}

/// How far a matter of the demo's people has come.
enum Stage: Int, Comparable {
    case offered, taken, upOffered, upTaken, officerOffered, officerTaken, secretaryOffered, centerOffered, centerTaken, rootOffered
    case asked, signedIn, answered, done, spot, confirmed, unsolved, max

    static func < (a: Stage, b: Stage) -> Bool { a.rawValue < b.rawValue }

    /// Steps of time from the opening to it.
    var steps: Int {
        switch self {
        case .offered: 0
        case .taken: 1
        case .upOffered, .spot, .unsolved: 2
        case .upTaken, .confirmed: 3
        case .officerOffered: 4
        case .officerTaken: 5
        case .secretaryOffered, .asked: 6
        case .signedIn: 7
        case .centerOffered, .answered: 8
        case .centerTaken, .done, .max: 9
        case .rootOffered: 10
        }
    }

    /// It is over.
    var isEnding: Bool { self > .done }
    var isAtDepartment: Bool { self >= .asked && self <= .done }
}

struct Draft {
    let opened: Instant
    /// Where it stops; nil runs as it comes.
    var stage: Stage?
    /// When it comes there.
    var arrives: Instant?
    var trouble: Int?
}

/// A step of a long-term matter.
struct Milestone {
    let id: UUIDv7
    let name: String
    let due: Day
    var reached: Instant?
}

/// A matter in the making.
struct Matter {
    enum State: String { case open, done, closed, merged }

    let id: UUIDv7
    let number: String
    let trouble: Int
    let scene: Scene
    let channel: String
    let words: String
    let opened: Instant
    var state = State.open
    var outcome: String?
    var confirmed: String?
    var confirmedAt: Instant?
    var rating: Int?
    var spot = false
    var passed = false
    var supervised = false
    var reopened = 0
    /// When the limit to finish began anew; nil: at the opening.
    var counted: Instant?
    var mergedInto: UUIDv7?
    var doneAt: Instant?
    var closedAt: Instant?
    var shares: [Share] = []
    var milestones: [Milestone] = []
    /// Of the first reporter; others follow with their instants.
    var report: UUIDv7
    var others: [(id: UUIDv7, at: Instant)] = []
    /// Reports of matters that were merged into this one.
    var merged = 0
}
