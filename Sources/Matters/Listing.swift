import Basics
import Posts
import Store

// Pages of matters. The page is found by id first: a sort would carry words, photo and holder of every row that is not on it.

extension Matters {
    /// A page of a list, within what the actor sees. Late ones first, then by limit; long-term ones without a limit last. FoundRows ones: the
    /// last that came in first.
    package func list(
        _ filter: MatterFilter, for actor: Actor, at now: Instant, limit: Int = 50, offset: Int = 0, photos: Bool = true, in tx: Transaction
    ) throws -> [MatterRow] {
        guard let rows = try condition(filter, for: actor, at: now, in: tx) else { return [] }
        let page = Page(limit: min(max(limit, 1), 1000), offset: max(offset, 0))
        let ids: [MatterID]
        if let newestFirst = rows.newestFirst {
            ids = try page.ids(rows, order: newestFirst, in: tx)
        } else if filter.newestFirst {
            ids = try page.ids(rows, order: "m.opened_at DESC, m.id DESC", in: tx)
        } else if filter.tab == .all {
            ids = try limitedFirst(rows, page, in: tx)
        } else {
            ids = try page.ids(rows, order: "CASE WHEN m.due_at IS NULL THEN 1 ELSE 0 END, m.due_at, m.id", in: tx)
        }
        guard !ids.isEmpty else { return [] }
        let listed = try tx.all(
            "SELECT \(sql: photos ? Self.rowColumns : Self.plainColumns) FROM matter m WHERE m.id IN (\(list: ids))", Self.row)
        return Self.inOrder(listed, ids)
    }

    /// What has a limit is open and few, what has none are the years: each is asked for in the order of an index.
    private func limitedFirst(_ rows: FoundRows, _ page: Page, in tx: Transaction) throws -> [MatterID] {
        let limited = FoundRows(from: rows.from, holds: "m.state = 'open' AND m.due_at IS NOT NULL AND \(sql: rows.holds)")
        let first = try page.ids(limited, order: "m.due_at, m.id", in: tx)
        guard first.count < page.limit else { return first }
        let passed = page.offset == 0 ? first.count : try tx.count("SELECT COUNT(*) FROM \(sql: limited.from) WHERE \(sql: limited.holds)")
        let rest = Page(limit: page.limit - first.count, offset: max(0, page.offset - passed))
        let others = FoundRows(from: rows.from, holds: "(m.due_at IS NULL OR m.state <> 'open') AND \(sql: rows.holds)")
        return try first + rest.ids(others, order: "m.id", in: tx)
    }

    /// Rows of known matters, within what the actor sees: late ones first, or in the order given.
    /// - Parameter ids: at most 16,000.
    package func rows(
        _ ids: [MatterID], lateFirst: Bool, for actor: Actor, at now: Instant, limit: Int = 50, offset: Int = 0, in tx: Transaction
    ) throws -> [MatterRow] {
        let some = lateFirst ? Array(ids.prefix(16_000)) : Array(ids.dropFirst(offset).prefix(limit))
        guard !some.isEmpty else { return [] }
        let sight = try sight(of: actor, at: now, in: tx)
        let rows = try tx.all(
            """
            SELECT \(sql: Self.rowColumns) FROM matter m WHERE m.id IN (\(list: some)) AND \(sql: sight)
            ORDER BY CASE WHEN m.state <> 'open' THEN 2 WHEN m.due_at IS NULL THEN 1 ELSE 0 END, m.due_at, m.id
            LIMIT \(min(max(limit, 1), 1000)) OFFSET \(lateFirst ? max(offset, 0) : 0)
            """, Self.row)
        guard !lateFirst else { return rows }
        return Self.inOrder(rows, some)
    }

    private static func inOrder(_ rows: [MatterRow], _ ids: [MatterID]) -> [MatterRow] {
        let known = Dictionary(rows.map { ($0.matter.id, $0) }, uniquingKeysWith: { first, _ in first })
        return ids.compactMap { known[$0] }
    }

    static func row(_ row: Row) throws -> MatterRow {
        MatterRow(matter: try Matter(row), photo: try row["photo"], holder: try row["holder"])
    }

    /// Of `matter m`: the matter, its first photo, who has it now.
    private static let rowColumns: SQL = """
        \(sql: Matter.columns), \(sql: holder),
            (SELECT COALESCE(f.small, p.digest) FROM photo p JOIN file f ON f.digest = p.digest
                WHERE p.matter_id = m.id AND p.state = 'here' ORDER BY p.at, p.id LIMIT 1) AS photo
        """
    static let plainColumns: SQL = "\(sql: Matter.columns), \(sql: holder), NULL AS photo"
    private static let holder: SQL = """
        (SELECT h.post_id FROM part h WHERE h.matter_id = m.id AND h.ask_id IS NULL AND h.state IN ('offered', 'doing')
            ORDER BY h.offered_at DESC LIMIT 1) AS holder
        """
}

private struct Page {
    let limit: Int
    let offset: Int

    func ids(_ rows: Matters.FoundRows, order: SQL, in tx: Transaction) throws -> [MatterID] {
        try tx.all("SELECT m.id FROM \(sql: rows.from) WHERE \(sql: rows.holds) ORDER BY \(sql: order) LIMIT \(limit) OFFSET \(offset)") {
            try $0["id"]
        }
    }
}
