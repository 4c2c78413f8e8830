import Basics
import Catalog
import Posts
import Store

// The named limits of a matter: started, stopped, paused. Work time by the official calendar; a year without one gives a
// provisional deadline, never a refusal.

extension Working {
    /// The limit a rule means for this matter now; nil when none runs (a class without a limit).
    func limit(_ rule: ClockRule) -> Limit? {
        catalog.limit(
            rule.limit, category: matter.category.flatMap { catalog.category($0) }, class: matter.class, urgency: matter.urgency)
    }

    /// When a clock that starts then would ring.
    func deadline(_ rule: ClockRule, from start: Instant) -> Deadline? { limit(rule).map { catalog.calendar.deadline($0, from: start) } }

    /// Starts a clock; a running one of the same name and part goes on as it is.
    @discardableResult
    func start(_ rule: ClockRule, part: Part? = nil, from start: Instant? = nil) throws -> Deadline? {
        let begin = start ?? now
        guard let limit = limit(rule), let deadline = deadline(rule, from: begin) else { return nil }
        let id = ClockID(act.derived("clock \(matter.id) \(rule.name) \(part?.id.description ?? "") \(matter.reopened)"))
        let changed = try tx.run(
            """
            INSERT INTO clock (id, matter_id, part_id, name, limit_text, time, started_at, due_at, provisional, late, counted_from, counted_ms)
            VALUES (\(id), \(matter.id), \(part?.id), \(rule.name), \(limit.description), \(limit.time), \(begin), \(deadline.instant),
                \(deadline.provisional), \(false), \(begin), \(worked(limit))) ON CONFLICT (id) DO NOTHING
            """)
        if changed > 0 { try schedule(rule, clock: id, time: limit.time, from: begin, due: deadline.instant) }
        return deadline
    }

    /// Work time a limit is worth, from which a provisional deadline is counted again; nil in natural time, which never is provisional.
    private func worked(_ limit: Limit) -> Int64? { limit.time == .work ? catalog.calendar.work(limit).milliseconds : nil }

