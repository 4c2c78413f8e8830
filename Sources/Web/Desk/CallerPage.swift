import Basics
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// A report for somebody who calls or comes: words, place, phone, and nothing else that must be asked.
enum CallerPage {
    static func show(_ call: Call) async throws -> Response { try await page(call, CallerForm(call.form, id: ReportID(at: call.now))) }

    static func send(_ call: Call) async throws -> Response {
        guard let session = call.session, session.groups.contains(.report) else { throw Permission.refusal }
        guard let id = ReportID(call.form["id"]) else { throw PlainRefusal("portal.bad_id") }
        var form = CallerForm(call.form, id: id)
        do {
            if form.isAsking { return try await page(call, form) }
            try await form.settle(call)
            guard !form.words.isEmpty || !form.category.isEmpty else { throw PlainRefusal("desk.nothing") }
            let done = form
            let (house, now) = (call.house, call.now)
            var new = NewReport(
                id: id, number: try await house.matters.nextNumber(at: now, from: house.database), channel: "desk", queryCode: Taking.code()
            )
            new.words = done.words
            new.category = done.category.isEmpty ? nil : done.category
            new.point = done.point
            new.placeWords = done.point == nil || done.isNamed ? (done.placeName.isEmpty ? done.place : done.placeName) : ""
            new.language = call.language
            new.join = done.join
            if !done.phone.isEmpty { new.contact["phone"] = done.phone }
            let (report, act) = (new, Act(id: id.uuid.derived("open"), at: now, actor: session.actor))
            try await house.database.write { tx in
                var report = report
                // Without a place on the map it goes to the land of whoever took the call.
                if report.point == nil { report.grid = try DeskRoom(call, list: DeskList("", zone: house.zone), at: now, in: tx).ownGrid }
                _ = try house.matters.open(report, act: act, in: tx)
            }
            return call.redirect(to: Paths.deskTaken(id))
        } catch let refusal as any Refusal {
            return try await page(call, form, refused: refusal)
        }
    }

    /// Number and query code, to be read out.
    static func taken(_ call: Call) async throws -> Response {
        let (id, house, now) = (try call.id("report", as: ReportID.self), call.house, call.now)
        let view: View = try await house.database.read { tx in
            let room = try DeskRoom(call, list: DeskList("", zone: house.zone), at: now, in: tx)
            guard let report = try house.matters.report(id, in: tx) else { throw Call.missing }
            let seen = try room.open(report.matter)
            var view: View = [
                "number": seen.matter.number, "code": report.queryCode, "name": call.title(of: seen.matter),
                "place": room.place(seen.matter),
                "hrefOf": Paths.deskMatter(seen.matter.id), "newHref": Paths.deskNew, "backToList": Paths.desk,
                "who": room.actor.heldPosts.first.map { room.postName($0.post) } ?? "",
            ]
            if let part = seen.parts.last(where: \.isOpen) {
                view["holder"] = room.say("desk.taken.holder", ["post": room.worker(part.post)])
            }
            if let due = seen.matter.dueAt { view["due"] = room.say("desk.taken.due", ["moment": room.times.moment(due)]) }
            if report.matter != report.firstMatter || seen.reports.count > 1 { view["joined"] = room.say("desk.taken.joined") }
            return view
        }
        return try call.page("desk/taken", title: call.say("desk.taken.title"), view)
    }

    private static func page(_ call: Call, _ form: CallerForm, refused: (any Refusal)? = nil) async throws -> Response {
        let now = call.now
        var whole = try await call.house.database.read { tx in
            try form.view(try DeskRoom(call, list: DeskList("", zone: call.house.zone), at: now, in: tx))
        }
        if let refused { whole["refused"] = call.say(refused) }
        return try call.page("desk/new", title: call.say("desk.new.title"), whole, status: refused?.sort.status ?? .ok)
    }
}
