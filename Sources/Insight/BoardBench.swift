import Basics
import Catalog
import Foundation
import Store

/// `weiwang bench board`: a million invented rows, a count by subtree, state and day, and beside it a plain sum over the same bytes in the same run.
package enum BoardBench {
    package struct Result: Sendable {
        package let rows: Int
        package let groups: Int
        package let cells: Int
        /// Best and middle time of one count, milliseconds.
        package let count: (best: Double, middle: Double)
        /// The same with the clock (overdue) and categories.
        package let full: (best: Double, middle: Double)
        /// Adding up every byte of the columns that the count reads.
        package let sum: (best: Double, middle: Double)
        /// Asking each shape and path once, part of each count.
        package let making: (best: Double, middle: Double)
        package let shapes: Int
        package let bytes: Int
        /// So that nothing is left out by the compiler.
        package let check: UInt64
    }

    package static func run(rows: Int, runs: Int = 15, catalog: Catalog) throws -> Result {
        let now = Instant(milliseconds: 1_790_000_000_000)
        let today = now.day(in: .gmt)
        let (table, groups) = fill(rows, today: today, categories: catalog.categories.map(\.id))
        guard let measure = try Measures.of(catalog).all.first(where: { $0.rows == .matters && $0.period == .opened && $0.share }),
            let timed = try Measures.of(catalog).all.first(where: { $0.usesTime && $0.rows == .matters })
        else {
            return Result(
                rows: 0, groups: 0, cells: 0, count: (0, 0), full: (0, 0), sum: (0, 0), making: (0, 0), shapes: 0, bytes: 0, check: 0)
        }
        var question = BoardQuestion(groups: .paths(groups), days: today - 364..<today + 1)
        question.slots = .state
        question.byDay = true
        var narrow = BoardQuestion(groups: .paths(groups))
        narrow.slots = .class
        narrow.categories = Set(catalog.categories.prefix(40).map(\.id))
        var check: UInt64 = 0
        var cells = 0
        let count = time(runs) {
            let (scan, _) = Board.scan(table, measure, question, now, catalog)
            let sums = scan.run(table)
            cells = sums.count
            check &+= sums.reduce(0, &+)
        }
        let full = time(runs) {
            let (scan, _) = Board.scan(table, timed, narrow, now, catalog)
            check &+= scan.run(table).reduce(0, &+)
        }
        let making = time(runs) { check &+= UInt64(Board.scan(table, measure, question, now, catalog).0.asked.count) }
        let sum = time(runs) { for chunk in table.chunks { check &+= plain(chunk) } }
        return Result(
            rows: table.count, groups: groups.count, cells: cells, count: count, full: full, sum: sum,
            making: making, shapes: table.shapes.values.count, bytes: table.count * 12, check: check)
    }

    /// Path, shape and opened day of every row, added up.
    private static func plain(_ chunk: BoardTable<MatterShape>.Chunk) -> UInt64 {
        let (now, shape, opened) = (chunk.now.span, chunk.shape.span, chunk.opened.span)
        var sum: UInt64 = 0
        for i in 0..<now.count {
            sum &+= UInt64(now[unchecked: i]) &+ UInt64(shape[unchecked: i]) &+ UInt64(UInt32(bitPattern: opened[unchecked: i]))
        }
        return sum
    }

    private static func time(_ runs: Int, _ body: () -> Void) -> (best: Double, middle: Double) {
        let clock = ContinuousClock()
        let times = (0..<max(1, runs)).map { _ in Double(clock.measure(body).components.attoseconds) / 1e15 }.sorted()
        return (times[0], times[times.count / 2])
    }

    /// A district: 3 subdistricts of 12 communities, 8 third-level grids each, 6 micro-grids each; a year of matters.
    private static func fill(_ rows: Int, today: Day, categories: [String]) -> (BoardTable<MatterShape>, [Path]) {
        var state: UInt64 = 42
        func random(_ n: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(n))
        }
        var micro: [Path] = []
        var communities: [Path] = []
        for a in 0..<3 {
            for b in 0..<12 {
                communities.append(Path.root.child(a).child(b))
                for c in 0..<8 {
                    let third = Path.root.child(a).child(b).child(c)
                    for d in 0..<6 { micro.append(third.child(d)) }
                }
            }
        }
        // As many different shapes as a district has in a year: some hundreds.
        let flags: [UInt16] = [0, 0, 0, 1, 2, 2, 2 | 64, 2 | 16, 4 | 2 | 64, 8 | 2, 32 | 512, 32 | 512 | 1]
        let states = ["open", "done", "closed", "closed", "closed", "closed", "merged"]
        var table = BoardTable<MatterShape>(room: rows)
        for row in 0..<rows {
            let path = micro[random(micro.count)]
            let state = states[random(states.count)]
            let opened = today - random(365)
            let over = state == "closed" || state == "merged"
            let shape = MatterShape(
                state: state, outcome: over ? "solved" : "", confirmed: ["", "yes", "no"][random(3)], class: ["a", "b", "c"][random(3)],
                urgency: ["x", "y"][random(2)], privacy: "open", kind: "k", channel: "c",
                flags: MatterShape.Flags(rawValue: flags[random(flags.count)]))
            table.put(
                BoardTable.Line(
                    matter: UUIDv7(at: Instant(milliseconds: Int64(row))), pathNow: path, pathThen: micro[random(micro.count)],
                    shape: shape,
                    category: categories.isEmpty ? "" : categories[random(categories.count)], opened: opened,
                    closed: over ? opened + random(20) : nil, due: over ? nil : Instant(opened + random(400), in: .gmt)))
        }
        return (table, communities)
    }
}
