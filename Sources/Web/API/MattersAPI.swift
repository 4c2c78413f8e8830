import Basics
import Geo
import Grids
import HummingbirdCore
import Ledger
import Matters
import Posts
import Store

/// Matters as JSON, within what the caller sees.
enum MattersAPI {
    static let newest = "newest"
    /// Counting goes through all that is seen: who pages through the newest leaves it out.
    static let noCount = "no"

    static func list(_ call: Call) async throws -> Response {
        let actor = try await APIReader.actor(call)
        let (house, now) = (call.house, call.now)
        let size = try call.count("page_size", or: 100, most: 1000)
        let page = try call.count("page", or: 1, most: 1_000_000)
        let asked = try Asked(call)
        guard ["", noCount].contains(call.query("count")) else { throw PlainRefusal("api.value", values: ["name": "count"]) }
        let isCounted = call.query("count").isEmpty
        let (rows, count, book, chains, kinds) = try await house.database.read { tx in
            let land = try house.grids.land(in: tx)
            let filter = try asked.filter(land)
            return (
                try house.matters.list(filter, for: actor, at: now, limit: size, offset: (page - 1) * size, photos: false, in: tx),
                isCounted ? try house.matters.count(filter, for: actor, at: now, in: tx) : nil, try house.posts.book(in: tx),
                GridChains(land.on()),
                try house.matters.kinds()
            )
        }
        let matters = rows.map { row in
            Tree.object(
                members(
                    row.matter, holder: row.holder, words: shows(row.matter, kinds, actor), masked: actor.person == nil, book, chains, call)
            )
        }
        return call.tree(
            .object([
                ("count", .number(count.map(Double.init))), ("page", .number(Double(page))), ("page_size", .number(Double(size))),
                ("matters", .list(item: "matter", matters)),
            ]))
    }

    static func show(_ call: Call) async throws -> Response {
        let actor = try await APIReader.actor(call)
        let (house, now, number) = (call.house, call.now, try call.parameter("number"))
        let found = try await house.database.read { tx -> (MatterView, PostBook, GridChains)? in
            guard let matter = try house.matters.matter(number: number, in: tx),
                let view = try house.matters.view(matter.id, for: actor, at: now, in: tx)
            else { return nil }
            return (view, try house.posts.book(in: tx), GridChains(try house.grids.land(in: tx).on()))
        }
        guard let (view, book, chains) = found else { throw Call.missing }
        let zone = house.zone
        let holder = view.parts.last { $0.ask == nil && $0.isOpen }?.post
        let words = !view.outside || view.kind.shows.words
        var all = members(view.matter, holder: holder, words: words, masked: view.outside, book, chains, call)
        all.append(
            (
                "answers",
                .list(
                    item: "answer",
                    view.answers.map { answer in
                        let said = call.said(answer)
                        return .object([
                            ("element", .text(answer.name)), ("name", .text(said.name)), ("value", .text(answer.value.text)),
                            ("said", .text(said.value)),
                        ])
                    })
            ))
        all.append(("main", .text(view.main?.number)))
        all.append(
            ("photos", .list(item: "photo", view.photos.filter { $0.state == .here }.compactMap(\.digest).map { .text(Paths.photo($0)) })))
        all.append(
            (
                "steps",
                .list(
                    item: "step",
                    view.steps.map { step in
                        .object([
                            ("id", .text(step.id.description)), ("at", .text(step.at.iso(in: zone))), ("verb", .text(step.verb)),
                            ("post", .text(step.post.flatMap { book.posts[$0]?.name })),
                            ("words", words ? .text(view.outside ? step.words.map(PublicWords.masked) : step.words) : .empty),
                        ])
                    })
            ))
        all.append(
            (
                "clocks",
                .list(
                    item: "clock",
                    view.clocks.map { clock in
                        .object([
                            ("name", .text(clock.name)), ("limit", .text(clock.limit)), ("due_at", .text(clock.dueAt.iso(in: zone))),
                            ("provisional", .flag(clock.provisional)), ("late", .flag(clock.late)),
                            ("stopped_at", .text(clock.stoppedAt?.iso(in: zone))),
                        ])
                    })
            ))
        return call.tree(.object(all))
    }

