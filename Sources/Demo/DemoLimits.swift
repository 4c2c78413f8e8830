import Basics
import Catalog

/// The limits that run for what is still open. They run from the import, so that nothing is late before anybody could see it.
struct DemoLimits {
    struct Running {
        let name: String
        let part: UUIDv7?
        let limit: Limit
        let started: Instant
        let due: Deadline
        let remind: Instant?
    }

    private let from: Instant
    private let names: DemoContent.Limits
    private let kind: CatalogNode
    let privacy: String

    /// - Parameter from: when the demo is filled.
    init(_ content: DemoContent, catalog: Catalog, from: Instant) throws {
        self.from = from
        names = content.city.limits
        guard let entry = try catalog.entry("kinds", content.city.kind) else {
            throw DemoFailure.content("city.yaml: no kind \(content.city.kind) in the catalog")
        }
        kind = entry.node
        privacy = try entry.node.text("privacy", or: "open")
        let actions = try entry.node.map("actions").map(\.key)
        for name in content.city.actions.all where !actions.contains(name) {
            throw DemoFailure.content("city.yaml: the kind has no action \(name)")
        }
        for name in [names.accept, names.finish, names.sign_in, names.confirm] where kind["clocks"]?[name] == nil {
            throw DemoFailure.content("city.yaml: the kind has no limit \(name)")
        }
    }

    func running(_ matter: Matter, category: Category, catalog: Catalog) -> [Running] {
        switch matter.state {
        case .open:
            let offered = matter.shares.filter { $0.state == "offered" }.compactMap { share in
                start(share.ask == nil ? names.accept : names.sign_in, part: share.id, category, catalog)
            }
            return offered + [start(names.finish, part: nil, category, catalog)].compactMap { $0 }
        case .done: return [start(names.confirm, part: nil, category, catalog)].compactMap { $0 }
        case .closed, .merged: return []
        }
    }

    private func start(_ name: String, part: UUIDv7?, _ category: Category, _ catalog: Catalog) -> Running? {
        guard let rule = kind["clocks"]?[name], let text = try? rule.text("limit") else { return nil }
        let limit: Limit?
        switch text {
        case "category.accept": limit = catalog.urgency(category.urgency)?.accept ?? category.accept
        case "category.finish": limit = category.finish ?? catalog.matterClass(category.class)?.finish
        default: limit = try? rule.limit("limit", time: (try? rule.optional("time") { try $0.asChoice(Limit.Time.self) }) ?? nil)
        }
        guard let limit else { return nil }
        let due = catalog.calendar.deadline(limit, from: from)
        var remind: Instant?
        if let share = try? rule.optional("remind", { try $0.asNumber() }) {
            let calendar = catalog.calendar
            let at =
                limit.time == .work
                ? calendar.instant(
                    before: due.instant, by: WorkTime(milliseconds: Int64(Double(calendar.work(limit).milliseconds) * share)))
                : due.instant - Span(milliseconds: Int64(Double((due.instant - from).milliseconds) * share))
            if at > from { remind = at }
        }
        return Running(name: name, part: part, limit: limit, started: from, due: due, remind: remind)
    }
}

extension DemoContent.Actions {
    var all: [String] { [take, spot, finish, up, ask, sign_in, answer, confirm, deny, rate, rate_answer, merge, close, supervise] }
}
