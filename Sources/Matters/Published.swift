import Basics
import Catalog
import Geo
import Ledger
import Posts
import Store

/// What strangers may ask for: the public face of matters, and nothing behind it.
package struct PublicFilter: Sendable {
    /// Any of these; they override all else.
    package var numbers: [String] = []
    package var categories: [String] = []
    package var openedFrom: Instant?
    package var openedBefore: Instant?
    /// True: open ones; false: dealt with; nil: both.
    package var open: Bool?
    package var near: (point: Coordinate, meters: Double)?
    package var limit = 1000
    package var offset = 0

    package init() {}
}

/// A matter as strangers see it. One that was merged keeps its number and shows how its main one stands.
package struct PublicMatter: Sendable {
    package let matter: Matter
    /// The main one, where it was merged.
    package let main: Matter?
    /// The post that has it now.
    package let holder: PostID?
    package let updatedAt: Instant
    /// Digest of its first photo, once somebody has accepted it and the kind shows photos.
    package let photo: String?
    /// Nil where the kind keeps the words of reporters to itself.
    package let words: String?
    /// To what the category's form asked, as far as the kind shows them.
    package let answers: [FormAnswer]

    /// How it stands: of the main one, if it was merged.
    package var standing: Matter { main ?? matter }
    package var isOpen: Bool { standing.state == .open }
}

extension Matters {
    /// Matters with a public face, the newest first; with `numbers`, those of them that have one.
    package func published(_ filter: PublicFilter, in tx: Transaction) throws -> [PublicMatter] {
        let kinds = try kinds()
        guard let faces = publicFaces(kinds) else { return [] }
        var condition: SQL = "\(sql: faces)"
        if !filter.numbers.isEmpty {
            condition += " AND m.number IN (\(list: filter.numbers.prefix(1000)))"
        } else {
            if !filter.categories.isEmpty { condition += " AND m.category IN (\(list: filter.categories.prefix(500)))" }
            if let from = filter.openedFrom { condition += " AND m.opened_at >= \(from)" }
            if let before = filter.openedBefore { condition += " AND m.opened_at <= \(before)" }
            if let open = filter.open {
                condition += open ? " AND COALESCE(n.state, m.state) = 'open'" : " AND COALESCE(n.state, m.state) <> 'open'"
            }
            if let near = filter.near { condition += " AND " + Self.within(near.meters, of: near.point) }
        }
        let rows = try tx.all(
            """
            SELECT \(sql: Matter.columns),
                (SELECT h.post_id FROM part h WHERE h.matter_id = COALESCE(m.merged_into, m.id) AND h.ask_id IS NULL
                    AND h.state IN ('offered', 'doing', 'done') ORDER BY h.offered_at DESC LIMIT 1) AS holder,
                (SELECT MAX(e.at) FROM entry e WHERE e.subject_id = COALESCE(m.merged_into, m.id)) AS updated_at,
                (SELECT p.digest FROM photo p WHERE p.matter_id = m.id AND p.state = 'here' AND p.role <> 'answer'
                    AND EXISTS (SELECT 1 FROM part t WHERE t.matter_id = COALESCE(m.merged_into, m.id) AND t.taken_at IS NOT NULL)
                    ORDER BY p.at, p.id LIMIT 1) AS photo,
                (SELECT r.answers FROM report r WHERE r.first_matter_id = m.id AND r.answers <> '{}' ORDER BY r.at, r.id LIMIT 1) AS answers
            FROM matter m LEFT JOIN matter n ON n.id = m.merged_into
            WHERE \(sql: condition) ORDER BY m.opened_at DESC, m.id DESC LIMIT \(min(max(filter.limit, 1), 1000)) OFFSET \(max(filter.offset, 0))
            """
        ) { row in
            (
                matter: try Matter(row), holder: try row["holder"] as PostID?, updated: try row["updated_at"] as Instant?,
                photo: try row["photo"] as String?,
                answers: try row.isNull("answers") ? [:] : row.json("answers", as: [String: FactValue].self)
            )
        }
        let mains = try self.mains(rows.compactMap(\.matter.mergedInto), in: tx)
        return rows.map { row in
            let kind = kinds[row.matter.kind]
            let face = kind.shows
            let main = row.matter.mergedInto.flatMap { mains[$0] }
            let standing = main ?? row.matter
            let ended = standing.state == .open ? nil : standing.doneAt ?? standing.closedAt
            return PublicMatter(
                matter: row.matter, main: main, holder: row.holder, updatedAt: ended ?? row.updated ?? standing.openedAt,
                photo: face.photo ? row.photo : nil, words: face.words ? PublicWords.masked(row.matter.words) : nil,
                answers: FormAnswer.shown(row.answers, kind, catalog.current))
        }
    }

    private func mains(_ ids: [MatterID], in tx: Transaction) throws -> [MatterID: Matter] {
        guard !ids.isEmpty else { return [:] }
        let found = try tx.all("SELECT \(sql: Matter.columns) FROM matter m WHERE m.id IN (\(list: Set(ids)))", Matter.init)
        return Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The same rule as `isPublic`, as SQL over `m`; nil when no kind has a public face.
    func publicFaces(_ kinds: Kinds) -> SQL? {
        let opened = kinds.byID.values.filter { $0.shows.shown == .opened }.map(\.id).sorted()
        let closed = kinds.byID.values.filter { $0.shows.shown == .closed }.map(\.id).sorted()
        guard !(opened + closed).isEmpty else { return nil }
        return """
            (m.privacy = 'open' AND m.state <> 'void'
            AND (m.kind IN (\(list: opened)) OR (m.kind IN (\(list: closed)) AND m.state <> 'open')))
            """
    }

    /// Within a box, as ranges of cells for the index.
    static func cells(_ box: Box) -> SQL {
        var cells: SQL = ""
        for (index, range) in Cell.ranges(for: box).enumerated() {
            cells += (index == 0 ? "" : " OR ") + "m.cell BETWEEN \(range.lowerBound) AND \(range.upperBound)"
        }
        return cells.isEmpty ? "1 = 0" : cells
    }

    /// Within so many metres on a local plane: ranges of cells for the index, then the distance itself.
    private static func within(_ meters: Double, of point: Coordinate) -> SQL {
        let plane = LocalPlane(at: point)
        let cells = cells(Box(around: [point]).grown(meters: meters))
        return """
            (\(sql: cells)) AND (m.lon - \(point.lon)) * (m.lon - \(point.lon)) * \(plane.perLon * plane.perLon)
            + (m.lat - \(point.lat)) * (m.lat - \(point.lat)) * \(plane.perLat * plane.perLat) <= \(meters * meters)
            """
    }

    /// The matter a report went to, by the report's own id at its source, among several sources.
    package func matter(source channel: String, clients: [ClientID], sourceNumber: String, in tx: Transaction) throws -> Matter? {
        try tx.first(
            """
            SELECT \(sql: Matter.columns) FROM report r JOIN matter m ON m.id = r.first_matter_id
            WHERE r.source IN (\(list: clients.map { "\(channel):\($0)" })) AND r.source_number = \(sourceNumber) ORDER BY r.at LIMIT 1
            """, Matter.init)
    }
}
