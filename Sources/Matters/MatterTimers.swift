import Basics
import Catalog
import Posts
import Store

/// What happens when a limit runs out: it is said once, passed one level up, and some close the matter.
package struct MatterTimers: RingsOnTime {
    private let engine: Matters
    package let timerSort = "clock"

    package init(_ engine: Matters) { self.engine = engine }

    package func ring(_ timer: DueTimer, at now: Instant, in tx: Transaction) throws {
        guard let matterID = timer.detail["matter"].flatMap({ MatterID($0) }) else { return }
        try tx.lock(matterID)
        guard let matter = try engine.matter(matterID, in: tx) else { return }
        let act = Act.system("clock", id: timer.id.derived("\(timer.at.milliseconds)"), at: now)
        switch timer.sort {
        case "clock.photo", "clock.milestone": try tell(timer, matter, act, in: tx)
        default: try limit(timer, matter, act, in: tx)
        }
    }

    private func tell(_ timer: DueTimer, _ matter: Matter, _ act: Act, in tx: Transaction) throws {
        let verb = timer.sort == "clock.photo" ? "matter.photo_missing" : "matter.milestone_late"
        let key = timer.sort == "clock.photo" ? "report" : "milestone"
        try tx.record(act.entry(verb, subject: "matter", id: matter.id.uuid, path: matter.path, detail: [key: timer.subject.description]))
    }

    private func limit(_ timer: DueTimer, _ matter: Matter, _ act: Act, in tx: Transaction) throws {
        let kind = try engine.kind(of: matter, in: tx)
        guard
            let clock = try tx.first(
                "SELECT * FROM clock WHERE id = \(timer.subject) AND stopped_at IS NULL AND left_ms IS NULL", RunningClock.init),
            let rule = kind.clocks[clock.name]
        else { return }
        var detail = ["clock": clock.name]
        detail["part"] = clock.part?.description
        if timer.sort == "clock.remind" {
            try tx.record(act.entry("matter.reminded", subject: "matter", id: matter.id.uuid, path: matter.path, detail: detail))
            return try tx.schedule(.clock(clock.id, rings: "late", at: clock.dueAt, matter: matter.id, name: clock.name))
        }
        let working = try Working(
            engine, tx, act: act, kind: kind, action: nil, matter: matter, parts: try engine.parts(of: matter.id, in: tx), input: ActInput()
        )
        if rule.closes {
            try working.stopAllClocks()
            working.matter.state = .closed
            working.matter.closedAt = act.at
            working.detail = detail
            try working.save()
            try working.record("matter.closed_unconfirmed")
            return
        }
        try tx.run("UPDATE clock SET late = \(true) WHERE id = \(clock.id)")
        detail["above"] = try escalate(clock, working)?.description
        working.detail = detail
        try working.record("matter.late")
        try working.save()
    }

    /// One level up now, and one more each time the same limit has passed again; from the second time on it is supervised.
    private func escalate(_ clock: RunningClock, _ working: Working) throws -> PostID? {
        guard working.kind.clocks[clock.name]?.escalates ?? false else { return nil }
        let now = working.act.at
        // In the time the limit is counted in: a night or a weekend makes nothing more urgent.
        let calendar = working.catalog.calendar
        let time = Limit.Time(rawValue: clock.time) ?? .natural
        let span = max(3_600_000, calendar.remaining(until: clock.dueAt, from: clock.startedAt, time: time))
        let steps = 1 + Int(max(0, -calendar.remaining(until: clock.dueAt, from: now, time: time)) / span)
        var post = working.parts.last { $0.isOpen && (clock.part == nil || $0.id == clock.part) }?.post
        var reached: PostID?
        for _ in 0..<min(steps, 8) {
            guard let current = post, let above = working.book.above(current, at: now) else { break }
            post = above
            reached = above
        }
        if steps >= 2 { working.matter.supervised = true }
        if steps < 8, reached != nil {
            let next = Int64(steps) * span
            let again =
                time == .work
                ? calendar.instant(after: WorkTime(milliseconds: next), from: clock.dueAt) : clock.dueAt + Span(milliseconds: next)
            try working.tx.schedule(.clock(clock.id, rings: "late", at: again, matter: working.matter.id, name: clock.name))
        }
        return reached
    }
}

extension DueTimer {
    /// - Parameter rings: `remind` or `late`.
    static func clock(_ clock: ClockID, rings: String, at instant: Instant, matter: MatterID, name: String) -> DueTimer {
        DueTimer(
            id: clock.uuid.derived(rings), at: instant, sort: "clock.\(rings)", subject: clock.uuid,
            detail: ["matter": matter.description, "clock": name])
    }
}
