import Basics
import Foundation
import Geo
import Grids
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// Reporting a problem: photo first, the place found, nothing typed, no account.
enum ReportPage {
    static func show(_ call: Call) async throws -> Response {
        var spot = Spot(call.query)
        return try await page(call, id: ReportID(at: call.now), spot: &spot)
    }

    /// The piece about the place, for the module that moves the pin.
    static func nearby(_ call: Call) async throws -> Response {
        var spot = Spot(call.query)
        return try call.piece("portal/where", try await WhereView(call: call).view(&spot, words: call.query("words"), changes: call.query))
    }

    /// A photo that waits for its report, for the form it came with.
    static func draft(_ call: Call) async throws -> Response {
        guard let index = Int(try call.parameter("index")), let picture = Drafts(call.house).picture(try call.id("report"), index) else {
            throw Call.missing
        }
        return Response(
            status: .ok, headers: [.contentType: picture.type, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: picture.bytes)))
    }

    static func send(_ call: Call) async throws -> Response {
        let form = call.form
        guard let id = ReportID(form["id"]) else { throw PlainRefusal("portal.bad_id") }
        var spot = Spot { form[$0] }
        let drafts = Drafts(call.house)
        if form.has("tap.x") || form.has("move") || form.has("pin") || form.has("drop") {
            if let index = Int(form["drop"]) { drafts.drop(id, index) }
            drafts.keep(form.files("photo"), for: id)
            return try await page(call, id: id, spot: &spot, changes: { form[$0] })
        }
        do {
            try call.spend(call.house.limits.report)
            let waiting = drafts.paths(id)
            let awaited = min(6, max(0, Int(form["awaited"]) ?? 0))
            let join = MatterID(form["join"])
            guard spot.point != nil || spot.grid != nil else { throw PlainRefusal("portal.no_place") }
            guard awaited + waiting.count + form.files("photo").count > 0 || !form["words"].isEmpty || join != nil || form.hasTooLarge
            else {
                throw PlainRefusal("portal.nothing")
            }
            var taking = Taking(
                call: call, id: id, files: waiting + form.files("photo").map(\.path), awaited: awaited, tooLarge: form.hasTooLarge)
            let token: String
            do { token = try await taking.take(spot, words: form["words"], join: join) } catch MatterRefusal.otherReport {
                // The answer to the first was lost and its words were changed meanwhile: said once more, it is a report of its own.
                taking.id = ReportID(id.uuid.derived("other words \(form["words"])"))
                token = try await taking.take(spot, words: form["words"], join: join)
            }
            return call.redirect(to: Paths.receipt(token))
        } catch let refusal as any Refusal {
            drafts.keep(form.files("photo"), for: id)
            return try await page(call, id: id, spot: &spot, refused: refusal)
        }
    }

    private static func page(
        _ call: Call, id: ReportID, spot: inout Spot, changes: ((String) -> String)? = nil, refused: (any Refusal)? = nil
    ) async throws -> Response {
        var view = try await WhereView(call: call).view(&spot, words: call.form["words"], changes: changes)
        view["id"] = id.description
        view["words"] = call.form["words"]
        let drafts = Drafts(call.house).waiting(id)
        view["drafts"] = drafts.map { draft -> View in
            var photo: View = ["index": String(draft.index)]
            if draft.isPhoto { photo["src"] = Paths.draft(id, draft.index) }
            return photo
        }
        if !drafts.isEmpty { view["draftedSay"] = call.say("report.drafted", ["count": String(drafts.count)]) }
        if call.form.hasTooLarge { view["tooLarge"] = true }
        if let name = view["gridName"] as? String, !name.isEmpty { view["under"] = name }
        if let refused { view["refused"] = call.say(refused) }
        return try call.page("portal/report", title: call.say("report.title"), view, status: refused?.sort.status ?? .ok)
    }
}

/// Takes one report in, with the photos that came along; those still on the phone are awaited.
struct Taking {
    let call: Call
    var id: ReportID
    /// Uploads in the scratch folder.
    let files: [String]
    /// How many photos will follow by themselves.
    let awaited: Int
    let tooLarge: Bool

    /// The id of a photo follows from the report's and its place in it, so that one sent twice is one.
    static func photo(_ report: ReportID, _ slot: Int) -> PhotoID { PhotoID(report.uuid.derived("photo \(slot)")) }

    /// - Returns: the token of the private link.
    func take(_ spot: Spot, words: String, join: MatterID?) async throws -> String {
        let (house, now) = (call.house, call.now)
        let number = try await house.matters.nextNumber(at: now, from: house.database)
        var new = NewReport(id: id, number: number, channel: "portal", queryCode: Self.code())
        new.words = words
        new.point = spot.point
        new.grid = spot.grid
        new.language = call.language
        new.join = join
        new.person = call.session?.person.id
        let refusedLarge = tooLarge && awaited + files.count == 0
        let slots = awaited + files.count + (refusedLarge ? 1 : 0)
        new.photos = (0..<min(6, slots)).map { Self.photo(id, $0) }
        let report = try await house.matters.looked(at: new, on: now, from: house.database)
        let act = Act(id: id.uuid.derived("open"), at: now, actor: call.session?.actor ?? .stranger)
        let token = try await house.database.write { tx in
            let opened = try house.matters.open(report, act: act, in: tx)
            let verbs = try house.matters.kind(of: opened.matter, in: tx).actions.filter { $0.by.contains(.reporter) }.map(\.id)
            return try house.posts.reporterPass(report: opened.report.uuid, verbs: Set(verbs), at: now, in: tx).token
        }
        for (index, path) in files.prefix(6 - min(6, awaited)).enumerated() {
            try await PhotoDoor(call: call).take(path, as: Self.photo(id, awaited + index), actor: act.actor)
        }
        if refusedLarge {
            try await house.database.write { tx in
                try house.matters.photoRefused(Self.photo(id, 0), act: Act(id: act.derived("large"), at: now, actor: act.actor), in: tx)
            }
        }
        return token
    }

    /// Six digits; with the number they open the progress page.
    static func code() -> String { String(String(Int.random(in: 1_000_000..<2_000_000)).dropFirst()) }
}
