import Basics
import Catalog
import Foundation
import Store

extension Board {
    /// Loads everything in one snapshot.
    /// - Returns: where the journal stood in that snapshot: the follower goes on from there.
    @discardableResult
    package func load(from database: Database) async throws -> JournalCursor {
        let zone = catalog.current.platform.zone
        let (read, cursor) = try await database.read { tx in
            let cursor = try tx.journalEnd()
            var days = DayReckoner(zone)
            var state = State(matters: BoardTable(room: try tx.count("SELECT COUNT(*) FROM matter")), ready: true)
            // By their time, so that what is asked of today or of what is open leaves out the chunks of other years.
            try tx.stream("SELECT \(sql: Self.matterColumns) FROM matter m ORDER BY m.id") { state.matters.put(try Self.matter($0, &days)) }
            try tx.stream("SELECT \(sql: Self.partColumns) FROM part p JOIN matter m ON m.id = p.matter_id ORDER BY p.matter_id") {
                state.add(part: try Self.part($0, &days))
            }
            return (state, cursor)
        }
        change { state in
            let readings = state.readings
            state = read
            state.readings = readings + read.matters.count
        }
        return cursor
    }

    /// Takes what was kept of the run before. What came since is in the journal, after the file's cursor.
    /// - Returns: false when the file cannot be used.
    package func restore(from file: BoardFile, in database: Database) async throws -> Bool {
        guard let kept = try await file.read(from: database, zone: catalog.current.platform.zone) else { return false }
        change { $0 = kept }
        return true
    }

    /// - Parameter cursor: up to there the board has followed the journal.
    package func keep(in file: BoardFile, at cursor: JournalCursor, from database: Database) async throws {
        let state = snapshot
        try await file.write(state, at: cursor, zone: catalog.current.platform.zone, from: database)
        change { $0.readings -= state.readings }
    }

    /// Reads some matters and their parts again.
    package func reread(_ ids: [UUIDv7], from database: Database) async throws {
        let zone = catalog.current.platform.zone
        for start in stride(from: 0, to: ids.count, by: 500) {
            let some = Array(ids[start..<min(start + 500, ids.count)])
            try await reread("m.id IN (\(list: some))", zone, from: database)
        }
    }

    /// Reads again all that lies below a path: its land was divided anew.
    package func reread(below path: Path, from database: Database) async throws {
        try await reread(path.covers("m.path_now"), catalog.current.platform.zone, from: database)
    }

    private func reread(_ which: SQL, _ zone: TimeZone, from database: Database) async throws {
        let (matters, parts) = try await database.read { tx in
            var days = DayReckoner(zone)
            let matters = try tx.all("SELECT \(sql: Self.matterColumns) FROM matter m WHERE \(sql: which)") { try Self.matter($0, &days) }
            let parts = try tx.all("SELECT \(sql: Self.partColumns) FROM part p JOIN matter m ON m.id = p.matter_id WHERE \(sql: which)") {
                try Self.part($0, &days)
            }
            return (matters, parts)
        }
        change { state in
            for line in matters { state.matters.put(line) }
            state.put(parts: parts)
            state.readings += matters.count
        }
    }

    // MARK: - Rows

    private static let matterColumns: SQL = """
        m.id, m.kind, m.category, m.class, m.urgency, m.privacy, m.state, m.outcome, m.confirmed, m.spot, m.passed, m.supervised, m.reopened,
        m.channel, m.reporters, m.path_now, m.path_then, m.grid_id, m.opened_at, m.done_at, m.closed_at, m.due_at, m.imported,
        EXISTS (SELECT 1 FROM clock c WHERE c.matter_id = m.id AND c.late = true) AS was_late
        """

    private static func matter(_ row: Row, _ days: inout DayReckoner) throws -> BoardTable<MatterShape>.Line {
        MatterFacts(
            id: try row["id"], pathNow: try row["path_now"], pathThen: try row["path_then"], state: try row["state"],
            outcome: try row["outcome"] ?? "", confirmed: try row["confirmed"] ?? "", class: try row["class"] ?? "",
            urgency: try row["urgency"], privacy: try row["privacy"], kind: try row["kind"], channel: try row["channel"],
            category: try row["category"] ?? "", spot: try row["spot"], passed: try row["passed"], supervised: try row["supervised"],
            reopened: try row["reopened"], reporters: try row["reporters"], wasLate: try row["was_late"],
            imported: try !row.isNull("imported"), outside: try row.isNull("grid_id"), openedAt: try row["opened_at"],
            doneAt: try row["done_at"], closedAt: try row["closed_at"], dueAt: try row["due_at"]
        ).line(&days)
    }

    private static let partColumns: SQL = """
        p.matter_id, p.post_id, p.given, p.lead, p.state, p.offered_at, p.taken_at, p.ended_at, p.take_by, p.due_at,
        m.path_now, m.path_then, m.category, m.privacy
        """

    private static func part(_ row: Row, _ days: inout DayReckoner) throws -> BoardTable<PartShape>.Line {
        let state: String = try row["state"]
        let taken: Instant? = try row["taken_at"]
        let takeBy: Instant? = try row["take_by"]
        let ended: Instant? = try row["ended_at"]
        let due: Instant? = try row["due_at"]
        let shape = PartShape(
            state: state, given: try row["given"], lead: try row["lead"],
            taken: taken.map { at in takeBy.map { at > $0 } ?? false ? .late : .inTime } ?? .no,
            late: ended.flatMap { at in due.map { at > $0 } } ?? false, privacy: try row["privacy"])
        return BoardTable.Line(
            matter: try row["matter_id"], pathNow: try row["path_now"], pathThen: try row["path_then"], shape: shape,
            category: try row["category"] ?? "", post: try row["post_id"], opened: days.day(try row["offered_at"]),
            closed: ended.map { days.day($0) }, due: ended != nil ? nil : taken == nil ? takeBy : due)
    }
}

/// Civil days of many instants in one zone: asks the zone twice for each day, not once for each instant.
struct DayReckoner {
    private let zone: TimeZone
    private var offsets: [Int32: Int64?] = [:]

    init(_ zone: TimeZone) { self.zone = zone }

    mutating func day(_ instant: Instant) -> Day {
        let utc = instant.day(in: .gmt)
        let known =
            offsets[utc.epoch]
            ?? {
                let start = Instant(utc, in: .gmt)
                let (a, b) = (zone.secondsFromGMT(for: start.date), zone.secondsFromGMT(for: (start + .days(1)).date))
                let offset: Int64? = a == b ? Int64(a) * 1000 : nil
                offsets[utc.epoch] = .some(offset)
                return offset
            }()
        // Nil: the clocks change on that day.
        guard let offset = known else { return instant.day(in: zone) }
        return (instant + Span(milliseconds: offset)).day(in: .gmt)
    }
}
