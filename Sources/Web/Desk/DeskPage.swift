import Basics
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// One page: the queue on the left, one matter on the right, its form in place of the bar when one is open.
enum DeskPage {
    /// The queue with its first matter; on a phone the queue alone.
    static func list(_ call: Call) async throws -> Response { try await page(call, list: here(call)) }

    static func matter(_ call: Call) async throws -> Response {
        try await page(call, list: here(call), matter: try call.id("matter"))
    }

    /// An action's form, also the way without JavaScript.
    static func form(_ call: Call) async throws -> Response {
        try await page(call, list: here(call), matter: try call.id("matter"), asked: try AskedAct(call))
    }

    static func here(_ call: Call) -> DeskList { DeskList(call.request.uri.query ?? "", zone: call.house.zone) }

    static func page(_ call: Call, list: DeskList, matter: MatterID? = nil, asked: AskedAct? = nil) async throws -> Response {
        let now = call.now
        let did = Did(call.query("did"))
        let view: View = try await call.house.database.read { tx in
            let room = try DeskRoom(call, list: list, at: now, in: tx)
            // A matter of another land is not there, whatever the queue is.
            let named = try matter.map { try room.open($0) }
            let queue = try room.queue(current: matter)
            var view = queue.view
            view["atMatter"] = matter != nil
            view["query"] = room.list.query
            view["backToList"] = room.list.beside(Paths.desk)
            view["who"] = room.actor.heldPosts.first.map { room.postName($0.post) } ?? ""
            view["newHref"] = Paths.deskNew
            view.merge(try room.callsWaiting()) { first, _ in first }
            if let did, let toast = try did.view(room) { view["toast"] = toast }
            if let seen = try named ?? queue.open.map({ try room.open($0) }) {
                let pane = MatterPane(room: room, seen: seen)
                view["matter"] = try pane.view()
                view["bar"] = pane.bar()
                if let asked { try fill(&view, pane, asked) }
            }
            return view
        }
        return try call.page("desk/desk", title: call.say("desk.title"), view, status: asked?.refused?.sort.status ?? .ok)
    }

    private static func fill(_ view: inout View, _ pane: MatterPane, _ asked: AskedAct) throws {
        if let refused = asked.refused { view["refused"] = pane.room.call.say(refused) }
        let isAllowed = pane.seen.actions.contains { $0.id == asked.verb }
        guard let action = pane.seen.kind.action(asked.verb) else { throw MatterRefusal.noSuchAction(asked.verb) }
        guard isAllowed else {
            // Somebody was faster: what happened is on the page, what was typed is not lost.
            view["refused"] = try pane.room.overtaken(pane.seen, asked)
            if let words = asked.typed.all("words").first, !words.isEmpty { view["kept"] = words }
            return
        }
        // What is done by one press is shown as its button again.
        if action.isOneClick { return }
        view["form"] = try ActForm(room: pane.room, seen: pane.seen, action: action, asked: asked, door: .desk).view()
        view["formOpen"] = true
    }
}

/// What was just done, as the address of the next page tells it: `MATTER~action`.
struct Did: Sendable {
    let matter: MatterID
    let verb: String
    let photoRefused: Bool

    init(_ matter: MatterID, _ verb: String, photoRefused: Bool = false) {
        self.matter = matter
        self.verb = verb
        self.photoRefused = photoRefused
    }

    init?(_ text: String) {
        let parts = text.split(separator: "~")
        guard parts.count >= 2, let matter = MatterID(parts[0]) else { return nil }
        self.init(matter, String(parts[1].prefix(60)), photoRefused: parts.count > 2)
    }

    var text: String { "\(matter)~\(verb)" + (photoRefused ? "~photo" : "") }

    /// The toast, with undo where the kind offers it.
    func view(_ room: DeskRoom) throws -> View? {
        guard let seen = try? room.open(matter), let action = seen.kind.action(verb) else { return nil }
        let step = room.house.wording.find("step.\(verb)", room.call.language, [:]) ?? room.say(action.nameKey)
        var view: View = [
            "words": room.say("desk.did", ["title": room.call.title(of: seen.matter), "step": step]),
            "hrefOf": room.list.beside(Paths.deskMatter(matter)),
        ]
        if photoRefused { view["note"] = room.say("desk.did.photo") }
        if let undo = action.undoneBy, let back = seen.actions.first(where: { $0.does == undo }) {
            view["undo"] =
                [
                    "href": Paths.deskAct(matter, back.id), "name": room.say(back.nameKey), "act": UUIDv7(at: room.now).description,
                    "list": room.list.query,
                ] as View
        }
        return view
    }
}
