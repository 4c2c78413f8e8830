import Basics
import Hummingbird
import HummingbirdCore
import Matters
import Store

/// One matter on the phone: photos, place, what I can do now, every step.
enum FieldMatter {
    static func show(_ call: Call) async throws -> Response { try await page(call, try call.id("matter")) }

    /// An action's form in place of the buttons; also the way without JavaScript.
    static func form(_ call: Call) async throws -> Response {
        try await page(call, try call.id("matter"), asked: try AskedAct(call))
    }

    static func act(_ call: Call) async throws -> Response {
        let (id, verb, actID) = (try call.id("matter", as: MatterID.self), try call.parameter("verb"), ActPress.id(call))
        if ActPress.isLooking(call.form) { return try await page(call, id, asked: AskedAct(verb: verb, act: actID, typed: call.form)) }
        do {
            let photoRefused = try await ActPress.perform(call, verb, on: id, as: actID)
            let did = [("did", verb)] + (photoRefused ? [("photo", "refused")] : [])
            return call.redirect(to: Paths.fieldMatter(id) + "?" + URLEncoded.encoded(did))
        } catch let refusal as any Refusal where !(refusal is PlainRefusal && refusal.sort == .missing) {
            return try await page(call, id, asked: AskedAct(verb: verb, act: actID, typed: call.form, refused: refusal))
        }
    }

    private static func page(_ call: Call, _ id: MatterID, asked: AskedAct? = nil) async throws -> Response {
        let (now, did, photoRefused) = (call.now, call.query("did"), call.query("photo") == "refused")
        let found: (String, View) = try await call.house.database.read { tx in
            let room = try DeskRoom(call, list: DeskList("", zone: call.house.zone), at: now, in: tx)
            let seen = try room.open(id)
            if let asked, seen.kind.action(asked.verb) == nil { throw MatterRefusal.noSuchAction(asked.verb) }
            let page = FieldMatterView(room: room, seen: seen, asked: asked, did: did, photoRefused: photoRefused)
            return (call.title(of: seen.matter), try page.view())
        }
        return try call.page("field/matter", title: found.0, found.1, status: asked?.refused?.sort.status ?? .ok)
    }
}
