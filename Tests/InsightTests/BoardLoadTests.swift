import Basics
import Catalog
import Foundation
import Store
import Support
import Testing

@testable import Insight

/// Entries once they are settled: on PostgreSQL they wait for every older transaction of the whole cluster.
func settled(_ count: Int, after cursor: JournalCursor, in database: Database) async throws -> [Entry] {
    for _ in 0..<200 {
        let entries = try await database.read { try $0.entries(after: cursor, limit: 100) }
        if entries.count >= count { return entries }
        try await Task.sleep(for: .milliseconds(50))
    }
    return []
}

/// The board beside the tables: loaded in one snapshot, then kept in step by the journal.
@Suite struct BoardLoadTests {
    private let noon = Instant(milliseconds: 1_790_000_000_000)

    private struct Row: Sendable {
        var id: UUIDv7
        var path: Path
        var state = "open"
        var privacy = "open"
        var category: String? = "gas_leak"
        var opened: Instant
        var closed: Instant?
        var due: Instant?
    }

    private func insert(_ row: Row, in tx: Transaction) throws {
        let (no, done): (Bool, Instant?) = (false, row.closed)
        try tx.run(
            """
            INSERT INTO matter (id, number, kind, category, class, urgency, privacy, state, spot, passed, supervised, reopened, place, path_now,
                path_then, channel, words, reporters, opened_at, done_at, closed_at, due_at)
            VALUES (\(row.id), \(row.id.description), 'k', \(row.category), 'c', 'u', \(row.privacy), \(row.state), \(no), \(no), \(no), 0, '',
                \(row.path), \(row.path), 'portal', '', 1, \(row.opened), \(done), \(row.closed), \(row.due))
            """)
    }

    private func entry(_ verb: String, _ row: UUIDv7, _ path: Path, subject: String = "matter", at: Instant) -> Entry {
        Entry(id: UUIDv7(at: at), at: at, actor: .system("test"), subject: subject, subjectID: row, verb: verb, path: path)
    }

