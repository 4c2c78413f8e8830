import Basics
import Catalog
import Foundation
import Store
import Support
import Testing

@testable import Insight

/// Parts hang on the row of their matter: however they come and change, figures and lists are those of parts put in all at once.
@Suite struct BoardPartsTests {
    private typealias Line = BoardTable<PartShape>.Line
    private let now = Instant(milliseconds: 1_790_000_000_000)

    private func matter(_ id: UUIDv7, _ today: Day) -> BoardTable<MatterShape>.Line {
        BoardTable.Line(
            matter: id, pathNow: .root, pathThen: .root, shape: MatterShape(state: "open"), category: "gas_leak", opened: today)
    }

    private func part(_ id: UUIDv7, _ today: Day, _ random: inout SplitMix) -> Line {
        let state = ["offered", "doing", "done", "returned"].randomElement(using: &random) ?? "doing"
        let path = Path.root.child(Int.random(in: 0..<4, using: &random))
        let opened = today - Int.random(in: 0..<30, using: &random)
        return Line(
            matter: id, pathNow: path, pathThen: path,
            shape: PartShape(
                state: state, given: ["open", "transfer"].randomElement(using: &random) ?? "open", lead: true,
                taken: state == "offered" ? .no : .inTime, late: Bool.random(using: &random), privacy: "open"),
            category: "gas_leak", post: UUIDv7(high: 7, low: UInt64.random(in: 0..<5, using: &random)), opened: opened,
            closed: ["done", "returned"].contains(state) ? opened + Int.random(in: 0..<5, using: &random) : nil,
            due: state == "doing" ? now + .hours(Int64.random(in: -9..<9, using: &random)) : nil)
    }

    private func board(_ matters: [UUIDv7], _ parts: [UUIDv7: [Line]], _ today: Day) throws -> Board {
        let board = Board(catalog: try BoardTests.loaded.get())
        board.change { state in
            for id in matters { state.matters.put(matter(id, today)) }
            for line in parts.values.joined() { state.add(part: line) }
            state.ready = true
        }
        return board
    }

    private func same(_ a: Board, _ b: Board, _ today: Day) throws -> Int {
        var figures = 0
        for measure in try Measures.of(BoardTests.loaded.get().current).all where measure.rows == .parts {
            for groups in [
                BoardQuestion.Groups.paths((0..<4).map { Path.root.child($0) }), .posts((0..<5).map { [UUIDv7(high: 7, low: $0)] }),
            ] {
                var question = BoardQuestion(groups: groups, days: today - 20..<today + 1)
                question.slots = .state
                let answers = [a, b].map { board in
                    let answer = board.ask(measure, question, at: now)
                    // The order of slots is that in which they came; one that is in no row is all zeros.
                    let cells = answer.slots.indices.map { slot in (0..<answer.groups).map { answer.cells[$0 * answer.slots.count + slot] }
                    }
                    return Set(zip(answer.slots, cells).filter { $1.contains { $0 > 0 } }.map { "\($0) \($1)" })
                }
                #expect(answers[0] == answers[1], "\(measure.id)")
                let lists = [a, b].map { Set($0.list(measure, question, limit: 100_000, at: now).matters) }
                #expect(lists[0].symmetricDifference(lists[1]).count == 0, "\(measure.id)")
                figures += lists[0].count
            }
        }
        return figures
    }

    @Test("parts that change and come anew, and a board read from its file", arguments: Backend.all)
    func change(on backend: Backend) async throws {
        let today = now.day(in: try BoardTests.loaded.get().current.platform.zone)
        var random = SplitMix(9)
        // More than a chunk of matters: rows of both tables lie in several.
        let ids = (0..<70_000).map { UUIDv7(at: now + .seconds(Int64($0))) }
        var parts: [UUIDv7: [Line]] = [:]
        for id in ids { parts[id] = (0..<Int.random(in: 0..<3, using: &random)).map { _ in part(id, today, &random) } }
        let board = try board(ids, parts, today)
        for _ in 0..<300 {
            let some = (0..<Int.random(in: 1..<6, using: &random)).map { _ in ids[Int.random(in: 0..<ids.count, using: &random)] }
            for id in some {
                for place in parts[id, default: []].indices { parts[id]?[place] = part(id, today, &random) }
                if Bool.random(using: &random) { parts[id]?.append(part(id, today, &random)) }
            }
            let lines = Set(some).flatMap { parts[$0] ?? [] }.shuffled(using: &random)
            board.change { $0.put(parts: lines) }
        }
        // Without its matter a part has no place.
        let stray = part(UUIDv7(at: now - .days(1)), today, &random)
        board.change { state in
            state.add(part: stray)
            state.put(parts: [stray])
        }
        #expect(board.snapshot.parts.count == parts.values.reduce(0) { $0 + $1.count })
        #expect(try same(board, self.board(ids, parts, today), today) > 10_000)
        try await withDatabase(backend) { database in
            try await database.write { [now] tx in
                try tx.record(
                    Entry(
                        id: UUIDv7(at: now), at: now, actor: .system("test"), subject: "matter", subjectID: UUIDv7(at: now),
                        verb: "matter.opened", path: .root))
            }
            let cursor = try #require(try await settled(1, after: .start, in: database).last?.cursor)
            let file = BoardFile(folder: database.folder)
            try await board.keep(in: file, at: cursor, from: database)
            let again = Board(catalog: try BoardTests.loaded.get())
            #expect(try await again.restore(from: file, in: database))
            #expect(try self.same(board, again, today) > 10_000)
        }
    }
}
