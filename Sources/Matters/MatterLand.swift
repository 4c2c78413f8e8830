import Basics
import Catalog
import Geo
import Grids
import Posts
import Store

/// Open work moves with the land, closed rows too: `path_now` follows the net of today, `path_then` stays. Clocks run on.
extension Matters: MovesWithLand {
    package func landMoved(_ moves: LandMoves, on day: Day, at now: Instant, in tx: Transaction) throws {
        try noteSearchStale(moves, in: tx)
        try moves.relocate("matter", grid: "grid_id", in: tx)
        try renewBorders(moves, in: tx)
        let book = try posts.book(in: tx)
        let open = try tx.all(
            """
            SELECT p.id AS part_id, p.post_id, m.id AS matter_id, m.path_now, o.grid_id AS seat FROM part p JOIN matter m ON m.id = p.matter_id
            JOIN post o ON o.id = p.post_id WHERE p.state IN ('offered', 'doing') AND p.ask_id IS NULL AND o.grid_id IS NOT NULL
            """
        ) { row in
            (
                part: try row["part_id"] as PartID, post: try row["post_id"] as PostID, matter: try row["matter_id"] as MatterID,
                path: try row["path_now"] as Path, seat: try row["seat"] as GridID
            )
        }
        for row in open {
            // A post whose grid still holds the place keeps its part.
            if let seat = moves.after[row.seat], seat.path.covers(row.path) { continue }
            guard let heir = Self.heir(of: row.post, at: row.path, depth: moves.before[row.seat]?.path.depth, book: book, now: now),
                heir != row.post
            else { continue }
            try tx.run("UPDATE part SET post_id = \(heir) WHERE id = \(row.part)")
            let act = Act.system("land", id: row.part.uuid.derived("\(day) \(heir)"), at: now)
            try tx.record(
                act.entry(
                    "matter.moved", subject: "matter", id: row.matter.uuid, path: row.path,
                    detail: ["part": row.part.description, "post": heir.description, "was": row.post.description]))
        }
    }

    /// The grid on the other side, of open work near a border that is another now.
    private func renewBorders(_ moves: LandMoves, in tx: Transaction) throws {
        let within = catalog.current.platform.border
        let box = moves.changed.grown(meters: within)
        guard !box.isEmpty else { return }
        let near = try tx.all(
            """
            SELECT id, lon, lat, border_id FROM matter WHERE (state = \(Matter.State.open) OR state = \(Matter.State.done))
                AND lon >= \(box.west) AND lon <= \(box.east) AND lat >= \(box.south) AND lat <= \(box.north)
            """
        ) { row in
            (
                id: try row["id"] as MatterID, point: Coordinate(lon: try row["lon"], lat: try row["lat"]),
                border: try row["border_id"] as GridID?
            )
        }
        for row in near {
            let border = moves.after.border(at: row.point, within: within)?.id
            guard border != row.border else { continue }
            try tx.run("UPDATE matter SET border_id = \(border) WHERE id = \(row.id)")
            try tx.noteSearchStale("SELECT id FROM matter WHERE id = \(row.id)")
        }
    }

    /// What is searched by its land, by the land across the border or by that of a post with a part in it, when that land moves. Before
    /// anything of it does.
    private func noteSearchStale(_ moves: LandMoves, in tx: Transaction) throws {
        let moved =
            moves.renames.map(\.old) + moves.unsettled.filter { path in moves.before[path].map { moves.path(of: $0.id) != path } ?? true }
        let now = moved.compactMap { moves.before[$0].map { moves.path(of: $0.id) } }
        let grids = moved.compactMap { moves.before[$0]?.id }
        try tx.noteSearchStale("SELECT id FROM matter WHERE path_now IN (\(list: Set(moved + moves.unsettled).sorted()))")
        try tx.noteSearchStale("SELECT id FROM matter WHERE border_id IN (\(list: grids))")
        // Posts have moved already, or will: they are known by where they were and by where they are.
        try tx.noteSearchStale(
            """
            SELECT DISTINCT p.matter_id FROM part p JOIN post o ON o.id = p.post_id WHERE o.path_now IN (\(list: Set(moved + now).sorted()))
            """)
    }

    /// The post of the same role on the same level of the new land, else whoever answers for the place there or above.
    private static func heir(of post: PostID, at path: Path, depth: Int?, book: PostBook, now: Instant) -> PostID? {
        var here = path
        while let depth, here.depth > depth, let up = here.parent { here = up }
        if let role = book.posts[post]?.role,
            let same = book.posts(atPath: here, at: now).first(where: { $0.role == role && $0.id != post })
        {
            return same.id
        }
        return book.answering(at: here, on: now)?.post
    }
}
