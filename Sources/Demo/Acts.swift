import Basics

// Single acts, as the engine would have written them down.

extension Life {
    mutating func offer(
        _ matter: inout Matter, _ post: UUIDv7, given: String, _ at: Instant, taken: Bool = false, ask: UUIDv7? = nil,
        askedBy: UUIDv7? = nil
    ) {
        let share = Share(
            id: chance.id(at: at), post: post, ask: ask, askedBy: askedBy, given: given, lead: ask != nil,
            state: taken ? "doing" : "offered",
            offered: at, taken: taken ? at : nil)
        matter.shares.append(share)
        note(matter, "part.offered", at: at, detail: ["part": "\(share.id)", "post": "\(post)", "given": given])
    }

    /// The newest open share is taken on.
    mutating func take(_ matter: inout Matter, _ verb: String, _ at: Instant) {
        guard let index = matter.shares.lastIndex(where: { $0.state == "offered" }) else { return }
        matter.shares[index].state = "doing"
        matter.shares[index].taken = at
        note(
            matter, "matter." + verb, at: at, post: matter.shares[index].post,
            detail: ["does": "take", "part": "\(matter.shares[index].id)"],
            words: verb == actions.sign_in && chance.chance(0.4) ? chance.pick(steps.take) : nil)
    }

    mutating func handOn(_ matter: inout Matter, to post: UUIDv7, _ at: Instant) {
        guard let index = matter.shares.lastIndex(where: { $0.ask == nil && $0.state == "doing" }) else { return }
        let from = matter.shares[index].post
        let words = chance.chance(0.5) ? chance.pick(steps.pass) : nil
        matter.shares[index].state = "done"
        matter.shares[index].ended = at
        matter.shares[index].words = words
        matter.passed = true
        note(matter, "matter." + actions.up, at: at, post: from, detail: ["does": "hand_on", "to": "\(post)"], words: words)
        offer(&matter, post, given: actions.up, at, askedBy: from)
    }

    mutating func ask(_ matter: inout Matter, _ clerk: UUIDv7, _ at: Instant) {
        let asker = matter.shares.last { $0.ask == nil && $0.state == "doing" }?.post
        let ask = chance.id(at: at)
        matter.passed = true
        note(
            matter, "matter." + actions.ask, at: at, post: asker, detail: ["does": "ask", "ask": "\(ask)", "count": "1"],
            words: chance.chance(0.6) ? chance.pick(steps.whistle) : nil)
        offer(&matter, clerk, given: actions.ask, at, ask: ask, askedBy: asker)
    }

    mutating func answer(_ matter: inout Matter, _ at: Instant, words: String) {
        guard let index = matter.shares.lastIndex(where: { $0.ask != nil && $0.state == "doing" }) else { return }
        matter.shares[index].state = "done"
        matter.shares[index].ended = at
        matter.shares[index].words = words
        note(
            matter, "matter." + actions.answer, at: at, post: matter.shares[index].post,
            detail: ["does": "answer", "part": "\(matter.shares[index].id)"], words: words)
    }

    mutating func rateAnswer(_ matter: inout Matter, _ at: Instant) {
        guard let index = matter.shares.lastIndex(where: { $0.ask != nil && $0.state == "done" }) else { return }
        let rating = chance.pick([5, 5, 4, 4, 3])
        matter.shares[index].rating = rating
        note(
            matter, "matter." + actions.rate_answer, at: at, post: matter.shares[index].askedBy,
            detail: ["does": "rate_answer", "part": "\(matter.shares[index].id)", "rating": "\(rating)"])
    }

    mutating func finish(_ matter: inout Matter, _ verb: String, _ at: Instant, words: String?, spot: Bool = false) {
        guard let index = matter.shares.lastIndex(where: { $0.ask == nil && $0.state == "doing" }) else { return }
        matter.shares[index].state = "done"
        matter.shares[index].ended = at
        matter.shares[index].words = words
        matter.outcome = "solved"
        matter.doneAt = at
        matter.spot = spot
        matter.state = spot ? .closed : .done
        matter.closedAt = spot ? at : nil
        note(
            matter, "matter." + verb, at: at, post: matter.shares[index].post,
            detail: ["does": "finish", "part": "\(matter.shares[index].id)"],
            words: words)
    }

    mutating func close(_ matter: inout Matter, _ at: Instant, _ outcome: String) {
        for index in matter.shares.indices where matter.shares[index].state == "doing" || matter.shares[index].state == "offered" {
            matter.shares[index].state = "recalled"
            matter.shares[index].ended = at
        }
        matter.outcome = outcome
        matter.state = .closed
        matter.doneAt = at
        matter.closedAt = at
        note(
            matter, "matter." + actions.close, at: at, post: matter.shares.last?.post, detail: ["does": "close", "outcome": outcome],
            words: chance.pick(outcome == "not_ours" ? steps.not_ours : steps.not_solved))
    }

    /// The reporter says that it is solved, and mostly how it went.
    mutating func confirm(_ matter: inout Matter, _ at: Instant) {
        matter.confirmed = "yes"
        matter.confirmedAt = at
        note(
            matter, "matter." + actions.confirm, at: at, detail: ["answer": "yes", "does": "confirm", "report": "\(matter.report)"])
        if matter.state == .done {
            matter.state = .closed
            matter.closedAt = at
        }
        guard chance.chance(0.7) else { return }
        matter.rating = matter.reopened > 0 ? chance.int(2..<5) : chance.pick([5, 5, 5, 5, 4, 4, 3])
        note(
            matter, "matter." + actions.rate, at: at,
            detail: ["rating": "\(matter.rating ?? 5)", "does": "rate", "report": "\(matter.report)"],
            words: chance.chance(0.3) ? chance.pick(steps.rated) : nil)
    }
}
