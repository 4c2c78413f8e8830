import Basics
import Geo
import Grids
import Ledger
import Posts
import Store

/// Anything that somebody must see to. The row as it stands; see 0005-matters.sql for what each column means.
package struct Matter: Sendable {
    package enum State: String, Codable, Sendable { case open, done, closed, merged, void }

    package let id: MatterID
    package let number: String
    package let kind: String
    package var category: String?
    package var `class`: String?
    package var urgency: String
    package let privacy: Privacy
    package var state: State
    package var outcome: Outcome?
    package var confirmed: Answer?
    package var spot = false
    package var passed = false
    package var supervised = false
    /// The reporter was asked something and has not answered yet.
    package var asked = false
    package var reopened = 0
    package var mergedInto: MatterID?
    package let point: Coordinate?
    package let place: String
    package let grid: GridID?
    package let border: GridID?
    package let path: Path
    package let pathThen: Path
    package let channel: String
    package let words: String
    package var reporters = 1
    package let openedAt: Instant
    package var doneAt: Instant?
    package var closedAt: Instant?
    package var dueAt: Instant?

    /// How it ended. *Closed* is not *solved*.
    package enum Outcome: String, CaseIterable, Codable, Sendable {
        case solved
        case notSolved = "not_solved"
        case notOurs = "not_ours"
        case withdrawn
        case turnedInto = "turned_into"
    }

    package enum Answer: String, CaseIterable, Codable, Sendable { case yes, no }

    static let columns: SQL =
        """
        m.id, m.number, m.kind, m.category, m.class, m.urgency, m.privacy, m.state, m.outcome, m.confirmed, m.spot, m.passed, m.supervised,
        m.asked, m.reopened, m.merged_into, m.lon, m.lat, m.place, m.grid_id, m.border_id, m.path_now, m.path_then, m.channel, m.words, m.reporters,
        m.opened_at, m.done_at, m.closed_at, m.due_at
        """

    /// The three-colour mark (row C7), derived: yellow = fixed on the spot and not reopened; else green = done or closed;
    /// else red = ever handed to another post; else none (a hollow red outline on the map).
    package var mark: Mark { Mark(state: state, spot: spot, passed: passed, reopened: reopened) }

    package func isLate(at now: Instant) -> Bool { state == .open && dueAt.map { $0 < now } ?? false }
}

extension Matter {
    package init(_ row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        kind = try row["kind"]
        category = try row["category"]
        `class` = try row["class"]
        urgency = try row["urgency"]
        privacy = try row["privacy"]
        state = try row["state"]
        outcome = try row["outcome"]
        confirmed = try row["confirmed"]
        spot = try row["spot"]
        passed = try row["passed"]
        supervised = try row["supervised"]
        asked = try row["asked"]
        reopened = try row["reopened"]
        mergedInto = try row["merged_into"]
        if let lon: Double = try row["lon"], let lat: Double = try row["lat"] {
            point = Coordinate(lon: lon, lat: lat)
        } else {
            point = nil
        }
        place = try row["place"]
        grid = try row["grid_id"]
        border = try row["border_id"]
        path = try row["path_now"]
        pathThen = try row["path_then"]
        channel = try row["channel"]
        words = try row["words"]
        reporters = try row["reporters"]
        openedAt = try row["opened_at"]
        doneAt = try row["done_at"]
        closedAt = try row["closed_at"]
        dueAt = try row["due_at"]
    }
}

package enum Mark: String, Codable, Sendable {
    case none, red, yellow, green

    package init(state: Matter.State, spot: Bool, passed: Bool, reopened: Int) {
        if spot, reopened == 0, state == .closed || state == .done {
            self = .yellow
        } else if state != .open {
            self = .green
        } else {
            self = passed ? .red : .none
        }
    }
}

package struct Part: Sendable {
    package enum State: String, Sendable { case offered, doing, done, returned, recalled }

    package let id: PartID
    package let matter: MatterID
    package let post: PostID
    package let ask: UUIDv7?
    package let askedBy: PostID?
    /// The action that gave it.
    package let given: String
    package let lead: Bool
    package let needed: Bool
    package var state: State
    package let offeredAt: Instant
    package var takenAt: Instant?
    package var endedAt: Instant?
    package var takeBy: Instant?
    package var dueAt: Instant?
    package var words: String?
    package var rating: Int?
    package var ratingBack: Int?

    package var isOpen: Bool { state == .offered || state == .doing }
    /// How long after its limit it was taken; nil when in time or not yet.
    package var takenLate: Span? {
        guard let takenAt, let takeBy, takenAt > takeBy else { return nil }
        return takenAt - takeBy
    }

    static let columns: SQL =
        """
        id, matter_id, post_id, ask_id, asked_by, given, lead, needed, state, offered_at, taken_at, ended_at, take_by, due_at, words,
        rating, rating_back
        """
}

