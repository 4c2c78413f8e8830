import Basics
import Catalog
import Foundation
import Geo
import Grids
import Ledger
import Posts
import Store

/// One matter of another system's export, as the map file read it.
package struct ImportedMatter: Sendable {
    /// Name of the source, as in the map file.
    package let source: String
    package let sourceNumber: String
    package var category: String?
    package var words: String
    package var place: String
    package var point: Coordinate?
    package var openedAt: Instant
    /// Nil: still open, and its limits run from the import.
    package var closedAt: Instant?
    package var outcome: Matter.Outcome?
    package var mergedInto: String?

    package init(source: String, sourceNumber: String, openedAt: Instant) {
        self.source = source
        self.sourceNumber = sourceNumber
        self.openedAt = openedAt
        words = ""
        place = ""
    }
}

extension Matters {
    /// The bulk door: tells nobody, calls nobody, fires no past timer. What is here already is left as it is.
    /// - Returns: how many were new.
    package func importMatters(_ rows: [ImportedMatter], at now: Instant, in tx: Transaction) throws -> Int {
        let kind = try kinds().usual
        let land = try grids.land(in: tx)
        let news = try new(among: rows, land: land, in: tx)
        try insert(news, kind: kind, at: now, in: tx)
        let texts = try news.map { new in
            SearchDocument(
                new.id.uuid, text: try searchText(number: new.number, place: new.place, words: new.words, category: new.category?.id),
                marks: Self.searchMarks(lands: [new.path], category: new.category?.id))
        }
        try tx.index(texts)
        for new in news where new.row.closedAt == nil {
            guard let matter = try matter(new.id, in: tx) else { continue }
            let act = Act.system("import", id: new.id.uuid.derived("import"), at: now)
            let kind = try self.kind(of: matter, in: tx)
            let working = try Working(self, tx, act: act, kind: kind, action: nil, matter: matter, parts: [], input: ActInput())
            if let post = working.book.answering(at: new.path, on: now)?.post { try working.offer(post, given: "open") }
            if let rule = kind.finishClock { try working.start(rule) }
            if let rule = kind.clock(of: .progress) { try working.start(rule) }
            try working.save()
        }
        return news.count
    }

    /// One row with what follows from it.
    private struct New {
        let row: ImportedMatter
        let id: MatterID
        let number: String
        let grid: GridID?
        let path: Path
        let category: Category?
        let place: String
        let words: String
    }

    /// Rows that are not here yet, each number once, whatever else a later export says of it. The id follows from source, number and
    /// time, so the same line is always the same matter.
    private func new(among rows: [ImportedMatter], land: Land, in tx: Transaction) throws -> [New] {
        func id(_ row: ImportedMatter) -> MatterID {
            let base = UUIDv7(high: UInt64(max(0, row.openedAt.milliseconds)) << 16 | 0x7000, low: 0x8000_0000_0000_0000)
            return MatterID(base.derived("\(row.source) \(row.sourceNumber)"))
        }
        func named(_ row: ImportedMatter) -> String { "\(row.source)-\(row.sourceNumber)" }
        var seen = Set(try tx.all("SELECT number FROM matter WHERE number IN (\(list: rows.map(named)))") { try $0[0] as String })
        let catalog = catalog.current
        return rows.compactMap { row in
            let number = named(row)
            guard seen.insert(number).inserted else { return nil }
            let deepest = row.point.flatMap { land.locate($0).last }
            return New(
                row: row, id: id(row), number: number, grid: deepest?.id, path: deepest?.path ?? .root,
                category: row.category.flatMap { catalog.category($0) },
                place: String(Self.clean(row.place).prefix(300)), words: String(Self.clean(row.words).prefix(Self.longestWords)))
        }
    }

