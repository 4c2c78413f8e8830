import Basics
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// A report for somebody who calls or comes: number, words, place, category. Kept while it is typed, so that it outlives a reload and may
/// go to another desk as it stands.
enum CallerPage {
    static func show(_ call: Call) async throws -> Response {
        guard call.session?.groups.contains(.report) ?? false else { throw Permission.refusal }
        guard let id = ReportID(call.query("call")) else { return try await page(call, CallerForm(call.form, id: ReportID(at: call.now))) }
        let now = call.now
        let intake = try await call.house.database.read { tx in
            try call.house.matters.intake(id, for: try actor(call), at: now, in: tx)
        }
        guard intake.person == call.session?.person.id else { return try await CallsList.page(call, about: intake) }
        return try await page(call, CallerForm(intake))
    }

    static func send(_ call: Call) async throws -> Response {
        let id = try reportID(call)
        var form = CallerForm(call.form, id: id)
        do {
            if call.form.has("take") { return try await takeUp(call, id) }
            if call.form.has("drop") { return try await drop(call, id) }
            form = try await keep(call, form)
            if call.form.has("hand") { return try await move(call, id) }
            if form.isAsking { return try await page(call, form) }
            return try await register(call, form)
        } catch let refusal as IntakeRefusal where refusal == .elsewhere {
            let now = call.now
            let intake = try await call.house.database.read { tx in
                try? call.house.matters.intake(id, for: try actor(call), at: now, in: tx)
            }
            return try await CallsList.page(call, about: intake, kept: form, refused: refusal)
        } catch let refusal as any Refusal {
            return try await page(call, form, refused: refusal)
        }
    }

    /// Keeps what is typed and says what was found by it.
    static func typed(_ call: Call) async throws -> Response {
        let id = try reportID(call)
        do {
            let form = try await keep(call, CallerForm(call.form, id: id))
            var view = try await look(call, form)
            if form.isBegun { view["saved"] = call.say("desk.new.saved", ["moment": call.times.moment(call.now)]) }
            return try call.piece("desk/call-found", view)
        } catch let refusal as any Refusal {
            var response = try call.piece("desk/call-state", ["refused": call.say(refusal)])
            response.status = refusal.sort.status
            return response
        }
    }

    // MARK: What is done with it

    private static func reportID(_ call: Call) throws -> ReportID {
        guard call.session?.groups.contains(.report) ?? false else { throw Permission.refusal }
        guard let id = ReportID(call.form["id"]) else { throw PlainRefusal("portal.bad_id") }
        return id
    }

    static func actor(_ call: Call) throws -> Actor {
        guard let session = call.session else { throw Permission.refusal }
        return session.actor
    }

    /// - Returns: the form with the place that was chosen in it.
    private static func keep(_ call: Call, _ typed: CallerForm) async throws -> CallerForm {
        let (house, now, actor) = (call.house, call.now, try actor(call))
        let act = Act(id: UUIDv7(at: now), at: now, actor: actor)
        return try await house.database.write { tx in
            var form = typed
            try form.choose(try room(call, now, tx))
            let before = try house.matters.keep(form.id, form.fields, begins: form.isBegun, act: act, in: tx)
            if let caller = form.caller, before?["phone"] != form.phone {
                let reports = try house.matters.history(of: caller, for: actor, at: now, in: tx)
                try house.matters.noteLook(at: caller, for: form.id, reports: reports.count, act: act, in: tx)
            }
            return form
        }
    }

    private static func register(_ call: Call, _ form: CallerForm) async throws -> Response {
        let (house, now, actor) = (call.house, call.now, try actor(call))
        guard !form.words.isEmpty || !form.category.isEmpty else { throw PlainRefusal("desk.nothing") }
        let number = try await house.matters.nextNumber(at: now, from: house.database)
        let code = Taking.code()
        let act = Matters.registering(form.id, at: now, by: actor)
        try await house.database.write { tx in
            var form = form
            let room = try room(call, now, tx)
            try form.settle(room)
            _ = try house.matters.open(form.report(number: number, code: code, call, room), act: act, in: tx)
            try house.matters.drop(form.id, act: act, in: tx)
        }
        return call.redirect(to: Paths.deskTaken(form.id))
    }

    private static func move(_ call: Call, _ id: ReportID) async throws -> Response {
        let (typed, now, actor) = (call.form["desk"], call.now, try actor(call))
        let act = Act(id: UUIDv7(at: now), at: now, actor: actor)
        let desk = try await call.house.database.write { [matters = call.house.matters] tx in
            let desks = matters.desks(for: actor, at: now, book: try matters.posts.book(in: tx))
            guard let desk = CallsList.desk(typed, among: desks) else { throw IntakeRefusal.nowhere }
            try matters.move(id, to: desk.id, act: act, in: tx)
            return desk.id
        }
        return call.redirect(to: Paths.deskNew + "?moved=\(desk)")
    }

    private static func takeUp(_ call: Call, _ id: ReportID) async throws -> Response {
        let (now, actor) = (call.now, try actor(call))
        let act = Act(id: UUIDv7(at: now), at: now, actor: actor)
        try await call.house.database.write { [matters = call.house.matters] tx in
            try matters.takeUp(id, act: act, in: tx)
            let form = CallerForm(try matters.intake(id, for: actor, at: now, in: tx))
            guard let caller = form.caller else { return }
            let reports = try matters.history(of: caller, for: actor, at: now, in: tx)
            try matters.noteLook(at: caller, for: id, reports: reports.count, act: act, in: tx)
        }
        return call.redirect(to: Paths.deskCall(id))
    }

    private static func drop(_ call: Call, _ id: ReportID) async throws -> Response {
        let act = Act(id: UUIDv7(at: call.now), at: call.now, actor: try actor(call))
        try await call.house.database.write { [matters = call.house.matters] tx in try matters.drop(id, act: act, in: tx) }
        return call.redirect(to: Paths.deskNew)
    }

    // MARK: Pages

    static func room(_ call: Call, _ now: Instant, _ tx: Transaction) throws -> DeskRoom {
        try DeskRoom(call, list: DeskList("", zone: call.house.zone), at: now, in: tx)
    }

    private static func look(_ call: Call, _ form: CallerForm) async throws -> View {
        let now = call.now
        return try await call.house.database.read { tx in try CallerView(room: try room(call, now, tx), form: form).view() }
    }

    private static func page(_ call: Call, _ form: CallerForm, refused: (any Refusal)? = nil) async throws -> Response {
        let now = call.now
        var whole: View = try await call.house.database.read { tx in
            let room = try room(call, now, tx)
            return try CallerView(room: room, form: form).view().merging(CallsList.around(room, but: form.id)) { first, _ in first }
        }
        if let refused { whole["refused"] = call.say(refused) }
        return try call.page("desk/new", title: call.say("desk.new.title"), whole, status: refused?.sort.status ?? .ok)
    }
}
