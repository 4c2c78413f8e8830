import Basics
import Catalog
import Grids
import Store

/// Posts, units and remits go with the land they belong to.
///
/// Of a grid that is no more, each post ends. What has most of its land gets a post of that role if it has none, with the holders of the old one;
/// other heirs get a vacant one, which coverage shows. The old post's work follows the succession.
extension Posts: MovesWithLand {
    package func landMoved(_ moves: LandMoves, on day: Day, at now: Instant, in tx: Transaction) throws {
        guard !moves.isEmpty else { return }
        let moment = max(now, Instant(day, in: zone))
        for (old, heirs) in moves.successors.sorted(by: { $0.key < $1.key }) {
            let act = Act.system("land", id: old.uuid.derived("posts \(day)"), at: now)
            try tx.run("UPDATE unit SET grid_id = \(heirs.first) WHERE grid_id = \(old)")
            let posts = try tx.all(
                "SELECT \(sql: Post.columns) FROM post WHERE grid_id = \(old) AND to_day > \(day) ORDER BY id", Post.init)
            for post in posts { try bequeath(post, to: heirs, moves, on: day, from: moment, act: act, in: tx) }
        }
        try moves.repath("remit", column: "path", in: tx)
        let grids = try tx.all("SELECT DISTINCT grid_id, path_now FROM post WHERE grid_id IS NOT NULL") {
            (try $0["grid_id"] as GridID, try $0["path_now"] as Path)
        }
        for (grid, old) in grids where moves.path(of: grid) != old {
            try tx.run("UPDATE post SET path_now = \(moves.path(of: grid)) WHERE grid_id = \(grid)")
        }
        let units = try tx.all("SELECT id, grid_id FROM unit WHERE grid_id IS NOT NULL") {
            (try $0["id"] as UnitID, try $0["grid_id"] as GridID)
        }
        for (unit, grid) in units {
            let path = moves.path(of: grid)
            try tx.run("UPDATE post SET path_now = \(path) WHERE unit_id = \(unit) AND path_now <> \(path)")
        }
        try changed(in: tx)
    }

    private func bequeath(
        _ old: Post, to heirs: [GridID], _ moves: LandMoves, on day: Day, from moment: Instant, act: Act, in tx: Transaction
    ) throws {
        let holders = try tx.all(
            "SELECT \(sql: Holding.columns) FROM holding WHERE post_id = \(old.id) AND (to_at IS NULL OR to_at > \(moment)) ORDER BY from_at, id",
            Holding.init)
        for (turn, heir) in heirs.enumerated() {
            let there = try tx.first(
                "SELECT id FROM post WHERE grid_id = \(heir) AND role = \(old.role) AND to_day > \(day) ORDER BY id LIMIT 1"
            ) { try $0[0] as PostID }
            let next = there ?? PostID(heir.uuid.derived("post of \(old.id) \(day)"))
            if there == nil {
                let name = moves.after[heir].map { "\($0.name) \(roleName(old.role))" } ?? old.name
                try addPost(NewPost(id: next, role: old.role, name: name, seat: .grid(heir), from: day), act: act, in: tx)
            }
            guard turn == 0 else { continue }
            try succeed(old.id.uuid, by: next.uuid, act: act, in: tx)
            for holding in holders {
                let carried = Holding(
                    id: HoldingID(holding.id.uuid.derived("carried to \(next)")), post: next, person: holding.person,
                    from: max(moment, holding.from), to: holding.to, sort: holding.sort)
                do { try beginHolding(carried, act: act, in: tx) } catch is PostsRefusal {
                    // The seat is taken by the holder of another grid that went into this one: his work falls to that post.
                }
            }
        }
        try tx.run("UPDATE post SET to_day = \(day) WHERE id = \(old.id)")
        try tx.run("DELETE FROM holding WHERE post_id = \(old.id) AND from_at >= \(moment)")
        try tx.run("UPDATE holding SET to_at = \(moment) WHERE post_id = \(old.id) AND (to_at IS NULL OR to_at > \(moment))")
        try tx.record(act.entry("post.ended", subject: "post", id: old.id.uuid, path: old.path, detail: ["on": "\(day)"]))
    }

    private func roleName(_ role: RoleID) -> String {
        let catalog = catalog.current
        return catalog.strings.text(catalog.role(role)?.nameKey ?? role, catalog.platform.languages.first ?? .chinese)
    }

    /// The Ledger moved its records: posts at places follow them.
    package func placesMoved(in tx: Transaction) throws {
        let rows = try tx.run(
            """
            UPDATE post SET path_now = (SELECT r.path_now FROM record r WHERE r.id = post.place_id)
            WHERE place_id IS NOT NULL AND EXISTS (SELECT 1 FROM record r WHERE r.id = post.place_id AND r.path_now <> post.path_now)
            """)
        if rows > 0 { try changed(in: tx) }
    }
}
