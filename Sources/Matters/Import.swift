import Basics
import Catalog
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
        let catalog = catalog.current
        let kind = try kinds().usual
        let land = try grids.land(in: tx)
        var added = 0
        for row in rows {
            let base = UUIDv7(high: UInt64(max(0, row.openedAt.milliseconds)) << 16 | 0x7000, low: 0x8000_0000_0000_0000)
            let id = MatterID(base.derived("\(row.source) \(row.sourceNumber)"))
            let report = ReportID(id.uuid.derived("report"))
            guard try !tx.exists("SELECT 1 FROM matter WHERE id = \(id)") else { continue }
            let chain = row.point.map { land.locate($0) } ?? []
            let path = chain.last?.path ?? .root
            let category = row.category.flatMap { catalog.category($0) }
            let isOpen = row.closedAt == nil
            let number = "\(row.source)-\(row.sourceNumber)"
            try tx.run(
                """
                INSERT INTO matter (id, number, kind, category, class, urgency, privacy, state, outcome, spot, passed, supervised, reopened, lon,
                    lat, cell, place, grid_id, path_now, path_then, channel, words, reporters, opened_at, done_at, closed_at, imported)
                VALUES (\(id), \(number), \(kind.id), \(category?.id), \(category?.class), \(category?.urgency ?? catalog.usualUrgency),
                    \(kind.privacy), \(isOpen ? Matter.State.open : .closed), \(isOpen ? nil : row.outcome ?? .solved), \(false), \(false),
                    \(false), 0, \(row.point?.lon), \(row.point?.lat), \(row.point.map { Cell($0).code }),
                    \(String(Self.clean(row.place).prefix(300))), \(chain.last?.id), \(path), \(path), \("import"),
                    \(String(Self.clean(row.words).prefix(Self.longestWords))), 1, \(row.openedAt), \(row.closedAt), \(row.closedAt),
                    \(json: ["source": row.source, "number": row.sourceNumber]))
                """)
            try tx.run(
                """
                INSERT INTO report (id, matter_id, first_matter_id, source, source_number, words, language, lon, lat, query_code, photo_state, at)
                VALUES (\(report), \(id), \(id), \("import:\(row.source)"), \(row.sourceNumber), '', \(Language.chinese), \(row.point?.lon),
                    \(row.point?.lat), '', \(Report.PhotoState.none), \(row.openedAt))
                """)
            let act = Act.system("import", id: id.uuid.derived("import"), at: now)
            guard let matter = try matter(id, in: tx) else { continue }
            try tx.record(act.entry("matter.imported", subject: "matter", id: id.uuid, path: path))
            if isOpen {
                let working = try Working(self, tx, act: act, kind: kind, action: nil, matter: matter, parts: [], input: ActInput())
                if let post = working.book.answering(at: path, on: now)?.post { try working.offer(post, given: "open") }
                if let rule = kind.finishClock { try working.start(rule) }
                try working.save()
            }
            try indexText(of: matter, in: tx)
            added += 1
        }
        return added
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
        }
    }
}

/// Keeps the category model of this node in step with what people decide.
package struct ModelFollower: NodeFollower {
    private let engine: Matters
    package let name = "category-model"

    package init(_ engine: Matters) { self.engine = engine }

    package func follow(_ entries: [Entry], from database: Database) async throws {
        let changed = Set(
            entries.filter { $0.subject == "matter" && ($0.verb == "matter.opened" || $0.detail["category"] != nil) }.map {
                MatterID($0.subjectID)
            })
        guard !changed.isEmpty else { return }
        let engine = engine
        for matter in try await database.read({ tx in try changed.compactMap { try engine.matter($0, in: tx) } }) {
            engine.model.learn(matter)
        }
    }
}
