import Basics
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// Takes one act in: what was filled in goes to the engine, and the next matter of the queue opens.
enum ActDoor {
    static func perform(_ call: Call) async throws -> Response {
        let (id, verb, house, form, now) = (
            try call.id("matter", as: MatterID.self), try call.parameter("verb"), call.house, call.form, call.now
        )
        let list = DeskList(form["list"], zone: house.zone)
        let before = try await house.database.read { tx in
            let room = try DeskRoom(call, list: list, at: now, in: tx)
            _ = try room.open(id)
            return try room.around(id)
        }
        let actID = ActPress.id(call)
        if ActPress.isLooking(form) {
            return try await DeskPage.page(call, list: list, matter: id, asked: AskedAct(verb: verb, act: actID, typed: form))
        }
        do {
            let photoRefused = try await ActPress.perform(call, verb, on: id, as: actID)
            let did = Did(id, verb, photoRefused: photoRefused)
            if let back = Paths.commandBack(form["back"]) { return call.redirect(to: back + "&did=" + did.text) }
            let stays = try await house.database.read { tx in try DeskRoom(call, list: list, at: now, in: tx).lists(id) }
            let target = stays ? Paths.deskMatter(id) : before.next.map(Paths.deskMatter) ?? Paths.desk
            return call.redirect(to: list.beside(target, [("did", did.text)]))
        } catch let refusal as any Refusal {
            let asked = AskedAct(verb: verb, act: actID, typed: form, refused: refusal)
            return try await DeskPage.page(call, list: list, matter: id, asked: asked)
        }
    }
}

extension DeskRoom {
    /// What opens when this one has left the list: the one after it, else the one before.
    func around(_ id: MatterID) throws -> (next: MatterID?, isListed: Bool) {
        let rows = try matters.list(list.filter, for: actor, at: now, limit: 200, offset: list.page * DeskList.rowsOnPage, in: tx).map(
            \.matter.id)
        guard let at = rows.firstIndex(of: id) else { return (rows.first { $0 != id }, false) }
        return (at + 1 < rows.count ? rows[at + 1] : at > 0 ? rows[at - 1] : nil, true)
    }

    /// Whether this list still has it.
    func lists(_ id: MatterID) throws -> Bool { try around(id).isListed }
}