    @Test(arguments: Backend.all)
    func loadsAndFollows(on backend: Backend) async throws {
        let catalog = try BoardTests.loaded.get()
        let measures = try Measures.of(catalog.current)
        let open = try #require(measures["open_matters"])
        let onDay = try #require(measures["closed_on_day"])
        let overdue = try #require(measures["overdue_matters"])
        let (east, west) = (Path.root.child(1), Path.root.child(2))
        let noon = noon
        let rows = (0..<20).map { n in
            Row(
                id: UUIDv7(at: noon + .seconds(Int64(n))), path: n % 2 == 0 ? east : west.child(n), state: n < 12 ? "open" : "closed",
                privacy: n == 3 ? "confidential" : "open", opened: noon - .days(Int64(n)),
                closed: n < 12 ? nil : noon - .days(Int64(n % 2 == 0 ? n : n - 1)),
                due: n < 5 ? noon - .minutes(1) : nil)
        }
        try await withDatabase(backend) { database in
            try await database.write { tx in for row in rows { try insert(row, in: tx) } }
            let board = Board(catalog: catalog)
            #expect(!board.isReady)
            let cursor = try await board.load(from: database)
            #expect(board.isReady && board.matterCount == 20)
            #expect(board.ask(open, BoardQuestion(groups: .paths([east, west])), at: noon).total.of == 12)
            #expect(board.ask(overdue, BoardQuestion(), at: noon).total == Figure(count: 5, of: 12))
            #expect(board.ask(onDay, BoardQuestion(), at: noon).total == Figure(count: 4, of: 20))
            #expect(!board.list(open, BoardQuestion(), at: noon).matters.contains(rows[3].id))

            // One closes, one is new, one is voided; the journal names them.
            let new = Row(id: UUIDv7(at: noon + .hours(1)), path: east.child(4), opened: noon)
            let acts = [
                entry("matter.closed", rows[0].id, east, at: noon), entry("matter.opened", new.id, new.path, at: noon),
                entry("matter.voided", rows[1].id, west, at: noon),
            ]
            try await database.write { tx in
                try tx.run(
                    "UPDATE matter SET state = 'closed', closed_at = \(noon), done_at = \(noon), due_at = NULL WHERE id = \(rows[0].id)")
                try tx.run("UPDATE matter SET state = 'void' WHERE id = \(rows[1].id)")
                try insert(new, in: tx)
                for act in acts { try tx.record(act) }
            }
            let entries = try await settled(3, after: cursor, in: database)
            #expect(entries.count == 3)
            try await BoardFollower(board).follow(entries, from: database)
            #expect(board.matterCount == 21)
            #expect(board.ask(open, BoardQuestion(), at: noon).total.of == 11)
            #expect(board.ask(onDay, BoardQuestion(), at: noon).total == Figure(count: 5, of: 20))

            // Land is divided anew: the rows move, and are read by today's net and by that day's.
            let moved = Path.root.child(9)
            try await database.write { tx in
                try tx.run("UPDATE matter SET path_now = \(moved) WHERE \(sql: east.covers("path_now"))")
                try tx.record(entry("grid.changed", UUIDv7(at: noon), east, subject: "grid", at: noon + .seconds(1)))
            }
            let later = try await settled(1, after: entries.last?.cursor ?? cursor, in: database)
            try await BoardFollower(board).follow(later, from: database)
            func opened(_ path: Path, _ net: BoardQuestion.Net) throws -> Int {
                board.ask(try #require(measures["new_matters"]), BoardQuestion(groups: .paths([path]), net: net), at: noon).total.of
            }
            #expect(try opened(east, .today) == 0 && opened(moved, .today) == 11)
            #expect(try opened(east, .thatDay) == 11 && opened(moved, .thatDay) == 0)
            // The same as a board loaded afresh.
            let fresh = Board(catalog: catalog)
            try await fresh.load(from: database)
            for measure in measures.all where measure.rows == .matters {
                var question = BoardQuestion(groups: .paths([moved, west]), net: .thatDay)
                question.slots = .category
                #expect(board.ask(measure, question, at: noon).total == fresh.ask(measure, question, at: noon).total, "\(measure.id)")
            }
        }
    }

    private func facts(_ row: Row) -> MatterFacts {
        MatterFacts(
            id: row.id, pathNow: row.path, pathThen: row.path, state: row.state, outcome: "", confirmed: "", class: "c", urgency: "u",
            privacy: row.privacy, kind: "k", channel: "portal", category: row.category ?? "", spot: false, passed: false,
            supervised: false, reopened: 0, reporters: 1, wasLate: false, imported: false, outside: false, openedAt: row.opened,
            doneAt: row.closed, closedAt: row.closed, dueAt: row.due)
    }

    /// The file of the run before gives the same board, and is not used where it could be wrong.
    @Test(arguments: Backend.all)
    func isKeptBetweenRuns(on backend: Backend) async throws {
        let catalog = try BoardTests.loaded.get()
        let measures = try Measures.of(catalog.current)
        let noon = noon
        let zone = catalog.current.platform.zone
        let rows = (0..<70_000).map { n in
            Row(
                id: UUIDv7(at: noon + .seconds(Int64(n))), path: Path.root.child(n % 7), state: n % 3 == 0 ? "open" : "closed",
                opened: noon - .days(Int64(n % 90)), closed: n % 3 == 0 ? nil : noon - .days(Int64(n % 60)))
        }
        try await withDatabase(backend) { database in
            let file = BoardFile(folder: database.folder)
            try await database.write { tx in
                for row in rows.prefix(300) { try insert(row, in: tx) }
                try tx.record(entry("matter.opened", rows[0].id, .root, at: noon))
            }
            let cursor = try #require(try await settled(1, after: .start, in: database).last?.cursor)
            let board = Board(catalog: catalog)
            #expect(try await file.cursor(in: database, zone: zone) == nil)
            #expect(try await !board.restore(from: file, in: database))
            try await board.load(from: database)
            #expect(board.readings == 300)
            // More than one chunk of rows, and rows that are not in the tables: they can only come from the file.
            board.change { state in
                var days = DayReckoner(zone)
                for row in rows.dropFirst(300) {
                    state.matters.put(facts(row).line(&days))
                }
            }
            try await board.keep(in: file, at: cursor, from: database)
            #expect(board.readings == 0)

            let again = Board(catalog: catalog)
            #expect(try await file.cursor(in: database, zone: zone) == cursor)
            #expect(try await again.restore(from: file, in: database))
            #expect(again.isReady && again.matterCount == 70_000)
            for measure in measures.all {
                var question = BoardQuestion(groups: .paths((0..<7).map { Path.root.child($0) }), net: .thatDay)
                question.slots = .category
                #expect(board.ask(measure, question, at: noon).cells == again.ask(measure, question, at: noon).cells, "\(measure.id)")
            }
            // Its rows are found by their ids and read again.
            try await database.write { tx in try tx.run("UPDATE matter SET state = 'void' WHERE id = \(rows[0].id)") }
            try await again.reread([rows[0].id], from: database)
            #expect(again.matterCount == 70_000)

            // A cut file, one with a bit turned, one of another zone, and one whose entry the journal lacks.
            let path = database.folder + "/board"
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for place in [0, 20, 200, whole.count / 2, whole.count - 1] {
                var damaged = whole
                damaged[place] ^= 4
                try damaged.write(to: URL(fileURLWithPath: path))
                #expect(try await !Board(catalog: catalog).restore(from: file, in: database), "\(place)")
                try whole.prefix(place).write(to: URL(fileURLWithPath: path))
                #expect(try await !Board(catalog: catalog).restore(from: file, in: database), "cut at \(place)")
            }
            try whole.write(to: URL(fileURLWithPath: path))
            #expect(try await file.cursor(in: database, zone: .gmt) == nil)
            #expect(try await file.cursor(in: database, zone: zone) == cursor)
            try await database.write { tx in try tx.run("UPDATE entry SET id = \(UUIDv7(at: noon)) WHERE seq = \(cursor.seq)") }
            #expect(try await file.cursor(in: database, zone: zone) == nil)
        }
    }

    /// As the dictionary does.
    @Test func indexFindsEveryRow() {
        var random = SplitMix(5)
        var (index, rows, ids) = (RowIndex(), [UUIDv7: UInt32](), [UUIDv7]())
        for turn in 0..<20_000 {
            // Ids of one millisecond, of few, and of chance.
            let id = UUIDv7(high: turn % 3 == 0 ? random.next() : UInt64(turn / 100) << 16 | 0x7000, low: random.next() % 40_000)
            let isNew = index.add(UInt32(ids.count), of: id) { ids[Int($0)] }
            #expect(isNew == (rows[id] == nil))
            guard isNew else { continue }
            rows[id] = UInt32(ids.count)
            ids.append(id)
        }
        #expect(index.count == rows.count)
        for id in ids { #expect(index.row(of: id) { ids[Int($0)] } == rows[id]) }
        #expect(index.row(of: UUIDv7(high: 1, low: 1)) { ids[Int($0)] } == nil)
    }
}
