import Basics
import Matters
import Posts
import Store

/// What happened, newest first; what is awaited now stands on top with its limit.
struct StepsView {
    let room: DeskRoom
    let seen: MatterView

    func view() throws -> [View] {
        let persons = try room.house.posts.persons(Array(Set(seen.steps.compactMap(\.person))), in: room.tx)
        // What an act gave to whom belongs to the act's own line.
        var given: [Instant: [String]] = [:]
        for step in seen.steps where isGiving(step) {
            given[step.at, default: []].append(room.worker(PostID(step.detail["post"] ?? "") ?? PostID(step.id)))
        }
        var lines: [View] = seen.steps.reversed().compactMap { step in
            guard !isGiving(step) else { return nil }
            var line: View = ["class": look(step), "title": title(step), "who": who(step, persons)]
            if let posts = given.removeValue(forKey: step.at), !posts.isEmpty {
                line["to"] = room.say("desk.step.to", ["posts": posts.joined(separator: room.say("desk.and"))])
            }
            if let words = step.words { line["words"] = words }
            if let reason = step.detail["reason"] {
                line["reason"] = room.house.wording.find("reason.\(reason)", room.call.language, [:]) ?? reason
            }
            if let change = change(step) { line["change"] = change }
            return line
        }
        lines.insert(contentsOf: awaited(), at: 0)
        return lines
    }

    /// One step in words, for a sentence about it.
    func line(of step: Step) throws -> (title: String, who: String) {
        (title(step), who(step, try room.house.posts.persons([step.person].compactMap(\.self), in: room.tx)))
    }

    private func isGiving(_ step: Step) -> Bool { step.verb == "offered" }

    private func title(_ step: Step) -> String {
        room.house.wording.find(
            "step.\(step.verb)", room.call.language, ["post": room.postName(step.post), "due": step.detail["due"] ?? ""])
            ?? room.say("action.\(step.verb)")
    }

    private func who(_ step: Step, _ persons: [PersonID: Person]) -> String {
        let moment = room.times.moment(step.at)
        let post = step.post.map { room.postName($0) }
        let name = step.person.flatMap { persons[$0]?.name }
        let actor: String =
            switch step.actor {
            case .system: post ?? room.say("desk.step.platform")
            case .client: room.say("desk.step.client")
            case .pass: room.say("desk.step.reporter")
            case .person: [post, name].compactMap(\.self).joined(separator: " ")
            }
        return room.say("desk.step.who", ["who": actor.isEmpty ? room.say("desk.step.reporter") : actor, "moment": moment])
    }

    private func look(_ step: Step) -> String {
        switch step.mechanism {
        case .finish, .answer: "good"
        case .close, .returnPart: "bad"
        default: step.verb == "late" || step.verb == "milestone_late" ? "bad" : ""
        }
    }

    /// What a changed judgement was and became.
    private func change(_ step: Step) -> String? {
        let pairs: [(String, String)] = [("category", "category."), ("class", "class."), ("urgency", "urgency.")]
        let words = pairs.compactMap { name, prefix -> String? in
            guard step.mechanism == .classify, let new = step.detail[name] else { return nil }
            guard let old = step.detail["\(name)_was"] else { return room.say(prefix + new) }
            return room.say("desk.step.change", ["old": room.say(prefix + old), "new": room.say(prefix + new)])
        }
        if let rating = step.detail["rating"] { return room.say("desk.rating.\(rating)") }
        return words.isEmpty ? nil : words.joined(separator: room.say("desk.and"))
    }

    /// The limit to the end that runs.
    private var finishBy: Instant? {
        seen.clocks.last { $0.name == seen.kind.finishClock?.name && $0.stoppedAt == nil && !$0.isPaused }?.dueAt
    }

    /// Who is awaited now, until when.
    private func awaited() -> [View] {
        let matter = seen.matter
        if matter.state == .done {
            var line: View = ["class": "now", "title": room.say("desk.now.confirm")]
            let until = seen.clocks.last { $0.stoppedAt == nil && seen.kind.clocks[$0.name]?.closes == true }
            if let until { line["who"] = room.say("desk.now.until", ["moment": room.times.moment(until.dueAt)]) }
            return [line]
        }
        guard matter.state == .open else { return [] }
        if matter.asked { return [["class": "now", "title": room.say("desk.now.reporter"), "who": room.say("desk.now.paused")]] }
        return seen.parts.filter(\.isOpen).sorted {
            ($0.ask == nil ? 0 : 1, $0.offeredAt, $0.id) < ($1.ask == nil ? 0 : 1, $1.offeredAt, $1.id)
        }.map { part in
            let key =
                part.ask == nil
                ? (part.state == .offered ? "desk.now.take" : "desk.now.doing")
                : (part.state == .offered ? "desk.now.sign_in" : "desk.now.answer")
            var line: View = ["class": "now", "title": room.say(key, ["post": room.worker(part.post)])]
            if let due = part.state == .offered ? part.takeBy : part.ask == nil ? finishBy : nil {
                let isLate = due < room.now
                line["who"] = room.say("desk.now.due", ["moment": room.times.moment(due), "left": room.times.left(due)])
                if isLate { line["late"] = true }
            }
            return line
        }
    }
}
