import Basics
import Catalog
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// One decision about several matters: first what it would do to each, then what it did.
enum ManyPage {
    static func show(_ call: Call) async throws -> Response {
        try await preview(call, Many(Form(URLEncoded.pairs(call.request.uri.query ?? "")), at: call.now))
    }

    static func perform(_ call: Call) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let (many, house) = (Many(call.form, at: call.now), call.house)
        guard let action = try action(many.verb, house) else { throw MatterRefusal.noSuchAction(many.verb) }
        if call.form.has("look") { return try await preview(call, many) }
        do {
            try checked(many, action)
            let act = Act(id: many.act, at: call.now, actor: session.actor)
            let outcomes = try await house.matters.perform(
                many.verb, on: many.ids, since: many.versions, input: many.input, act: act, in: house.database)
            return try await result(call, many, action, outcomes)
        } catch let refusal as any Refusal {
            return try await preview(call, many, refused: refusal)
        }
    }

    /// An action that may be done to many, of whatever kind has it.
    private static func action(_ verb: String, _ house: House) throws -> Action? {
        try house.matters.kinds().byID.values.lazy.compactMap { $0.action(verb) }.first(where: \.isForMany)
    }

    /// What is missing is missing for all of them: said once, and nothing is begun.
    private static func checked(_ many: Many, _ action: Action) throws {
        guard !many.ids.isEmpty else { throw PlainRefusal("desk.many_none") }
        if many.words.isEmpty, let need = action.needs.first { throw MatterRefusal.missing(need) }
        if many.words.count > ActInput.longestWords { throw MatterRefusal.wordsTooLong(ActInput.longestWords) }
        if action.does == .classify, many.category.isEmpty { throw PlainRefusal("desk.many_category") }
    }

    // MARK: Before

    private static func preview(_ call: Call, _ many: Many, refused: (any Refusal)? = nil) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let (house, now) = (call.house, call.now)
        let (choices, versions) = try await house.database.read { tx in
            (try decisions(many, call, at: now, in: tx), try house.matters.versions(of: many.ids, in: tx))
        }
        let verb = choices.contains { $0.action.id == many.verb } ? many.verb : choices.first?.action.id ?? ""
        var outcomes: [Outcome] = []
        let chosen = choices.first { $0.action.id == verb }?.action
        if let chosen {
            let act = Act(id: many.act, at: now, actor: session.actor)
            outcomes = try await house.matters.rehearse(verb, on: many.ids, input: many.input(for: chosen), act: act, in: house.database)
        }
        let found = outcomes
        var view: View = try await house.database.read { tx in
            let room = try DeskRoom(call, list: DeskList(many.list, zone: house.zone), at: now, in: tx)
            var view = try around(room)
            view["choices"] = choices.map { choice -> View in
                var line: View = [
                    "name": room.say(choice.action.nameKey), "href": many.href(choice.action.id),
                    "count": String(choice.action.id == verb ? found.filter { $0.refused == nil }.count : choice.count),
                    "icon": choice.action.icon,
                ]
                if choice.action.id == verb { line["current"] = true }
                return line
            }
            guard let chosen else { return view }
            let lines = ManyLines(room: room, action: chosen, versions: versions)
            let (can, cannot) = (found.filter { $0.refused == nil }, found.filter { $0.refused != nil })
            view["can"] = try can.map(lines.line)
            view["cannot"] = try cannot.map(lines.line)
            view["anyCannot"] = !cannot.isEmpty
            view["cannotTitle"] = room.say("desk.many.cannot", ["count": String(cannot.count)])
            guard !can.isEmpty else { return view }
            view["form"] = form(room, many, chosen, count: can.count)
            return view
        }
        if let refused { view["refused"] = call.say(refused) }
        return try call.page("desk/many", title: call.say("desk.many.title"), view, status: refused?.sort.status ?? .ok)
    }

    /// What may be decided, and for how many of them: the commonest first.
    private static func decisions(_ many: Many, _ call: Call, at now: Instant, in tx: Transaction) throws -> [(action: Action, count: Int)]
    {
        guard let actor = call.session?.actor else { return [] }
        let matters = call.house.matters
        let seen = try matters.seen(many.ids, by: actor, at: now, in: tx)
        var counts: [String: (action: Action, count: Int)] = [:]
        for id in many.ids where seen.contains(id) {
            guard let matter = try matters.matter(id, in: tx) else { continue }
            let parts = try matters.parts(of: id, in: tx)
            for action in try matters.allowed(on: matter, parts: parts, for: actor, at: now, in: tx) where action.isForMany {
                counts[action.id, default: (action, 0)].count += 1
            }
        }
        return counts.values.sorted { ($0.action.turn, $0.action.id) < ($1.action.turn, $1.action.id) }
    }

    private static func form(_ room: DeskRoom, _ many: Many, _ action: Action, count: Int) -> View {
        var form: View = [
            "verb": action.id, "act": many.act.description, "list": many.list, "icon": action.icon,
            "name": room.say("desk.many.do", ["action": room.say(action.nameKey), "count": String(count)]),
        ]
        if !action.isOneClick {
            form["words"] =
                [
                    "typed": many.words, "label": room.say(action.needs.isEmpty ? "desk.form.words" : "desk.form.reason"),
                    "hint": room.say(action.isHeardOutside ? "desk.form.heard" : "desk.form.inside"),
                ] as View
        }
        if action.does == .classify {
            let catalog = room.house.catalog
            form["categories"] =
                [
                    "groups": catalog.groups.map { group -> View in
                        let options = catalog.categories.filter { $0.group == group && !$0.retired }.map { category -> View in
                            var option: View = ["value": category.id, "label": room.say(category.nameKey)]
                            if category.id == many.category { option["selected"] = true }
                            return option
                        }
                        return ["group": room.say("category_group.\(group)"), "options": options]
                    }
                ] as View
        }
        form["outcomes"] = action.outcomes.enumerated().map { index, outcome -> View in
            var line: View = ["value": outcome, "label": room.say("outcome.\(outcome)")]
            if many.outcome.isEmpty ? index == 0 : many.outcome == outcome { line["checked"] = true }
            return line
        }
        return form
    }

    // MARK: After

    private static func result(_ call: Call, _ many: Many, _ action: Action, _ outcomes: [Outcome]) async throws -> Response {
        let (house, now) = (call.house, call.now)
        let view: View = try await house.database.read { tx in
            let room = try DeskRoom(call, list: DeskList(many.list, zone: house.zone), at: now, in: tx)
            let (done, left) = (outcomes.filter { $0.refused == nil }, outcomes.filter { $0.refused != nil })
            let lines = ManyLines(
                room: room, action: action, isDone: true, versions: try house.matters.versions(of: done.map(\.id), in: tx))
            var view = try around(room)
            view["atResult"] = true
            let step = house.wording.find("step.\(action.id)", call.language, [:]) ?? room.say(action.nameKey)
            view["doneTitle"] = room.say("desk.many.done", ["count": String(done.count), "step": step])
            view["can"] = try done.map(lines.line)
            view["cannot"] = try left.map(lines.line)
            view["anyCannot"] = !left.isEmpty
            view["cannotTitle"] = room.say("desk.many.left", ["count": String(left.count)])
            if let undone = action.undoneBy, !done.isEmpty,
                let back = try room.matters.kinds().byID.values.lazy.compactMap({ $0.actions(undone).first }).first
            {
                view["undo"] =
                    ["verb": back.id, "act": UUIDv7(at: now).description, "list": many.list, "name": room.say(back.nameKey)] as View
            }
            return view
        }
        return try call.page("desk/many", title: call.say("desk.many.title"), view)
    }

    private static func around(_ room: DeskRoom) throws -> View {
        let view: View = [
            "backToList": room.list.beside(Paths.desk), "who": room.actor.heldPosts.first.map { room.postName($0.post) } ?? "",
            "can": [View](), "cannot": [View](), "choices": [View](),
        ]
        return view.merging(try room.callsWaiting()) { first, _ in first }
    }
}
