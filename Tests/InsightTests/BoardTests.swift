import Basics
import Catalog
import Foundation
import Store
import Testing

@testable import Insight

/// Answers of the board against the plain way of counting.
@Suite struct BoardTests {
    static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path
    static let loaded = Result { try LiveCatalog(CatalogFiles.load(home: home)) }

    private let now = Instant(milliseconds: 1_790_000_000_000)

    private func measure(_ id: String) throws -> Measure { try #require(try Measures.of(Self.loaded.get().current)[id]) }

    /// A town of rows in a fixed mixture, and a board that holds them.
    private func town(_ rows: Int, seed: UInt64 = 3) throws -> (board: Board, lines: [BoardTable<MatterShape>.Line], paths: [Path]) {
        var random = SplitMix(seed)
        let board = Board(catalog: try Self.loaded.get())
        var paths: [Path] = []
        for a in 0..<3 { for b in 0..<4 { for c in 0..<5 { paths.append(Path.root.child(a).child(b).child(c)) } } }
        paths += [.root, Path.root.child(1), Path.root.child(2).child(0)]
        let today = now.day(in: try Self.loaded.get().current.platform.zone)
        var lines: [BoardTable<MatterShape>.Line] = []
        for row in 0..<rows {
            let state = ["open", "done", "closed", "closed", "merged", "void"].randomElement(using: &random) ?? "open"
            let opened = today - Int.random(in: 0..<60, using: &random)
            let over = !["open", "done"].contains(state)
            let shape = MatterShape(
                state: state, outcome: over ? "solved" : "", confirmed: ["", "yes", "no"].randomElement(using: &random) ?? "",
                class: "at_once", urgency: "ordinary", privacy: ["open", "inside", "confidential"].randomElement(using: &random) ?? "open",
                kind: "report", channel: "portal", flags: MatterShape.Flags(rawValue: UInt16.random(in: 0..<1024, using: &random)))
            lines.append(
                BoardTable.Line(
                    matter: UUIDv7(at: Instant(milliseconds: Int64(row))), pathNow: paths.randomElement(using: &random) ?? .root,
                    pathThen: paths.randomElement(using: &random) ?? .root, shape: shape,
                    category: ["exposed_rubbish", "gas_leak", "street_lamp", ""].randomElement(using: &random) ?? "", opened: opened,
                    closed: over ? opened + Int.random(in: 0..<10, using: &random) : nil,
                    due: over ? nil : now + .hours(Int64.random(in: -60..<60, using: &random))))
        }
        board.change { state in
            for line in lines { state.matters.put(line) }
            state.ready = true
        }
        return (board, lines, paths)
    }

    @Test func aShareByGridStateAndDay() throws {
        let (board, lines, paths) = try town(1000)
        let measure = try measure("closed_on_day")
        let today = now.day(in: board.catalog.current.platform.zone)
        for net in BoardQuestion.Net.allCases {
            let groups = [Path.root.child(0), Path.root.child(1), Path.root.child(1).child(2), paths[7]]
            var question = BoardQuestion(groups: .paths(groups), days: today - 20..<today - 5, net: net)
            question.slots = .state
            question.byDay = true
            let answer = board.ask(measure, question, at: now)
            #expect(answer.days.count == 15 && answer.groups == 4)
            // The deeper group takes the row.
            func group(_ path: Path) -> Int? {
                groups.indices.filter { groups[$0].covers(path) }.max { groups[$0].depth < groups[$1].depth }
            }
            for g in groups.indices {
                for (slot, state) in answer.slots.enumerated() {
                    for (d, day) in answer.days.enumerated() {
                        let all = lines.filter {
                            group(net == .today ? $0.pathNow : $0.pathThen) == g && $0.shape.state == state && $0.opened == day
                                && $0.shape.counts
                        }
                        let figure = answer.figure(group: g, slot: slot, day: d)
                        #expect(figure == Figure(count: all.count { $0.shape.flags.contains(.closedOnDay) }, of: all.count))
                    }
                }
            }
        }
    }

    @Test func eachFigureOpensToItsList() throws {
        let (board, lines, _) = try town(3000)
        let today = now.day(in: board.catalog.current.platform.zone)
        for measure in try Measures.of(board.catalog.current).all where measure.rows == .matters {
            var question = BoardQuestion(groups: .paths([Path.root.child(1)]), days: measure.period == .now ? nil : today - 30..<today + 1)
            if measure.id == "open_matters" { question.categories = ["gas_leak"] }
            let figure = board.ask(measure, question, at: now).total
            let counted = board.list(measure, question, limit: 5000, at: now)
            let rest = board.list(measure, question, .rest, limit: 5000, at: now)
            #expect(counted.total == figure.count && counted.total + rest.total == figure.of, "\(measure.id)")
            let confidential = Set(lines.filter { $0.shape.privacy == "confidential" }.map(\.matter))
            #expect(confidential.isDisjoint(with: counted.matters))
            #expect(Set(counted.matters).isDisjoint(with: rest.matters))
            #expect(counted.matters == counted.matters.sorted { $1 < $0 })
            #expect(board.list(measure, question, offset: 3, limit: 4, at: now).matters == Array(counted.matters.dropFirst(3).prefix(4)))
        }
    }

    @Test("a list of any length is turned page by page, by limit or newest first, and no row is left out or shown twice")
    func longLists() throws {
        let (board, lines, _) = try town(30_000)
        let measure = try #require(try Measures.of(board.catalog.current)["open_matters"])
        let due = Dictionary(uniqueKeysWithValues: lines.map { ($0.matter, $0.due) })
        let first = board.list(measure, BoardQuestion(), order: .due, limit: 1, at: now)
        #expect(first.total > 8000 && first.listed <= first.total && first.matters.count == 1)
        for order in [Board.Order.due, .newest] {
            var all: [UUIDv7] = []
            while all.count < first.listed {
                let page = board.list(measure, BoardQuestion(), order: order, offset: all.count, limit: 1000, at: now)
                #expect(page.listed == first.listed && page.matters.count == min(1000, first.listed - all.count))
                guard !page.matters.isEmpty else { break }
                all += page.matters
            }
            #expect(Set(all).count == first.listed)
            if order == .newest { continue }
            let limits = all.map { due[$0].flatMap { $0 } ?? Instant(milliseconds: .max) }
            #expect(limits == limits.sorted() && limits.first.map { $0.milliseconds < .max } == true)
        }
    }

    @Test func whatStands() throws {
        let (board, lines, _) = try town(2000)
        let zone = board.catalog.current.platform.zone
        let open = lines.filter { ["open", "done"].contains($0.shape.state) }
        #expect(board.ask(try measure("open_matters"), BoardQuestion(), at: now).total.of == open.count)
        let overdue = board.ask(try measure("overdue_matters"), BoardQuestion(), at: now).total
        #expect(overdue == Figure(count: open.count { $0.due.map { $0 < now } ?? false }, of: open.count))
        let today = board.ask(try measure("due_today_matters"), BoardQuestion(), at: now).total
        #expect(today.count == open.count { $0.due?.day(in: zone) == now.day(in: zone) })
        // A past day: opened by then, and not yet closed.
        for back in [1, 7, 30] {
            var question = BoardQuestion()
            let day = now.day(in: zone) - back
            question.on = day
            let expected = lines.count { $0.shape.counts && $0.opened <= day && ($0.closed.map { $0 > day } ?? true) }
            #expect(board.ask(try measure("open_matters"), question, at: now).total.of == expected)
        }
    }

    @Test func reachCutsEveryFigure() throws {
        let (board, lines, _) = try town(4000)
        let measure = try measure("new_matters")
        let land = Path.root.child(1)
        let wide = Path.root.child(2)
        let seen = lines.filter { line in
            line.shape.counts
                && (land.covers(line.pathNow)
                    || wide.covers(line.pathNow) && line.shape.privacy != "confidential"
                        && ["gas_leak", "street_lamp"].contains(line.category))
        }
        for net in BoardQuestion.Net.allCases {
            var question = BoardQuestion(groups: .whole, net: net)
            question.reach = [
                .init(path: land), .init(remitted: wide, categories: ["gas_leak"]),
                .init(remitted: wide, categories: ["street_lamp", "gas_leak"]),
            ]
            #expect(board.ask(measure, question, at: now).total.of == seen.count)
            #expect(board.list(measure, question, limit: 1, at: now).total == seen.count)
            question.slots = .category
            let answer = board.ask(measure, question, at: now)
            #expect(answer.total.of == seen.count)
            let slot = try #require(answer.slots.firstIndex(of: "gas_leak"))
            #expect(answer.total(slot: slot).of == seen.count { $0.category == "gas_leak" })
            question.reach = [.init(remitted: wide, categories: nil)]
            let open = lines.filter { $0.shape.counts && wide.covers($0.pathNow) && $0.shape.privacy != "confidential" }
            #expect(board.ask(measure, question, at: now).total.of == open.count)
            #expect(board.list(measure, question, limit: 1, at: now).total == open.count)
            question.reach = []
            #expect(board.ask(measure, question, at: now).total.of == 0)
            question.reach = [.init(path: land)]
            #expect(board.ask(measure, question, at: now).total.of == lines.count { $0.shape.counts && land.covers($0.pathNow) })
        }
    }

    @Test func aRowPutAgainIsInItsPlace() throws {
        let (board, lines, _) = try town(100)
        let before = board.matterCount
        var line = lines[17]
        line.shape.state = "closed"
        line.shape.channel = "elsewhere"
        line.pathNow = Path.root.child(77)
        board.change { $0.matters.put(line) }
        #expect(board.matterCount == before)
        var question = BoardQuestion(groups: .paths([Path.root.child(77)]))
        question.slots = .channel
        let answer = board.ask(try measure("new_matters"), question, at: now)
        #expect(answer.total.of == 1)
        #expect(
            board.list(try measure("new_matters"), question, at: now).matters == (line.shape.privacy == "confidential" ? [] : [line.matter])
        )
    }

