import Basics
import Catalog
import Grids
import Insight
import Matters
import Posts

extension CommandRoom {
    /// What is late, who answers here, and what just happened.
    func battleNow() throws -> View {
        var view: View = ["piece": ask.address(Paths.commandPiece("battle-now"), grid: land.chosen.id, themed)]
        if let measure = lists.first(where: \.tellsLate) {
            let found = list(measure, .counted, on: nil, own: false, limit: 5)
            let rows = try desk.matters.rows(
                found.matters.map { MatterID($0) }, lateFirst: false, for: desk.actor, at: desk.now, limit: 5, in: desk.tx)
            view["lateName"] = say(measure.nameKey)
            view["lateCount"] = String(found.total)
            view["lateHref"] = address(measure)
            view["anyLate"] = found.total > 0
            view["late"] = rows.map { row -> View in
                var line: View = ["title": call.title(of: row.matter), "place": desk.place(row.matter), "id": row.matter.id.description]
                if let due = row.matter.dueAt { line["when"] = desk.limit(due).words }
                if let holder = row.holder { line["holder"] = desk.postName(holder) }
                if desk.session.opens(.desk) { line["href"] = Paths.deskMatter(row.matter.id) }
                return line
            }
        }
        view["people"] = try people()
        guard let standing = land.standing else { return view }
        view["latest"] = try desk.matters.latest(below: standing, for: desk.actor, at: desk.now, limit: 7, in: desk.tx).map { one -> View in
            var line: View = [
                "when": desk.times.clock(one.at), "place": desk.place(one.matter), "what": call.title(of: one.matter),
                "id": one.matter.id.description, "state": say("battle.mark.\(one.matter.mark.rawValue)"),
            ]
            call.mark(one.matter, &line)
            if desk.session.opens(.desk) { line["href"] = Paths.deskMatter(one.matter.id) }
            return line
        }
        return view
    }

    /// Who answers for the chosen land, by post; a post nobody holds says so.
    private func people() throws -> [View] {
        guard let standing = land.standing else { return [] }
        let posts = desk.book.posts(atPath: standing, at: desk.now).filter {
            desk.book.roles[$0.role]?.answersFor != nil
        }.prefix(4)
        let holders = Dictionary(posts.map { ($0.id, desk.book.holders(of: $0.id, at: desk.now)) }) { first, _ in first }
        let names = try desk.house.posts.persons(Array(holders.values.joined().map(\.person)), in: desk.tx)
        return posts.map { post in
            let here = (holders[post.id] ?? []).compactMap { names[$0.person]?.name }
            var view: View = ["post": say("role.\(post.role)"), "who": here.joined(separator: say("desk.and"))]
            if here.isEmpty { view["vacant"] = true }
            return view
        }
    }
}
