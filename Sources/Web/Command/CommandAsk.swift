import Basics
import Grids
import Insight

/// What the operations center is asked, as its address says it.
///
/// Names: `grid` (id; without one the land one answers for), `from`, `to` (days, both included; today without), `net` (`today`,
/// `that_day`), `at` (a moment of the last days; see `Past`). What cannot be read is left out.
struct CommandAsk: Sendable {
    let grid: GridID?
    let from: Day
    let to: Day
    let net: BoardQuestion.Net
    /// The day of the moment that is looked at.
    let today: Day
    /// A moment of the past, as its address says it; nil is now.
    let at: String?

    init(_ form: Form, today: Day, at: String? = nil) {
        grid = GridID(form["grid"])
        let (a, b) = (Day(form["from"]), Day(form["to"]))
        let ends = [a ?? b ?? today, b ?? a ?? today].map { min($0, today) }.sorted()
        from = ends[0]
        to = ends[1]
        net = BoardQuestion.Net(rawValue: form["net"]) ?? .today
        self.today = today
        self.at = at
    }

    var days: Range<Day> { from..<to + 1 }
    /// The days asked for are over.
    var isPast: Bool { to < today }
    var isToday: Bool { from == today }

    /// The query of an address that asks the same, or the same of another grid.
    func query(
        grid other: GridID? = nil, days: (from: Day, to: Day)? = nil, net: BoardQuestion.Net? = nil, _ more: [(String, String)] = []
    ) -> String {
        var pairs: [(String, String)] = []
        if let grid = other ?? grid { pairs.append(("grid", grid.description)) }
        let (from, to) = days ?? (from, to)
        if (from, to) != (today, today) { pairs += [("from", from.description), ("to", to.description)] }
        let net = net ?? self.net
        if net != .today { pairs.append(("net", net.rawValue)) }
        if let at { pairs.append(("at", at)) }
        return URLEncoded.encoded(pairs + more)
    }

    func address(
        _ path: String = Paths.command, grid: GridID? = nil, days: (from: Day, to: Day)? = nil, net: BoardQuestion.Net? = nil,
        _ more: [(String, String)] = []
    ) -> String {
        let query = query(grid: grid, days: days, net: net, more)
        return query.isEmpty ? path : path + "?" + query
    }
}