    @Test func colours() {
        func colour(_ state: String, _ flags: MatterShape.Flags) -> String { MatterShape(state: state, flags: flags).colour }
        #expect(colour("closed", [.spot]) == "yellow")
        #expect(colour("closed", [.spot, .reopened]) == "green")
        #expect(colour("open", [.spot, .reopened, .passed]) == "red")
        #expect(colour("done", [.passed]) == "green")
        #expect(colour("open", [.passed]) == "red")
        #expect(colour("open", []) == "red_outline")
        #expect(colour("merged", [.passed]) == "none")
    }

    @Test func theFloorOfTheBench() throws {
        let result = try BoardBench.run(rows: 20_000, runs: 2, catalog: Self.loaded.get().current)
        #expect(result.rows == 20_000 && result.cells > result.groups)
    }

    @Test func daysOfAZoneThatChangesItsClocks() throws {
        for name in ["Asia/Shanghai", "America/New_York", "UTC"] {
            let zone = try #require(TimeZone(identifier: name))
            var reckoner = DayReckoner(zone)
            var random = SplitMix(5)
            for _ in 0..<2000 {
                let instant = Instant(milliseconds: Int64.random(in: 1_500_000_000_000..<1_900_000_000_000, using: &random))
                #expect(reckoner.day(instant) == instant.day(in: zone))
            }
        }
    }
}
