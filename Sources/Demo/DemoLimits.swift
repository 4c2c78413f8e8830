import Basics
import Catalog
import Store

/// The limits of the demo's matters, as the engine would have run them until the demo stands: what has passed is late, and no timer of
/// the past is left to ring.
struct DemoLimits {
    struct Clock {
        let name: String
        let part: UUIDv7?
        let limit: Limit
        let started: Instant
        let due: Deadline
        /// When it was stopped; nil: it runs.
        let stopped: Instant?
        let isLate: Bool
        /// What is still to ring, all of it after the end.
        var remind: Instant?
        var ring: Instant?
        /// How often its limit has passed, where that is passed upward.
        var passed = 0
    }

    private struct Rule {
        let text: String
        let limit: Limit?
        let remind: Double?
        let escalates: Bool
    }

    private let end: Instant
    private let names: DemoContent.Limits
    private let rules: [String: Rule]
    private let calendar: WorkCalendar
    let privacy: String

    /// - Parameter end: when the demo stands.
    init(_ content: DemoContent, catalog: Catalog, end: Instant) throws {
        self.end = end
        calendar = catalog.calendar
        names = content.city.limits
        guard let kind = try catalog.entry("kinds", content.city.kind)?.node else {
            throw DemoFailure.content("city.yaml: no kind \(content.city.kind) in the catalog")
        }
        privacy = try kind.text("privacy", or: "open")
        let actions = try kind.map("actions").map(\.key)
        for name in content.city.actions.all where !actions.contains(name) {
            throw DemoFailure.content("city.yaml: the kind has no action \(name)")
        }
        var rules: [String: Rule] = [:]
        for name in [names.accept, names.finish, names.sign_in, names.confirm] {
            guard let node = kind["clocks"]?[name] else { throw DemoFailure.content("city.yaml: the kind has no limit \(name)") }
            let text = try node.text("limit")
            let time = try node.optional("time") { try $0.asChoice(Limit.Time.self) }
            var limit: Limit?
            if !text.hasPrefix("category.") { limit = try node.limit("limit", time: time) }
            rules[name] = Rule(
                text: text, limit: limit, remind: try node.optional("remind") { try $0.asNumber() }, escalates: try node.bool("escalate"))
        }
        self.rules = rules
    }

    /// The limit to finish a matter of a category.
    func finish(_ category: Category, _ catalog: Catalog) -> Limit? { category.finish ?? catalog.matterClass(category.class)?.finish }

    private func limit(_ name: String, _ category: Category, _ catalog: Catalog) -> Limit? {
        switch rules[name]?.text {
        case "category.accept": catalog.urgency(category.urgency)?.accept ?? category.accept
        case "category.finish": finish(category, catalog)
        default: rules[name]?.limit
        }
    }

    /// By when a share was to be taken.
    func takeBy(_ share: Share, _ category: Category, _ catalog: Catalog) -> Instant? {
        limit(share.ask == nil ? names.accept : names.sign_in, category, catalog).map { calendar.deadline($0, from: share.offered).instant }
    }

    /// All that run, and those that were stopped too late: what was met in time leaves no row, to keep the demo small.
    func clocks(_ matter: Matter, category: Category, catalog: Catalog) -> [Clock] {
        guard matter.state != .merged else { return [] }
        var clocks: [Clock?] = matter.shares.map { share in
            clock(
                share.ask == nil ? names.accept : names.sign_in, part: share.id, from: share.offered, until: share.taken ?? share.ended,
                category, catalog)
        }
        clocks.append(
            clock(
                names.finish, part: nil, from: matter.counted ?? matter.opened, until: matter.doneAt ?? matter.closedAt, category, catalog))
        if matter.state == .done, let done = matter.doneAt {
            clocks.append(clock(names.confirm, part: nil, from: done, until: nil, category, catalog))
        }
        return clocks.compactMap { $0 }
    }

    private func clock(
        _ name: String, part: UUIDv7?, from: Instant, until: Instant?, _ category: Category, _ catalog: Catalog
    ) -> Clock? {
        guard let rule = rules[name], let limit = limit(name, category, catalog) else { return nil }
        let due = calendar.deadline(limit, from: from)
        let isLate = due.instant < until ?? end
        if until != nil, !isLate { return nil }
        var clock = Clock(name: name, part: part, limit: limit, started: from, due: due, stopped: until, isLate: isLate)
        guard until == nil else { return clock }
        if !isLate {
            clock.ring = due.instant
            clock.remind = rule.remind.map { remind(limit, $0, from, due.instant) }.flatMap { $0 > end ? $0 : nil }
        } else if rule.escalates {
            // One level up, and one more each time the same span has passed again.
            let span = max(3_600_000, (due.instant - from).milliseconds)
            clock.passed = 1 + Int((end - due.instant).milliseconds / span)
            if clock.passed < 8 { clock.ring = due.instant + Span(milliseconds: Int64(clock.passed) * span) }
        }
        return clock
    }

    private func remind(_ limit: Limit, _ share: Double, _ from: Instant, _ due: Instant) -> Instant {
        guard limit.time == .work else { return due - Span(milliseconds: Int64(Double((due - from).milliseconds) * share)) }
        return calendar.instant(before: due, by: WorkTime(milliseconds: Int64(Double(calendar.work(limit).milliseconds) * share)))
    }
}

extension DemoContent.Actions {
    var all: [String] {
        [
            take, spot, finish, up, ask, sign_in, answer, confirm, deny, rate, rate_answer, merge, close, supervise, set_milestones,
            reach_milestone,
        ]
    }
}
