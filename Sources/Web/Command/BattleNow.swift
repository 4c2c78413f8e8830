import Basics
import Catalog
import Grids
import Insight
import Matters
import Posts

extension CommandRoom {
    /// What is late, who answers here, and what just happened.
    func battleNow() throws -> View {
        var view: View = ["piece": inside(Paths.commandPiece("battle-now"))]
        if let measure = lists.first(where: \.tellsLate) {
            let found = list(measure, .counted, on: nil, own: false, limit: 4)
            let rows = try desk.matters.rows(
                found.matters.map { MatterID($0) }, lateFirst: false, for: desk.actor, at: desk.now, limit: 4, in: desk.tx)
            view["lateName"] = say(measure.nameKey)
            view["lateCount"] = String(found.total)
            if wall == nil { view["lateHref"] = address(measure) }
            view["anyLate"] = found.total > 0
            view["late"] = rows.map { row -> View in
                var line: View = ["id": row.matter.id.description]
                face(row.matter, &line)
                if let due = due(row.matter) { line["when"] = times.left(due) }
                if wall == nil, past == nil, let holder = row.holder { line["holder"] = desk.postName(holder) }
                return line
            }
        }
        view["duty"] = try duty()
        if wall == nil { view["people"] = try people() }
        guard let standing = land.standing else { return view }
        view["latest"] = try desk.matters.latest(below: standing, for: desk.actor, at: desk.now, until: now, limit: 6, in: desk.tx).map {
            one -> View in
            var line: View = ["when": desk.times.clock(one.at), "id": one.matter.id.description]
            face(one.matter, &line)
            line["state"] = say("battle.mark.\(mark(one.matter, &line).rawValue)")
            return line
        }
        return view
    }

    /// What it is and where. A wall tells of an open one the grid, of any other nothing but that it is there.
    private func face(_ matter: Matter, _ line: inout View) {
        guard wall == nil else {
            line["title"] = matter.privacy == .open ? call.title(of: matter) : say("battle.inside_matter")
            line["place"] = desk.gridName(matter)
            return
        }
        line["title"] = call.title(of: matter)
        line["place"] = desk.place(matter)
        if desk.opens(.desk) { line["href"] = Paths.deskMatter(matter.id) }
    }

    /// Its mark at the moment that is looked at.
    @discardableResult
    func mark(_ matter: Matter, _ view: inout View) -> Mark {
        guard let then = past.flatMap({ $0.course.standing(matter.id, at: $0.at) }) else {
            call.mark(matter, &view)
            return matter.mark
        }
        if then.mark != .none {
            view["mark"] = then.mark.rawValue
            view["markName"] = say("mark.\(then.mark.rawValue)")
        }
        return then.mark
    }

    /// The limit that runs, or ran at that moment.
    private func due(_ matter: Matter) -> Instant? {
        past.map { $0.course.standing(matter.id, at: $0.at)?.due } ?? matter.dueAt
    }

    /// Who answers for the chosen land, by post; a post nobody holds says so.
    private func people() throws -> [View] {
        guard let standing = land.standing else { return [] }
        let posts = desk.book.posts(atPath: standing, at: now).filter {
            desk.book.roles[$0.role]?.answersFor != nil
        }.prefix(4)
        let holders = Dictionary(posts.map { ($0.id, desk.book.holders(of: $0.id, at: now)) }) { first, _ in first }
        let names = try desk.house.posts.persons(Array(holders.values.joined().map(\.person)), in: desk.tx)
        return posts.map { post in
            let here = (holders[post.id] ?? []).compactMap { names[$0.person]?.name }
            let first = here.prefix(3).joined(separator: say("desk.and"))
            let who = here.count > 3 ? say("battle.people.more", ["names": first, "count": String(here.count)]) : first
            var view: View = ["post": say("role.\(post.role)"), "who": who]
            if here.isEmpty { view["vacant"] = true }
            return view
        }
    }
}
