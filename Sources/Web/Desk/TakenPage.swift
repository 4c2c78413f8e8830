import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// A call that was registered: number and query code, to be read out.
enum TakenPage {
    static func show(_ call: Call) async throws -> Response {
        let (id, house, now) = (try call.id("report", as: ReportID.self), call.house, call.now)
        let view: View = try await house.database.read { tx in
            let room = try CallerPage.room(call, now, tx)
            guard let report = try house.matters.report(id, in: tx) else { throw Call.missing }
            guard let matter = try house.matters.matter(report.matter, in: tx) else { throw Call.missing }
            let sees = try room.sees(matter)
            guard try sees || house.matters.tookIn(report, room.actor, in: tx) else { throw Call.missing }
            var view: View = [
                "number": matter.number, "code": report.queryCode, "name": call.title(of: matter), "place": room.place(matter),
                "newHref": Paths.deskNew, "backToList": Paths.desk, "atNew": true,
                "who": room.actor.heldPosts.first.map { room.postName($0.post) } ?? "",
            ]
            if sees { view["open"] = ["hrefOf": Paths.deskMatter(matter.id)] as View }
            if let part = try house.matters.parts(of: matter.id, in: tx).last(where: \.isOpen) {
                view["holder"] = room.say("desk.taken.holder", ["post": room.worker(part.post)])
            }
            if let due = matter.dueAt { view["due"] = room.say("desk.taken.due", ["moment": room.times.moment(due)]) }
            if report.matter != report.firstMatter || matter.reporters > 1 { view["joined"] = room.say("desk.taken.joined") }
            return view.merging(try room.callsWaiting()) { first, _ in first }
        }
        return try call.page("desk/taken", title: call.say("desk.taken.title"), view)
    }
}
