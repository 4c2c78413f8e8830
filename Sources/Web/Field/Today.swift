import Basics
import Geo
import Grids
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// What is mine today, late ones first; what is open on my land; what was done lately.
enum TodayPage {
    private static let most = 60

    private struct Section: Sendable {
        let heading: String
        var rows: [MatterRow] = []
        var count = 0
        let empty: String
        var next: String?
    }

    static func today(_ call: Call) async throws -> Response {
        let (house, now, actor) = (call.house, call.now, try actor(call))
        let sections: [Section] = try await house.database.read { tx in
            var mine = Section(heading: call.say("field.mine"), empty: call.say("field.mine.none"), next: call.say("field.mine.next"))
            for tab in [MatterFilter.Tab.toTake, .back, .doing] {
                mine.rows += try house.matters.list(MatterFilter(tab: tab), for: actor, at: now, limit: most, in: tx)
                mine.count += try house.matters.count(MatterFilter(tab: tab), for: actor, at: now, in: tx)
            }
            mine.rows.sort { ($0.matter.dueAt ?? .far, $0.matter.id) < ($1.matter.dueAt ?? .far, $1.matter.id) }
            var check = Section(heading: call.say("field.check"), empty: "")
            check.rows = try house.matters.list(MatterFilter(tab: .check), for: actor, at: now, limit: 10, in: tx)
            check.count = check.rows.count
            return check.rows.isEmpty ? [mine] : [mine, check]
        }
        return try await page(call, title: call.say("field.today"), tab: "isToday", sections)
    }

    static func land(_ call: Call) async throws -> Response {
        let (house, now, actor) = (call.house, call.now, try actor(call))
        let name = call.say("field.land.title")
        let found: (Section, String?) = try await house.database.read { tx in
            var filter = MatterFilter()
            filter.states = [.open]
            var open = Section(heading: call.say("field.land.open"), empty: call.say("field.land.none"))
            open.rows = try house.matters.list(filter, for: actor, at: now, limit: most, in: tx)
            open.count = try house.matters.count(filter, for: actor, at: now, in: tx)
            let land = try LandView(house, in: tx)
            let path = actor.heldPosts.first?.path
            guard let grid = path.flatMap({ land.today[$0] }), case let shape = land.today.shape(of: grid.id), !shape.isEmpty else {
                return (open, nil)
            }
            var picture = try MapSVG.picture(house, MapFrame(showing: shape.box, height: 320), grid: grid.id, at: now, in: tx)
            picture.marks = open.rows.compactMap { row in row.matter.point.map { (MapSVG.color(row.matter.mark), $0) } }
            return (open, picture.svg(title: name))
        }
        return try await page(call, title: name, tab: "isLand", [found.0], map: found.1)
    }

    static func done(_ call: Call) async throws -> Response {
        let (house, now, actor) = (call.house, call.now, try actor(call))
        let section: Section = try await house.database.read { tx in
            var filter = MatterFilter()
            filter.states = [.done, .closed]
            filter.closedFrom = now - .days(7)
            filter.newestFirst = true
            var done = Section(heading: call.say("field.done.title"), empty: call.say("field.done.none"))
            done.rows = try house.matters.list(filter, for: actor, at: now, limit: most, in: tx)
            done.count = try house.matters.count(filter, for: actor, at: now, in: tx)
            return done
        }
        return try await page(call, title: call.say("field.done"), tab: "isDone", [section])
    }

    private static func actor(_ call: Call) throws -> Actor {
        guard let session = call.session else { throw Permission.refusal }
        return session.actor
    }

    private static func page(_ call: Call, title: String, tab: String, _ sections: [Section], map: String? = nil) async throws -> Response {
        let book = try await call.house.database.read { [posts = call.house.posts] tx in try posts.book(in: tx) }
        let today = call.now.day(in: call.house.zone)
        let held = call.session?.actor.heldPosts.first.flatMap { book.posts[$0.post]?.name }
        var view: View = [
            "under": [call.times.date(today) + " " + call.times.weekday(today), held].compactMap(\.self), tab: true,
            "sections": sections.map { section(call, $0) },
        ]
        if let map { view["map"] = map }
        return try call.page("field/today", title: title, view)
    }

    private static func section(_ call: Call, _ section: Section) -> View {
        var view: View = ["heading": section.heading, "count": String(section.count), "rows": section.rows.map { row(call, $0) }]
        if section.rows.isEmpty {
            view["empty"] = section.empty
            if let next = section.next { view["next"] = next }
        }
        if section.count > section.rows.count {
            view["more"] = call.say("field.page.more", ["count": String(section.count - section.rows.count)])
        }
        return view
    }

    private static func row(_ call: Call, _ row: MatterRow) -> View {
        let matter = row.matter
        var view: View = ["href": Paths.fieldMatter(matter.id), "title": call.title(of: matter), "place": matter.place]
        if matter.place.isEmpty { view["place"] = nil }
        call.mark(matter, &view)
        view["hasFacts"] = !matter.isLate(at: call.now)
        if let photo = row.photo { view["photo"] = Paths.photo(photo) }
        if matter.isLate(at: call.now), let due = matter.dueAt {
            view["late"] = call.say("field.late.seen", ["late": call.times.left(due)])
        } else if matter.state == .open, let due = matter.dueAt {
            view["facts"] = [call.times.before(due), call.times.left(due)]
        } else if let closed = matter.closedAt ?? matter.doneAt {
            view["facts"] = [call.times.moment(closed)]
        }
        return view
    }
}

extension Instant {
    /// After every limit.
    static let far = Instant(milliseconds: .max)
}
