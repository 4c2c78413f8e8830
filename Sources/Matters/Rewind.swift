import Basics
import Catalog
import Posts
import Store

/// A matter with its journal and its limits, from which it is told how it stood at any instant.
///
/// The row holds only the present. What changed it is in the journal by mechanism, so the past is the journal read up to that instant. A limit
/// that was moved or paused is told as it stands now; nothing else of the past is kept twice.
package struct Rewind: Sendable {
    package let matter: Matter
    package let row: ScopeRow
    let kind: Kind
    /// Oldest first.
    let entries: [Entry]
    let clocks: [RunningClock]

    /// When anything about it may have changed.
    package var turns: [Instant] {
        Set(entries.map(\.at) + clocks.flatMap { [$0.startedAt, $0.dueAt + Span(milliseconds: 1)] }).sorted()
    }

    /// Whether it was opened before and nothing was done to it since.
    package func isSteady(since instant: Instant) -> Bool { matter.openedAt < instant && entries.allSatisfy { $0.at < instant } }

    /// As it stood; nil before it was opened.
    package func at(_ instant: Instant) -> Matter? {
        guard matter.openedAt <= instant else { return nil }
        // Nothing after that: the row itself, with the limits that ran.
        let happened = entries.prefix { $0.at <= instant }
        var then = matter
        if happened.count < entries.count {
            then.state = .open
            (then.spot, then.passed, then.supervised, then.asked, then.reopened) = (false, false, false, false, 0)
            (then.outcome, then.confirmed, then.mergedInto, then.doneAt, then.closedAt) = (nil, nil, nil, nil, nil)
            for entry in happened { apply(entry, to: &then) }
        }
        then.dueAt = then.state == .open ? due(at: instant, paused: then.asked) : nil
        return then
    }

    /// Any of its limits had been missed by then.
    package func wasLate(at instant: Instant) -> Bool {
        clocks.contains { $0.startedAt <= instant && $0.dueAt < min(instant, $0.stoppedAt ?? instant) && !$0.isPaused }
    }

    private func due(at instant: Instant, paused: Bool) -> Instant? {
        clocks.filter { clock in
            clock.startedAt <= instant && (clock.stoppedAt.map { $0 > instant } ?? true)
                && !(paused && kind.clocks[clock.name]?.pauses ?? false)
                && !(clock.isPaused && entries.last.map { $0.at <= instant } ?? true)
        }.map(\.dueAt).min()
    }

    private func apply(_ entry: Entry, to then: inout Matter) {
        let verb = String(entry.verb.drop { $0 != "." }.dropFirst())
        guard let does = entry.detail["does"].flatMap(Mechanism.init(rawValue:)) else {
            switch entry.verb {
            case "matter.imported": imported(at: entry.at, &then)
            case "matter.closed_unconfirmed": end(&then, .closed, then.outcome, entry.at)
            default: break
            }
            return
        }
        switch does {
        case .handOn, .ask, .returnPart: then.passed = true
        case .finish:
            then.spot = kind.action(verb)?.spot ?? (matter.spot && matter.doneAt == entry.at)
            then.confirmed = nil
            end(&then, then.spot ? .closed : .done, .solved, entry.at)
        case .close: end(&then, .closed, entry.detail["outcome"].flatMap(Matter.Outcome.init(rawValue:)), entry.at)
        case .withdraw:
            // One of several reporters leaves quietly: that ended nothing.
            guard matter.outcome == .withdrawn, matter.closedAt == entry.at else { return }
            end(&then, .closed, .withdrawn, entry.at)
        case .recall: if entry.detail["undid"] == "passed" { then.passed = false }
        case .takeBack: open(&then)
        case .reopen:
            open(&then)
            then.reopened += 1
        case .confirm where entry.detail["answer"] == Matter.Answer.yes.rawValue:
            then.confirmed = .yes
            if then.state == .done { end(&then, .closed, then.outcome, entry.at) }
        case .confirm:
            open(&then)
            then.reopened += 1
            then.confirmed = .no
        case .merge:
            then.state = .merged
            then.mergedInto = entry.detail["into"].flatMap { MatterID($0) }
        case .unmerge: then.state = .open
        case .supervise: then.supervised = true
        case .unsupervise: then.supervised = false
        case .question: then.asked = true
        case .reply: then.asked = false
        case .take, .answer, .classify, .setMilestones, .reachMilestone, .progress, .extend, .grant, .deny, .note, .rateAnswer, .rateAsk,
            .rate:
            break
        }
        // From the third time on it goes to the post above.
        if then.reopened >= 3, does == .reopen || does == .confirm { then.passed = true }
    }

    private func end(_ then: inout Matter, _ state: Matter.State, _ outcome: Matter.Outcome?, _ at: Instant) {
        (then.state, then.outcome, then.asked) = (state, outcome, false)
        then.doneAt = then.doneAt ?? at
        then.closedAt = state == .closed ? at : nil
    }

    private func open(_ then: inout Matter) {
        (then.state, then.spot, then.outcome, then.doneAt, then.closedAt, then.confirmed) = (.open, false, nil, nil, nil, nil)
    }

    /// What came from another system came as it was there.
    private func imported(at instant: Instant, _ then: inout Matter) {
        let ended = matter.closedAt ?? matter.doneAt
        guard let ended, ended <= instant else { return }
        (then.state, then.outcome, then.spot, then.passed) = (matter.state, matter.outcome, matter.spot, matter.passed)
        (then.doneAt, then.closedAt, then.confirmed) = (matter.doneAt, matter.closedAt, matter.confirmed)
    }
}

extension Matters {
    /// Every matter that stood open at an instant, was opened after it or changed after it, and was opened before another: with its journal.
    package func rewinds(since start: Instant, before end: Instant, in tx: Transaction) throws -> [Rewind] {
        let ids: [UUIDv7] = try tx.all(
            """
            SELECT m.id FROM matter m WHERE m.opened_at < \(end) AND m.state <> 'void' AND (m.state = 'open'
                OR m.id IN (SELECT e.subject_id FROM entry e WHERE e.at >= \(start) AND e.subject = 'matter'))
            """
        ) { try $0["id"] }
        let kinds = try kinds()
        var rewinds: [Rewind] = []
        rewinds.reserveCapacity(ids.count)
        for first in stride(from: 0, to: ids.count, by: 500) {
            let some = Array(ids[first..<min(first + 500, ids.count)])
            var entries: [UUIDv7: [Entry]] = [:]
            try tx.each(
                """
                SELECT \(sql: Entry.columns) FROM entry WHERE subject_id IN (\(list: some)) AND verb <> 'part.offered' ORDER BY at, seq
                """
            ) { row in
                let entry = try Entry(row)
                entries[entry.subjectID, default: []].append(entry)
            }
            var clocks: [UUIDv7: [RunningClock]] = [:]
            try tx.each("SELECT * FROM clock WHERE matter_id IN (\(list: some)) ORDER BY started_at, id") { row in
                clocks[try row["matter_id"], default: []].append(try RunningClock(row))
            }
            for (matter, row) in try scoped(some, in: tx) {
                let id = matter.id.uuid
                rewinds.append(
                    Rewind(
                        matter: matter, row: row, kind: kinds[matter.kind], entries: entries[id] ?? [], clocks: clocks[id] ?? []))
            }
        }
        return rewinds
    }
}
