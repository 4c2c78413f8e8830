import Basics
import Catalog
import HummingbirdCore
import Posts
import Store

// Who is at work now: by the rota or by what was just done. The platform asks nobody and knows nobody's place: a post is shown where it sits.

extension CommandRoom {
    func onDuty() throws -> [OnDuty] {
        guard let standing = land.standing else { return [] }
        // Posts are of the land itself: a task that reaches over it shows its matters, not its people.
        let reach = scope.prefixes.compactMap { $0.covers(standing) ? standing : standing.covers($0) ? $0 : nil }
        return try desk.house.posts.onDuty(below: reach, at: now, in: desk.tx)
    }

    /// The figure and one line for each role: names where there are few, else how many. A wall says posts and no names.
    func duty() throws -> View {
        let all = try onDuty()
        let roles = desk.book.roles.byID.values.sorted { ($0.answersFor ?? .max, $0.id) > ($1.answersFor ?? .max, $1.id) }.map(\.id)
        let byRole = Dictionary(grouping: all, by: \.post.role)
        let few = byRole.filter { $0.value.count <= 2 }.values.joined()
        let names = wall == nil ? try desk.house.posts.persons(Array(Set(few.flatMap(\.persons))), in: desk.tx) : [:]
        var view: View = [
            "count": String(all.count),
            "lines": roles.compactMap { role -> View? in
                guard let here = byRole[role] else { return nil }
                let who = here.count <= 2 ? here.flatMap(\.persons).compactMap { names[$0]?.name } : []
                let words =
                    who.isEmpty || who.count > 4
                    ? say("battle.duty.posts", ["count": String(here.count)]) : who.joined(separator: say("desk.and"))
                return ["post": say("role.\(role)"), "who": words]
            },
        ]
        if wall == nil, !all.isEmpty { view["href"] = ask.address(Paths.commandDuty, grid: land.chosen.id) }
        return view
    }
}

/// The list behind the figure *on duty now*.
enum DutyPage {
    private static let most = 300

    static func show(_ call: Call) async throws -> Response {
        let past = try await call.past()
        let view: View = try await call.house.database.read { tx in
            let room = try CommandRoom(call, past: past, in: tx)
            var view = room.head()
            let all = try room.onDuty()
            let shown = Array(all.prefix(most))
            let names = try call.house.posts.persons(Array(Set(shown.flatMap(\.persons))), in: tx)
            view["number"] = String(all.count)
            view["total"] = room.say("duty.total", ["count": String(all.count)])
            view["when"] = past == nil ? room.say("command.now") : room.desk.times.moment(room.now)
            view["backHref"] = room.battleAddress()
            view["anyRow"] = !all.isEmpty
            if all.count > most { view["more"] = room.say("duty.more", ["count": String(all.count - most)]) }
            view["rows"] = shown.map { one -> View in
                let reason =
                    switch one.reason {
                    case .shift(let until):
                        until.map { room.say("duty.until", ["moment": room.times.moment($0)]) } ?? room.say("duty.shift")
                    case .acting: room.say("duty.acting")
                    }
                return [
                    "post": one.post.name, "grid": room.desk.land.at(one.post.path)?.name ?? "",
                    "who": one.persons.compactMap { names[$0]?.name }.joined(separator: room.say("desk.and")), "reason": reason,
                ]
            }
            return view
        }
        return try call.page("command/duty", title: call.say("duty.title"), view)
    }
}

extension Paths {
    static let commandDuty = "/command/duty"
}
