import Basics
import Catalog
import Matters
import Posts

extension MatterPane {
    private var catalog: Catalog { room.house.catalog }

    /// Category, class, responsible and urgency, each with its reason and a way to change it.
    func judgement(_ view: inout View) throws {
        let change = seen.actions.first { $0.does == .classify }
        func edit(_ field: String) -> View? {
            change.map { ["href": room.list.beside(Paths.deskAct(matter.id, $0.id)) + "#\(field)", "key": ""] }
        }
        let category = matter.category.flatMap(catalog.category)
        let because = try reason()
        view["judge"] = [
            fact(
                "desk.judge.category", category.map { room.say($0.nameKey) } ?? room.say("desk.judge.open"),
                category.map { room.say($0.groupKey) }, edit("f-category")),
            fact(
                "desk.judge.class", matter.class.map { room.say("class.\($0)") } ?? room.say("desk.judge.open"), finishLine, edit("f-class")
            ),
            try responsible(),
            fact("desk.judge.urgency", room.say("urgency.\(matter.urgency)"), acceptLine, edit("f-urgency")),
        ]
        view["because"] = because
    }

    private func fact(_ label: String, _ value: String, _ why: String?, _ edit: View?) -> View {
        var fact: View = ["label": room.say(label), "value": value]
        if let why { fact["why"] = why }
        if let edit { fact["edit"] = edit }
        return fact
    }

    /// Why this category: a person's word goes before the platform's guess.
    private func reason() throws -> String {
        if let change = seen.steps.last(where: { $0.mechanism == .classify }) {
            return room.say("desk.because.person", ["who": room.postName(change.post), "moment": room.times.moment(change.at)])
        }
        guard let category = matter.category else { return room.say("desk.because.nothing") }
        let guesses = try room.matters.suggest(words: matter.words, at: matter.path, limit: 5)
        guard let guess = guesses.first(where: { $0.category == category }) else { return room.say("desk.because.given") }
        var reasons: [String] = []
        if guess.byWords { reasons.append(room.say("desk.because.words")) }
        if guess.byPlace { reasons.append(room.say("desk.because.place")) }
        if guess.frequentHere > 1 { reasons.append(room.say("desk.because.frequent", ["count": String(guess.frequentHere)])) }
        guard !reasons.isEmpty else { return room.say("desk.because.given") }
        return room.say("desk.because", ["reasons": reasons.joined(separator: room.say("desk.because.and"))])
    }

    /// The limit to the end with the moment it means.
    private var finishLine: String? {
        guard let clock = seen.clocks.last(where: { $0.stoppedAt == nil && $0.name == seen.kind.finishClock?.name })
        else {
            return matter.state == .open ? room.say("desk.limit.none") : nil
        }
        let limit =
            Limit(clock.limit, time: Limit.Time(rawValue: clock.time)).map { $0.text(catalog.strings, room.call.language) } ?? clock.limit
        if clock.isPaused { return room.say("desk.limit.paused", ["limit": limit]) }
        if clock.day != nil { return room.say("desk.limit.date", ["moment": room.times.before(clock.dueAt)]) }
        let key = clock.provisional ? "desk.limit.provisional" : "desk.limit.line"
        return room.say(key, ["moment": room.times.before(clock.dueAt), "limit": limit])
    }

    private var acceptLine: String? {
        let category = matter.category.flatMap(catalog.category)
        guard let limit = catalog.urgency(matter.urgency)?.accept ?? category?.accept else { return nil }
        return room.say("desk.judge.accept", ["limit": limit.text(catalog.strings, room.call.language)])
    }

    /// Whom the routing table names, else whoever answers for the land.
    private func responsible() throws -> View {
        let whistle = seen.actions.first { $0.does == .ask }
        let hand = whistle ?? seen.actions.first { $0.does == .handOn && $0.to == .chosen }
        let edit: View? = hand.map { ["href": room.list.beside(Paths.deskAct(matter.id, $0.id)), "key": ""] }
        if let found = named {
            return fact("desk.judge.responsible", room.worker(found.post), room.say("desk.judge.by_remit"), edit)
        }
        if let land = room.book.answering(at: matter.path, on: room.now) {
            return fact("desk.judge.responsible", room.postName(land.post), room.say("desk.judge.by_land"), edit)
        }
        return fact("desk.judge.responsible", room.say("desk.judge.nobody"), nil, edit)
    }

    var named: Responsible? { room.named(for: matter) }

    /// What comes after it is taken, so that the officer knows what he sets going.
    func ahead() -> [View] {
        guard matter.state == .open, seen.parts.contains(where: { $0.state == .offered && $0.ask == nil }) else { return [] }
        var lines: [String] = []
        let strings = catalog.strings
        if let named, let rule = seen.kind.clocks.values.first(where: { $0.of == .ask }), case .fixed(let limit) = rule.limit {
            lines.append(
                room.say("desk.ahead.sign_in", ["who": room.worker(named.post), "limit": limit.text(strings, room.call.language)]))
        }
        if let finish = finishLine { lines.append(room.say("desk.ahead.finish", ["limit": finish])) }
        lines.append(room.say("desk.ahead.confirm"))
        return lines.enumerated().map { ["turn": String($0.offset + 1), "line": $0.element] }
    }
}