extension Part {
    package init(_ row: Row) throws {
        id = try row["id"]
        matter = try row["matter_id"]
        post = try row["post_id"]
        ask = try row["ask_id"]
        askedBy = try row["asked_by"]
        given = try row["given"]
        lead = try row["lead"]
        needed = try row["needed"]
        state = try row["state"]
        offeredAt = try row["offered_at"]
        takenAt = try row["taken_at"]
        endedAt = try row["ended_at"]
        takeBy = try row["take_by"]
        dueAt = try row["due_at"]
        words = try row["words"]
        rating = try row["rating"]
        ratingBack = try row["rating_back"]
    }
}

package struct Report: Sendable {
    package enum PhotoState: String, Sendable { case none, awaited, here, refused }

    package let id: ReportID
    package let matter: MatterID
    package let firstMatter: MatterID
    package let source: String
    package let sourceNumber: String?
    package let words: String
    package let person: PersonID?
    package let language: Language
    package let queryCode: String
    package let photoState: PhotoState
    package let rating: Int?
    package let confirmed: Matter.Answer?
    /// By element.
    package let answers: [String: FactValue]
    package let at: Instant

    static let columns: SQL =
        """
        id, matter_id, first_matter_id, source, source_number, words, person_id, language, query_code, photo_state, rating, confirmed, answers, at
        """

    package init(_ row: Row) throws {
        id = try row["id"]
        matter = try row["matter_id"]
        firstMatter = try row["first_matter_id"]
        source = try row["source"]
        sourceNumber = try row["source_number"]
        words = try row["words"]
        person = try row["person_id"]
        language = try row["language"]
        queryCode = try row["query_code"]
        photoState = try row["photo_state"]
        rating = try row["rating"]
        confirmed = try row["confirmed"]
        answers = try row.json("answers")
        at = try row["at"]
    }
}

package struct Photo: Sendable {
    package enum Role: String, CaseIterable, Sendable { case before, after, answer }
    package enum State: String, Sendable { case awaited, here, refused }

    package let id: PhotoID
    package let report: ReportID?
    package let part: PartID?
    package let role: Role
    package let state: State
    package let digest: String?
    package let small: String?
    package let at: Instant

    init(_ row: Row) throws {
        id = try row["id"]
        report = try row["report_id"]
        part = try row["part_id"]
        role = try row["role"]
        state = try row["state"]
        digest = try row["digest"]
        small = try row["small"]
        at = try row["at"]
    }
}

/// A limit that runs, ran, or waits.
package struct RunningClock: Sendable {
    package let id: ClockID
    package let part: PartID?
    package let name: String
    package let limit: String
    package let time: String
    package let startedAt: Instant
    package let dueAt: Instant
    package let provisional: Bool
    package let left: Int64?
    /// From when, and for how much work time (milliseconds), it was last counted; nil in natural time.
    let countedFrom: Instant?
    let countedWork: Int64?
    package let stoppedAt: Instant?
    package let late: Bool

    package var isPaused: Bool { left != nil && stoppedAt == nil }
    /// The day a person set, where one did.
    package var day: Day? { Day(limit) }

    init(_ row: Row) throws {
        id = try row["id"]
        part = try row["part_id"]
        name = try row["name"]
        limit = try row["limit_text"]
        time = try row["time"]
        startedAt = try row["started_at"]
        dueAt = try row["due_at"]
        provisional = try row["provisional"]
        left = try row["left_ms"]
        countedFrom = try row["counted_from"]
        countedWork = try row["counted_ms"]
        stoppedAt = try row["stopped_at"]
        late = try row["late"]
    }
}

package struct Milestone: Sendable {
    package let id: MilestoneID
    package let name: String
    package let due: Day
    package let reachedAt: Instant?

    init(_ row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        due = try row["due_day"]
        reachedAt = try row["reached_at"]
    }
}