    /// Sets what rings next: the reminder, and once it has rung the limit itself.
    private func schedule(_ rule: ClockRule, clock: ClockID, time: Limit.Time, from begin: Instant, due: Instant) throws {
        if let share = rule.remind {
            let kept = Double(catalog.calendar.remaining(until: due, from: begin, time: time)) * share
            let remindAt =
                time == .work
                ? catalog.calendar.instant(before: due, by: WorkTime(milliseconds: Int64(kept))) : due - Span(milliseconds: Int64(kept))
            if remindAt > now { return try tx.schedule(.clock(clock, rings: "remind", at: remindAt, matter: matter.id, name: rule.name)) }
        }
        try tx.schedule(.clock(clock, rings: "late", at: due, matter: matter.id, name: rule.name))
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
            guard let left = clock.left, let rule = kind.clocks[clock.name] else { continue }
            let time = Limit.Time(rawValue: clock.time) ?? .natural
            let deadline =
                time == .work
                ? catalog.calendar.deadline(after: WorkTime(milliseconds: left), from: now)
                : Deadline(now + Span(milliseconds: left), provisional: false)
            try tx.run(
                """
                UPDATE clock SET left_ms = NULL, due_at = \(deadline.instant), provisional = \(deadline.provisional), counted_from = \(now),
                    counted_ms = \(time == .work ? left : nil) WHERE id = \(clock.id)
                """)
            try schedule(rule, clock: clock.id, time: time, from: now, due: deadline.instant)
        }
    }

    /// The way to the end goes on with what was left of it when it was stopped.
    func resumeFinishClock() throws {
        guard let rule = kind.finishClock else { return }
        let old = try tx.first(
            "SELECT * FROM clock WHERE matter_id = \(matter.id) AND name = \(rule.name) ORDER BY started_at DESC, id DESC LIMIT 1",
            RunningClock.init)
        guard let old, let stopped = old.stoppedAt else { return }
        let time = Limit.Time(rawValue: old.time) ?? .natural
        let left = old.left ?? catalog.calendar.remaining(until: old.dueAt, from: stopped, time: time)
        try tx.run("UPDATE clock SET stopped_at = NULL, left_ms = \(left) WHERE id = \(old.id)")
        if !matter.asked { try resumeClocks() }
    }

    /// - Returns: how many provisional limits the calendar covers now.
    func recountClocks() throws -> Int {
        var certain = 0
        for clock in try running("provisional = true AND left_ms IS NULL AND counted_ms IS NOT NULL") {
            guard let from = clock.countedFrom, let work = clock.countedWork, let rule = kind.clocks[clock.name] else { continue }
            let deadline = catalog.calendar.deadline(after: WorkTime(milliseconds: work), from: from)
            guard !deadline.provisional else { continue }
            try tx.cancelTimers(of: clock.id.uuid)
            try tx.run("UPDATE clock SET due_at = \(deadline.instant), provisional = \(false) WHERE id = \(clock.id)")
            if let part = parts.first(where: { $0.id == clock.part }), part.takeBy == clock.dueAt {
                var moved = part
                moved.takeBy = deadline.instant
                try save(moved)
            }
            try schedule(rule, clock: clock.id, time: .work, from: from, due: deadline.instant)
            certain += 1
        }
        return certain
    }

    /// The clock that counts the way to the end, while it runs.
    func finishClock() throws -> RunningClock? {
        try kind.finishClock.flatMap { try running("name = \($0.name)").first }
    }

    func isRunning(_ rule: ClockRule) throws -> Bool { try !running("name = \(rule.name)").isEmpty }

    /// Counts the way to the end anew from its first start, after category or class changed. A day that a person set stays while the
    /// class does.
    func restartFinishClock() throws {
        guard let rule = kind.finishClock, let old = try finishClock() else {
            if let rule = kind.finishClock, matter.state == .open { try start(rule, from: matter.openedAt) }
            return
        }
        if old.day != nil, detail["class_was"] == nil { return }
        guard let limit = limit(rule) else { return try stop([old]) }
        let deadline = catalog.calendar.deadline(limit, from: old.startedAt)
        try tx.cancelTimers(of: old.id.uuid)
        try tx.run(
            """
            UPDATE clock SET limit_text = \(limit.description), time = \(limit.time), due_at = \(deadline.instant),
                provisional = \(deadline.provisional), counted_from = \(old.startedAt), counted_ms = \(worked(limit)) WHERE id = \(old.id)
            """)
        if !old.isPaused { try schedule(rule, clock: old.id, time: limit.time, from: old.startedAt, due: deadline.instant) }
    }

    /// Ends it on a day instead of after a limit: when that day's work ends. While the clock pauses, it goes on with what is left till then.
    func finish(by day: Day) throws {
        guard let rule = kind.finishClock else { return }
        if try finishClock() == nil { try start(rule, from: matter.openedAt) }
        guard let clock = try finishClock() else { throw MatterRefusal.badDate(latest: nil) }
        let due = catalog.calendar.end(of: day)
        try tx.cancelTimers(of: clock.id.uuid)
        try tx.run(
            """
            UPDATE clock SET limit_text = \(day.description), time = \(Limit.Time.natural), due_at = \(due), provisional = \(false),
                counted_from = \(now), counted_ms = NULL, left_ms = \(clock.isPaused ? (due - now).milliseconds : nil) WHERE id = \(clock.id)
            """)
        if !clock.isPaused { try schedule(rule, clock: clock.id, time: .natural, from: now, due: due) }
    }

    /// The earliest limit that runs decides when the matter is due.
    func due() throws -> Instant? {
        guard matter.state == .open else { return nil }
        return try tx.first(
            "SELECT MIN(due_at) AS due FROM clock WHERE matter_id = \(matter.id) AND stopped_at IS NULL AND left_ms IS NULL"
        ) { try $0["due"] as Instant? } ?? nil
    }
}