    /// Clients of other bodies get words only where the kind shows them to everybody.
    static func shows(_ matter: Matter, _ kinds: Kinds, _ actor: Actor) -> Bool { actor.person != nil || kinds[matter.kind].shows.words }

    private static func members(
        _ matter: Matter, holder: PostID?, words: Bool, masked: Bool, _ book: PostBook, _ chains: GridChains, _ call: Call
    ) -> [(String, Tree)] {
        let zone = call.house.zone
        let grids = chains.chain(matter.path).map {
            Tree.object([("level", .text($0.level)), ("code", .text($0.code)), ("name", .text($0.name))])
        }
        return [
            ("id", .text(matter.id.description)), ("number", .text(matter.number)), ("kind", .text(matter.kind)),
            ("category", .text(matter.category)), ("category_name", matter.category.map { .text(call.say("category.\($0)")) } ?? .empty),
            ("class", .text(matter.class)), ("urgency", .text(matter.urgency)), ("state", .text(matter.state.rawValue)),
            ("mark", .text(matter.mark.rawValue)), ("outcome", .text(matter.outcome?.rawValue)),
            ("confirmed", .text(matter.confirmed?.rawValue)),
            ("supervised", .flag(matter.supervised)), ("late", .flag(matter.isLate(at: call.now))),
            ("reporters", .number(Double(matter.reporters))),
            ("place", .text(matter.place)), ("lon", .number(matter.point?.lon)), ("lat", .number(matter.point?.lat)),
            ("grids", .list(item: "grid", grids)), ("holder", .text(holder.flatMap { book.posts[$0]?.name })),
            ("channel", .text(matter.channel)),
            ("opened_at", .text(matter.openedAt.iso(in: zone))), ("done_at", .text(matter.doneAt?.iso(in: zone))),
            ("closed_at", .text(matter.closedAt?.iso(in: zone))), ("due_at", .text(matter.dueAt?.iso(in: zone))),
            ("words", words ? .text(masked ? PublicWords.masked(matter.words) : matter.words) : .empty),
        ]
    }
}

/// The filter of a list or an export as the query gives it.
struct Asked: Sendable {
    private let base: MatterFilter
    private let grid: String

    /// - Throws: *invalid* for a value that is none.
    init(_ call: Call) throws {
        func choice<E: RawRepresentable<String>>(_ name: String, _ type: E.Type = E.self) throws -> E? {
            guard !call.query(name).isEmpty else { return nil }
            guard let value = E(rawValue: call.query(name)) else { throw PlainRefusal("api.value", values: ["name": name]) }
            return value
        }
        func instant(_ name: String) throws -> Instant? { call.query(name).isEmpty ? nil : try Open311.instant(call.query(name), call) }
        var filter = MatterFilter(tab: try choice("tab") ?? .all)
        filter.categories = Open311.items(call.queries("category"))
        filter.states = try Open311.items(call.queries("state")).map { name in
            guard let state = Matter.State(rawValue: name) else { throw PlainRefusal("api.value", values: ["name": "state"]) }
            return state
        }
        filter.search = String(call.query("q").prefix(200))
        filter.openedFrom = try instant("opened_from")
        filter.openedBefore = try instant("opened_before")
        filter.closedFrom = try instant("closed_from")
        filter.closedBefore = try instant("closed_before")
        filter.channel = call.query("channel").isEmpty ? nil : call.query("channel")
        filter.confirmed = try choice("confirmed")
        guard ["", MattersAPI.newest].contains(call.query("order")) else { throw PlainRefusal("api.value", values: ["name": "order"]) }
        filter.newestFirst = !call.query("order").isEmpty
        base = filter
        grid = call.query("grid")
    }

    /// - Throws: *not found* for a grid that is not there today.
    func filter(_ land: Land) throws -> MatterFilter {
        guard !grid.isEmpty else { return base }
        let day = land.on()
        guard let ref = GridID(grid).flatMap({ day[$0] }) ?? day.grid(code: grid) else { throw Call.missing }
        var filter = base
        filter.path = ref.path
        return filter
    }
}
