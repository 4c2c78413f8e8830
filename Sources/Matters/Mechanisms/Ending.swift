import Basics
import Catalog
import Posts
import Store

// The ends of a matter: finished, confirmed or not, closed, taken back, reopened. *Closed* is not *solved*.

extension Working {
    func finish(_ action: Action) throws {
        guard let mine = part else { throw MatterRefusal.notYours }
        if mine.state == .offered {
            var taken = mine
            taken.takenAt = now
            try save(taken)
        }
        if let current = part { try end(current, as: .done, words: input.words) }
        try endOpenParts(as: .recalled)
        try stopAllClocks()
        // What reporters said of an earlier end is not said of this one.
        if matter.reopened > 0 { try tx.run("UPDATE report SET confirmed = NULL, confirmed_at = NULL WHERE matter_id = \(matter.id)") }
        matter.confirmed = nil
        matter.outcome = .solved
        matter.doneAt = now
        matter.asked = false
        matter.spot = action.spot
        if action.spot {
            matter.state = .closed
            matter.closedAt = now
        } else {
            matter.state = .done
            if let rule = kind.confirmClock { try start(rule) }
        }
        detail["part"] = mine.id.description
    }

    /// Closed without being solved, with a reason that everybody can read.
    func close(_ action: Action) throws {
        let wanted = input.outcome ?? action.outcomes.first ?? Matter.Outcome.notSolved.rawValue
        guard action.outcomes.contains(wanted), let outcome = Matter.Outcome(rawValue: wanted) else { throw MatterRefusal.missing(.reason) }
        try endOpenParts(as: .recalled)
        try stopAllClocks()
        matter.outcome = outcome
        matter.state = .closed
        matter.doneAt = matter.doneAt ?? now
        matter.closedAt = now
        matter.asked = false
        detail["outcome"] = outcome.rawValue
    }

    /// Undoes an ending within its limit, as if it had not been: the part goes on.
    func takeBack(_ action: Action) throws {
        guard var mine = part else { throw MatterRefusal.notYours }
        mine.state = .doing
        mine.endedAt = nil
        try save(mine)
        try open()
        detail["part"] = mine.id.description
    }

    func reopen(_ action: Action) throws {
        try open()
        matter.reopened += 1
        try offerAgain(given: action.id)
    }

    private func open() throws {
        try stopAllClocks()
        matter.state = .open
        matter.spot = false
        matter.outcome = nil
        matter.doneAt = nil
        matter.closedAt = nil
        matter.confirmed = nil
        if let rule = kind.finishClock { try start(rule) }
    }

    /// Whoever finished it last has it again; from the third time on the post above.
    private func offerAgain(given: String) throws {
        guard
            let last = parts.last(where: { $0.ask == nil && $0.state != .returned })?.post ?? book.answering(at: matter.path, on: now)?.post
        else { throw MatterRefusal.noPostToTake }
        let target = matter.reopened >= 3 ? book.above(last, at: now) ?? last : last
        if target != last { matter.passed = true }
        try offer(target, given: given, askedBy: last)
    }

    /// The reporter's word. A no reopens; of several reporters any no counts until the matter is finished again.
    func confirm(_ action: Action) throws {
        let answer: Matter.Answer = action.answer ? .yes : .no
        if let report = try ownReport() {
            try tx.run("UPDATE report SET confirmed = \(answer), confirmed_at = \(now) WHERE id = \(report)")
            detail["report"] = report.description
        }
        detail["answer"] = answer.rawValue
        if action.answer {
            let anyNo = try tx.exists("SELECT 1 FROM report WHERE matter_id = \(matter.id) AND confirmed = \(Matter.Answer.no)")
            guard !anyNo else { return }
            matter.confirmed = .yes
            if matter.state == .done {
                try stopAllClocks()
                matter.state = .closed
                matter.closedAt = now
            }
        } else {
            try open()
            matter.reopened += 1
            matter.confirmed = .no
            try offerAgain(given: action.id)
        }
    }

    func rate() throws {
        guard let report = try ownReport() else { throw MatterRefusal.notYours }
        try tx.run("UPDATE report SET rating = \(input.rating) WHERE id = \(report)")
        detail["report"] = report.description
        detail["rating"] = input.rating.map(String.init)
    }

    /// One of several reporters leaves quietly; the only one ends the matter.
    func withdraw() throws {
        let report = try ownReport()
        detail["report"] = report?.description
        guard matter.reporters <= 1 else { return }
        try endOpenParts(as: .recalled)
        try stopAllClocks()
        matter.outcome = .withdrawn
        matter.state = .closed
        matter.doneAt = now
        matter.closedAt = now
    }

    /// The report that this actor speaks for.
    private func ownReport() throws -> ReportID? {
        switch act.actor {
        case .pass(_, let subject, _): return ReportID(subject.id)
        case .person(let person, _):
            return try tx.first("SELECT id FROM report WHERE matter_id = \(matter.id) AND person_id = \(person) ORDER BY at LIMIT 1") {
                try $0["id"]
            }
        case .client(let client, _):
            return try tx.first("SELECT id FROM report WHERE matter_id = \(matter.id) AND client_id = \(client) ORDER BY at LIMIT 1") {
                try $0["id"]
            }
        default: return nil
        }
    }
}
