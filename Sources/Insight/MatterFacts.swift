import Basics
import Matters
import Posts
import Store

/// What the board counts a matter by: of the row as it stands, or of a matter as it stood.
struct MatterFacts {
    var id: UUIDv7
    var pathNow: Path
    var pathThen: Path
    var state: String
    var outcome: String
    var confirmed: String
    var `class`: String
    var urgency: String
    var privacy: String
    var kind: String
    var channel: String
    var category: String
    var spot: Bool
    var passed: Bool
    var supervised: Bool
    var reopened: Int
    var reporters: Int
    var wasLate: Bool
    var imported: Bool
    var outside: Bool
    var openedAt: Instant
    var doneAt: Instant?
    var closedAt: Instant?
    var dueAt: Instant?

    func line(_ days: inout DayReckoner) -> BoardTable<MatterShape>.Line {
        let opened = days.day(openedAt)
        let closed = closedAt.map { days.day($0) }
        let done = doneAt.map { days.day($0) }
        let open = state == "open" || state == "done"
        var flags: MatterShape.Flags = []
        if spot { flags.insert(.spot) }
        if passed { flags.insert(.passed) }
        if supervised { flags.insert(.supervised) }
        if reopened > 0 { flags.insert(.reopened) }
        if reporters > 1 { flags.insert(.manyReporters) }
        if state == "closed", closed == opened { flags.insert(.closedOnDay) }
        if state == "closed" || state == "done", (done ?? closed) == opened { flags.insert(.doneOnDay) }
        if wasLate { flags.insert(.late) }
        if imported { flags.insert(.imported) }
        if outside { flags.insert(.outside) }
        let shape = MatterShape(
            state: state, outcome: outcome, confirmed: confirmed, class: `class`, urgency: urgency, privacy: privacy, kind: kind,
            channel: channel, flags: flags)
        return BoardTable.Line(
            matter: id, pathNow: pathNow, pathThen: pathThen, shape: shape, category: category, opened: opened,
            closed: open ? nil : closed ?? done ?? opened, due: open ? dueAt : nil)
    }
}

extension MatterFacts {
    init(_ matter: Matter, wasLate: Bool) {
        self.init(
            id: matter.id.uuid, pathNow: matter.path, pathThen: matter.pathThen, state: matter.state.rawValue,
            outcome: matter.outcome?.rawValue ?? "", confirmed: matter.confirmed?.rawValue ?? "", class: matter.class ?? "",
            urgency: matter.urgency, privacy: matter.privacy.rawValue, kind: matter.kind, channel: matter.channel,
            category: matter.category ?? "", spot: matter.spot, passed: matter.passed, supervised: matter.supervised,
            reopened: matter.reopened, reporters: matter.reporters, wasLate: wasLate, imported: false, outside: matter.grid == nil,
            openedAt: matter.openedAt, doneAt: matter.doneAt, closedAt: matter.closedAt, dueAt: matter.dueAt)
    }
}