    private func insert(_ news: [New], kind: Kind, at now: Instant, in tx: Transaction) throws {
        var matters = BulkRows(
            "matter", "id", "number", "kind", "category", "class", "urgency", "privacy", "state", "outcome", "spot", "passed", "supervised",
            "asked", "reopened", "lon", "lat", "cell", "place", "grid_id", "path_now", "path_then", "channel", "words", "reporters",
            "opened_at", "done_at", "closed_at", "imported")
        var reports = BulkRows(
            "report", "id", "matter_id", "first_matter_id", "source", "source_number", "words", "language", "lon", "lat", "query_code",
            "photo_state", "at")
        var entries = BulkRows(
            "entry", "id", "at", "actor_sort", "actor_name", "subject", "subject_id", "verb", "path", "detail")
        let usual = catalog.current.usualUrgency
        for new in news {
            let (row, id) = (new.row, new.id.uuid)
            let state: Matter.State = row.closedAt == nil ? .open : .closed
            let outcome = row.closedAt == nil ? nil : row.outcome ?? .solved
            matters.add(
                id, new.number, kind.id, new.category?.id, new.category?.class, new.category?.urgency ?? usual, kind.privacy.rawValue,
                state.rawValue, outcome?.rawValue, false, false, false, false, 0, row.point?.lon, row.point?.lat,
                row.point.map { Cell($0).code }, new.place, new.grid?.uuid, new.path, new.path, "import", new.words, 1, row.openedAt,
                row.closedAt, row.closedAt, #"{"number":\#(Self.quoted(row.sourceNumber)),"source":\#(Self.quoted(row.source))}"#)
            reports.add(
                id.derived("report"), id, id, "import:\(row.source)", row.sourceNumber, "", Language.chinese.rawValue, row.point?.lon,
                row.point?.lat, "", Report.PhotoState.none.rawValue, row.openedAt)
            let entry = Act.system("import", id: id.derived("import"), at: now)
                .entry("matter.imported", subject: "matter", id: id, path: new.path)
            entries.add(
                entry.id, entry.at, entry.actor.sort.rawValue, entry.actor.name, entry.subject, entry.subjectID, entry.verb, entry.path,
                "{}")
        }
        try tx.insert(matters)
        try tx.insert(reports)
        try tx.insert(entries)
    }

    private static func quoted(_ text: String) -> String {
        (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }

    /// Closes the circle of an export's own duplicates: a row that names another becomes one of its reports.
    package func mergeImported(_ pairs: [(number: String, into: String)], source: String, at now: Instant, in tx: Transaction) throws {
        for pair in pairs {
            guard let from = try matter(number: "\(source)-\(pair.number)", in: tx),
                var into = try matter(number: "\(source)-\(pair.into)", in: tx),
                from.state != .merged
            else { continue }
            if let root = into.mergedInto, let main = try matter(root, in: tx) { into = main }
            guard into.id != from.id else { continue }
            try tx.run("UPDATE report SET matter_id = \(into.id) WHERE matter_id = \(from.id)")
            try tx.run("UPDATE matter SET merged_into = \(into.id) WHERE merged_into = \(from.id)")
            try tx.run("UPDATE matter SET state = 'merged', merged_into = \(into.id), reporters = 0, due_at = NULL WHERE id = \(from.id)")
            try tx.run("UPDATE matter SET reporters = (SELECT COUNT(*) FROM report r WHERE r.matter_id = matter.id) WHERE id = \(into.id)")
            try tx.run(
                "UPDATE part SET state = 'recalled', ended_at = \(now) WHERE matter_id = \(from.id) AND state IN ('offered', 'doing')")
            for clock in try tx.all("SELECT id FROM clock WHERE matter_id = \(from.id) AND stopped_at IS NULL", { try $0["id"] as ClockID })
            {
                try tx.run("UPDATE clock SET stopped_at = \(now) WHERE id = \(clock)")
                try tx.cancelTimers(of: clock.uuid)
            }
            // Who reported the one finds the other now.
            try indexText(of: into, in: tx)
        }
    }
}

/// Keeps the category model of this node in step with what people decide: a category that somebody gave, or that stood until the end. What
/// the model itself proposed teaches it nothing.
package struct ModelFollower: NodeFollower {
    private let engine: Matters
    package let name = "category-model"

    package init(_ engine: Matters) { self.engine = engine }

    package func follow(_ entries: [Entry], from database: Database) async throws {
        let changed = Set(
            entries.filter { entry in
                let does = entry.detail["does"].flatMap { Mechanism(rawValue: $0) }
                return entry.subject == "matter" && (does == .finish || does == .classify && entry.detail["category"] != nil)
            }.map { MatterID($0.subjectID) })
        guard !changed.isEmpty else { return }
        let engine = engine
        for matter in try await database.read({ tx in try changed.compactMap { try engine.matter($0, in: tx) } }) {
            engine.model.learn(matter)
        }
    }
}
