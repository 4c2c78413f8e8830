import Basics
import Store
import Hummingbird
import HummingbirdCore
import Matters
import Posts

/// What moves while a desk is open: the queue, and on the open matter who else is there and what was just done.
enum DeskNow {
    static func queue(_ call: Call) async throws -> Response {
        let now = call.now
        let list = DeskPage.here(call)
        let open = MatterID(call.query("open"))
        var view: View = try await call.house.database.read { tx in
            try DeskRoom(call, list: list, at: now, in: tx).queue(current: open).view
        }
        view["csrf"] = PageShell.token(call.session)
        return try call.piece("desk/queue", view)
    }

    static func matter(_ call: Call) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let (id, now, house) = (try call.id("matter", as: MatterID.self), call.now, call.house)
        let known = Int(call.query("version")) ?? 0
        var view: View = try await house.database.read { tx in
            let room = try DeskRoom(call, list: DeskPage.here(call), at: now, in: tx)
            let seen = try room.open(id)
            guard seen.steps.count > known, let last = seen.steps.last else { return [:] }
            let line = try StepsView(room: room, seen: seen).line(of: last)
            return ["changed": call.say("desk.now.changed", ["step": line.title, "who": line.who])]
        }
        view["self"] = DeskPage.here(call).beside(Paths.deskMatter(id))
        let found = house.presence.note(
            session.person.id, session.person.name, on: id, isActing: call.query("acting") == "1", at: now)
        if found.isNews { house.feed.tell(Set(found.others.keys), .event(name: "here", id: "", data: "{\"id\":\"\(id)\"}")) }
        let acting = found.others.values.filter(\.isActing)
        let shown = acting.isEmpty ? Array(found.others.values) : acting
        if !shown.isEmpty {
            let names = shown.map(\.name).sorted().prefix(3).joined(separator: call.say("desk.and"))
            view["others"] = call.say(acting.isEmpty ? "desk.now.others" : "desk.now.acting", ["names": names])
        }
        return try call.piece("desk/now", view)
    }
}
