import Basics
import Foundation
import Matters
import Posts
import Store

/// One decision about several matters, as its form carries it.
struct Many: Sendable {
    let ids: [MatterID]
    let verb: String
    let act: UUIDv7
    let words: String
    let category: String
    let outcome: String
    /// As they were when it was looked at.
    let versions: [MatterID: Int64]
    let list: String

    /// Each matter is `ID` or `ID~version`.
    init(_ form: Form, at now: Instant) {
        var (ids, versions): ([MatterID], [MatterID: Int64]) = ([], [:])
        for text in form.all("m").prefix(Matters.mostTogether) {
            let parts = text.split(separator: "~")
            guard let first = parts.first, let id = MatterID(first), !ids.contains(id) else { continue }
            ids.append(id)
            if parts.count > 1 { versions[id] = Int64(parts[1]) }
        }
        self.ids = ids
        self.versions = versions
        verb = String(form["verb"].prefix(60))
        act = UUIDv7(form["act"]) ?? UUIDv7(at: now)
        words = form["words"]
        category = form["category"]
        outcome = form["outcome"]
        list = form["list"]
    }

    var input: ActInput {
        var input = ActInput()
        input.words = words.isEmpty ? nil : words
        input.category = category.isEmpty ? nil : category
        input.outcome = outcome.isEmpty ? nil : outcome
        return input
    }

    /// To find out what would happen, before the reason is written.
    func input(for action: Action) -> ActInput {
        var input = input
        if input.words == nil, action.needs.contains(.reason) || action.needs.contains(.words) { input.words = "…" }
        return input
    }

    func href(_ verb: String) -> String {
        Paths.deskMany + "?" + URLEncoded.encoded(ids.map { ("m", $0.description) } + [("verb", verb), ("list", list)])
    }
}

extension Action {
    /// Means the same for each of several matters: nothing has to be chosen for one of them alone.
    var isForMany: Bool {
        guard !by.allSatisfy({ $0 == .reporter }), Set(needs).isSubset(of: [.reason, .words]) else { return false }
        return switch does {
        case .take, .ask, .returnPart, .classify, .question, .supervise, .unsupervise, .note, .close, .takeBack, .recall, .unmerge: true
        case .handOn: to == .above
        default: false
        }
    }
}

/// What happens, or happened, to one of several matters in words.
struct ManyLines {
    let room: DeskRoom
    let action: Action
    var isDone = false
    /// The matters as they were looked at.
    let versions: [MatterID: Int64]

    func line(_ outcome: Outcome) throws -> View {
        let matter = outcome.matter
        var line: View = [
            "title": room.call.title(of: matter), "number": matter.number, "placeOf": room.place(matter),
            "hrefOf": Paths.deskMatter(matter.id), "value": matter.id.description + (versions[matter.id].map { "~\($0)" } ?? ""),
        ]
        room.call.mark(matter, &line)
        if let performed = outcome.performed {
            line["will"] = words(matter, performed)
        } else if let refused = outcome.refused {
            line["why"] = try why(matter, refused)
        }
        return line
    }

    /// Whom it goes to and by when, how it ends, what changes.
    private func words(_ before: Matter, _ performed: Performed) -> String {
        let after = performed.matter
        var words: [String] = []
        if !performed.offered.isEmpty {
            let posts = performed.offered.map { room.worker($0.post) }.joined(separator: room.say("desk.and"))
            let by = performed.offered.compactMap(\.takeBy).min()
            words.append(
                by.map { room.say("desk.many.goes_by", ["posts": posts, "moment": room.times.moment($0)]) }
                    ?? room.say("desk.many.goes", ["posts": posts]))
        }
        if let category = after.category, category != before.category {
            words.append(room.say("desk.many.category", ["category": room.say("category.\(category)")]))
        }
        if after.state != before.state { words.append(after.state == .open ? room.say("state.open") : room.ending(after)) }
        if words.isEmpty {
            words.append(room.house.wording.find("step.\(action.id)", room.call.language, [:]) ?? room.say(action.nameKey))
        }
        if performed.offered.isEmpty, let due = after.dueAt, due != before.dueAt {
            words.append(room.say("desk.taken.due", ["moment": room.times.moment(due)]))
        }
        return words.joined(separator: room.say("desk.many.join"))
    }

    /// What somebody else did meanwhile is named.
    private func why(_ matter: Matter, _ refused: any Refusal) throws -> String {
        let isOvertaken = [.changed, .notNow(state: matter.state.rawValue)].contains(refused as? MatterRefusal)
        guard isOvertaken, let seen = try room.matters.view(matter.id, for: room.actor, at: room.now, in: room.tx),
            let last = seen.steps.last(where: { $0.mechanism != nil && $0.mechanism != .note })
        else { return room.call.say(refused) }
        let step = try StepsView(room: room, seen: seen).line(of: last)
        return room.say(isDone ? "desk.many.meanwhile" : "desk.many.already", ["step": step.title, "who": step.who])
    }
}
