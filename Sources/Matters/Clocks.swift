import Basics
import Catalog
import Posts
import Store

// The named limits of a matter: started, stopped, paused. Work time by the official calendar; a year without one gives a
// provisional deadline, never a refusal.

extension Working {
    /// The limit a rule means for this matter now; nil when none runs (a class without a limit).
    func limit(_ rule: ClockRule) -> Limit? {
        let category = matter.category.flatMap { catalog.category($0) }
        switch rule.limit {
        case .fixed(let limit): return limit
        case .categoryAccept: return catalog.urgency(matter.urgency)?.accept ?? category?.accept ?? catalog.categories.first?.accept
        case .categoryFinish:
            // A class chosen by a person overrides the category's own class and its limit.
            if let chosen = matter.class, chosen != category?.class { return catalog.matterClass(chosen)?.finish }
            return category?.finish ?? matter.class.flatMap { catalog.matterClass($0)?.finish }
        }
    }

    /// Starts a clock; a running one of the same name and part goes on as it is.
    @discardableResult
    func start(_ rule: ClockRule, part: Part? = nil, from start: Instant? = nil) throws -> Deadline? {
        guard let limit = limit(rule) else { return nil }
        let begin = start ?? now
        let deadline = catalog.calendar.deadline(limit, from: begin)
        let id = ClockID(act.derived("clock \(rule.name) \(part?.id.description ?? "") \(matter.reopened)"))
        let changed = try tx.run(
            """
            INSERT INTO clock (id, matter_id, part_id, name, limit_text, time, started_at, due_at, provisional, late)
            VALUES (\(id), \(matter.id), \(part?.id), \(rule.name), \(limit.description), \(limit.time), \(begin), \(deadline.instant),
                \(deadline.provisional), \(false)) ON CONFLICT (id) DO NOTHING
            """)
        if changed > 0 { try schedule(rule, clock: id, limit: limit, due: deadline.instant) }
        return deadline
    }

    private func schedule(_ rule: ClockRule, clock: ClockID, limit: Limit, due: Instant) throws {
        let detail = ["matter": matter.id.description, "clock": rule.name]
        if let share = rule.remind {
            let calendar = catalog.calendar
            let remindAt =
                limit.time == .work
                ? calendar.instant(before: due, by: WorkTime(milliseconds: Int64(Double(calendar.work(limit).milliseconds) * share)))
                : due - Span(milliseconds: Int64(Double((due - now).milliseconds) * share))
            if remindAt > now {
                try tx.schedule(
                    DueTimer(id: clock.uuid.derived("remind"), at: remindAt, sort: "clock.remind", subject: clock.uuid, detail: detail))
            }
        }
        try tx.schedule(DueTimer(id: clock.uuid.derived("late"), at: due, sort: "clock.late", subject: clock.uuid, detail: detail))
    }

    private func running(_ condition: SQL) throws -> [RunningClock] {
        try tx.all(
            "SELECT * FROM clock WHERE matter_id = \(matter.id) AND stopped_at IS NULL AND " + condition + " ORDER BY started_at, id",
            RunningClock.init)
    }

    private func stop(_ clocks: [RunningClock]) throws {
        for clock in clocks {
            let late = !clock.isPaused && clock.dueAt < now
            try tx.run("UPDATE clock SET stopped_at = \(now), late = \(late) WHERE id = \(clock.id)")
            try tx.cancelTimers(of: clock.id.uuid)
        }
    }

    func stopClocks(part: PartID) throws { try stop(running("part_id = \(part)")) }
    func stopClocks(named name: String) throws { try stop(running("name = \(name)")) }
    func stopAllClocks() throws { try stop(running("1 = 1")) }

    /// While the reporter is asked, the clocks that pause keep what is left of them.
    func pauseClocks() throws {
        for clock in try running("left_ms IS NULL") where kind.clocks[clock.name]?.pauses ?? false {
            let time = Limit.Time(rawValue: clock.time) ?? .natural
            let left = catalog.calendar.remaining(until: clock.dueAt, from: now, time: time)
            try tx.run("UPDATE clock SET left_ms = \(left) WHERE id = \(clock.id)")
            try tx.cancelTimers(of: clock.id.uuid)
        }
    }

    func resumeClocks() throws {
        for clock in try running("left_ms IS NOT NULL") {
            guard let left = clock.left, let rule = kind.clocks[clock.name],
                let limit = Limit(clock.limit, time: Limit.Time(rawValue: clock.time))
            else { continue }
            let deadline =
                limit.time == .work
                ? catalog.calendar.deadline(after: WorkTime(milliseconds: left), from: now)
                : Deadline(now + Span(milliseconds: left), provisional: false)
            try tx.run(
                "UPDATE clock SET left_ms = NULL, due_at = \(deadline.instant), provisional = \(deadline.provisional) WHERE id = \(clock.id)"
            )
            try schedule(rule, clock: clock.id, limit: limit, due: deadline.instant)
        }
    }

    /// Counts the way to the end anew from its first start, after category or class changed.
    func restartFinishClock() throws {
        guard let rule = kind.finishClock, let old = try running("name = \(rule.name)").first else {
            if let rule = kind.finishClock, matter.state == .open { try start(rule, from: matter.openedAt) }
            return
        }
        guard let limit = limit(rule) else { return try stop([old]) }
        let deadline = catalog.calendar.deadline(limit, from: old.startedAt)
        try tx.cancelTimers(of: old.id.uuid)
        try tx.run(
            """
            UPDATE clock SET limit_text = \(limit.description), time = \(limit.time), due_at = \(deadline.instant),
                provisional = \(deadline.provisional) WHERE id = \(old.id)
            """)
        if !old.isPaused { try schedule(rule, clock: old.id, limit: limit, due: deadline.instant) }
    }

    /// The earliest limit that runs decides when the matter is due.
    func refreshDue() throws {
        guard matter.state == .open else { matter.dueAt = nil; return }
        matter.dueAt =
            try tx.first(
                "SELECT MIN(due_at) AS due FROM clock WHERE matter_id = \(matter.id) AND stopped_at IS NULL AND left_ms IS NULL"
            ) { try $0["due"] as Instant? } ?? nil
    }
}
