import Basics
import Geo
import Posts
import Store

/// A matter as a mark on a map: where, which, how late; nothing else of it.
package struct MapMark: Sendable, Hashable {
    package let id: MatterID
    package let place: Coordinate
    package let mark: Mark
    package let isLate: Bool

    package init(id: MatterID, place: Coordinate, mark: Mark, isLate: Bool) {
        self.id = id
        self.place = place
        self.mark = mark
        self.isLate = isLate
    }
}

extension Matters {
    /// The marks in a tile: all that is open, and what was opened since an instant and is done; only what the actor may see.
    /// They are the rows behind the figures of the map, less those of no place.
    package func marks(in tile: Tile, since: Instant, for actor: Actor, at now: Instant, in tx: Transaction) throws -> [MapMark] {
        guard tile.exists else { return [] }
        let scope = try posts.scope(of: actor, .see, at: now, in: tx)
        let cells = tile.cells
        let columns: SQL = "m.id, m.lon, m.lat, m.state, m.spot, m.passed, m.reopened, m.due_at"
        let here: SQL = "BETWEEN \(cells.lowerBound) AND \(cells.upperBound) AND \(sql: scope.sql("m"))"
        // Two halves, so that each has an index: a tile of the whole city reads the open ones and those of the day, never all there are.
        // NB: no index has `cell + 0`. SQLite would go by the cells, and read all years of a tile for those of the day.
        return try tx.all(
            """
            SELECT \(sql: columns) FROM matter m WHERE m.state = 'open' AND m.cell \(sql: here)
            UNION ALL
            SELECT \(sql: columns) FROM matter m WHERE m.opened_at >= \(since) AND m.state IN ('done', 'closed') AND m.cell + 0 \(sql: here)
            ORDER BY 1
            """
        ) { row in
            let state: Matter.State = try row["state"]
            let due: Instant? = try row["due_at"]
            return MapMark(
                id: try row["id"], place: Coordinate(lon: try row["lon"], lat: try row["lat"]),
                mark: Mark(state: state, spot: try row["spot"], passed: try row["passed"], reopened: try row["reopened"]),
                isLate: state == .open && due.map { $0 < now } ?? false)
        }
    }

    /// What happened last below a path, newest first: the matter, what was done, when. Each matter once.
    /// - Parameter until: looked back from there; what may be seen is asked of now all the same.
    package func latest(
        below path: Path, for actor: Actor, at now: Instant, until: Instant? = nil, limit: Int, in tx: Transaction
    ) throws -> [(matter: Matter, verb: String, at: Instant)] {
        let scope = try posts.scope(of: actor, .see, at: now, in: tx)
        let end = until ?? now
        let day = end - .days(1)
        let rows = try tx.all(
            """
            SELECT \(sql: Matter.columns), e.verb AS last_verb, e.at AS last_at FROM entry e JOIN matter m ON m.id = e.subject_id
            WHERE e.at > \(day) AND e.at <= \(end) AND e.subject = 'matter' AND \(sql: path.covers("m.path_now")) AND \(sql: scope.sql("m"))
            ORDER BY e.at DESC, e.id DESC LIMIT \(limit * 6)
            """
        ) { row in (matter: try Matter(row), verb: try row["last_verb"] as String, at: try row["last_at"] as Instant) }
        var seen: Set<MatterID> = []
        return Array(rows.filter { seen.insert($0.matter.id).inserted }.prefix(limit))
    }
}
