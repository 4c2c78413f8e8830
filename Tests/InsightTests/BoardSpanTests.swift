import Basics
import Catalog
import Store
import Testing

@testable import Insight

/// Years that a question does not ask about are left out of its scan, and no figure changes.
@Suite struct BoardSpanTests {
    private let now = Instant(milliseconds: 1_790_000_000_000)

    /// Two years of rows, the last month at their end; the first of them are as the last ones, so that a few are found among the old.
    private func lines(_ today: Day) -> [BoardTable<MatterShape>.Line] {
        var random = SplitMix(5)
        let rows = BoardTable<MatterShape>.Chunk.capacity + 3000
        return (0..<rows).map { row in
            let isNew = row >= BoardTable<MatterShape>.Chunk.capacity
            let opened = today - (isNew ? Int.random(in: 0..<30, using: &random) : 60 + (rows - row) / 100)
            let state = isNew ? ["open", "done", "closed", "merged"].randomElement(using: &random) ?? "open" : "closed"
            let shape = MatterShape(
                state: state, outcome: state == "closed" ? "solved" : "", confirmed: "", class: "at_once", urgency: "ordinary",
                privacy: row % 50 == 0 ? "confidential" : "open", kind: "report", channel: "portal",
                flags: MatterShape.Flags(rawValue: UInt16(row % 16)))
            let path = Path.root.child(row % 3).child(row % 5)
            return BoardTable.Line(
                matter: UUIDv7(at: Instant(milliseconds: Int64(row))), pathNow: path, pathThen: path, shape: shape,
                category: ["exposed_rubbish", "street_lamp"][row % 2], opened: opened,
                closed: state == "closed" ? opened + row % 10 : nil, due: state == "open" ? now + .hours(Int64(row % 40 - 20)) : nil)
        }
    }

    @Test("figures and lists do not hang on the order in which rows came")
    func order() throws {
        let catalog = try BoardTests.loaded.get()
        let today = now.day(in: catalog.current.platform.zone)
        let inOrder = lines(today)
        var random = SplitMix(7)
        let boards = [inOrder, inOrder.shuffled(using: &random)].map { lines in
            let board = Board(catalog: catalog)
            board.change { state in
                for line in lines { state.matters.put(line) }
                // One of the oldest is opened again: its chunk has something that stands from now on.
                var again = inOrder[17]
                (again.shape.state, again.closed, again.due) = ("open", nil, now - .hours(1))
                state.matters.put(again)
                state.ready = true
            }
            return board
        }
        var figures = 0
        for measure in try Measures.of(catalog.current).all where measure.rows == .matters {
            for days in [today - 3..<today, today - 200..<today - 150, today..<today + 1] {
                var question = BoardQuestion(groups: .paths([Path.root.child(0), Path.root.child(1).child(2)]), days: days)
                question.slots = .state
                if measure.period == .now, days.upperBound <= today { question.on = days.lowerBound }
                let answers = boards.map { $0.ask(measure, question, at: now) }
                #expect(answers[0].total == answers[1].total, "\(measure.id) \(days)")
                figures += answers[0].total.of
                let lists = boards.map { Set($0.list(measure, question, limit: 100_000, at: now).matters) }
                #expect(lists[0] == lists[1], "\(measure.id) \(days)")
            }
        }
        #expect(figures > 1000)
    }

    @Test("a span tells days and shapes, and only grows")
    func span() {
        var span = BoardChunkSpan()
        let all: (Int) -> Bool = { _ in true }
        #expect(!span.mayHold(.all, asked: all))
        span.add(opened: 10, closed: 12, shape: 3)
        span.add(opened: 20, closed: 25, shape: 70)
        for (days, expected) in [
            (BoardScan.Days.all, true), (.opened(20..<21), true), (.opened(21..<30), false), (.opened(0..<10), false),
            (.closed(25..<26), true),
            (.closed(26..<90), false), (.openOn(9), false), (.openOn(24), true), (.openOn(25), false),
        ] { #expect(span.mayHold(days, asked: all) == expected, "\(days)") }
        #expect(span.mayHold(.all) { $0 == 70 } && span.mayHold(.all) { $0 == 3 } && !span.mayHold(.all) { $0 == 4 })
        span.add(opened: 15, closed: .max, shape: 4)
        #expect(span.mayHold(.openOn(90), asked: all) && span.mayHold(.all) { $0 == 4 })
    }
}
