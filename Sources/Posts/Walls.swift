import Basics
import Grids
import Store

/// A screen on a wall that shows the battle map of one grid to whoever stands before it.
package struct WallID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

package struct Wall: Sendable, Hashable {
    package let id: WallID
    package let name: String
    package let grid: GridID
    /// Where the grid lies today; nil once it is no more.
    package let path: Path?
    /// The post by whose right it shows.
    package let post: PostID
    package let madeAt: Instant

    /// It sees and counts on its land and does nothing else; nil when the land is no more.
    package var actor: Actor? { path.map { .wall(id, post: post, land: $0) } }

    static let columns: SQL = """
        w.id, w.name, w.grid_id, w.post_id, w.made_at,
            (SELECT g.path FROM grid_path g WHERE g.grid_id = w.grid_id AND g.to_day = '9999-12-31') AS path
        """

    init(_ row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        grid = try row["grid_id"]
        path = try row["path"]
        post = try row["post_id"]
        madeAt = try row["made_at"]
    }
}

extension Posts {
    private static let wallSubject = "wall"
    /// At once on one land; a town hall has a dozen.
    package static let mostWalls = 100

    /// Makes an address for one screen. It shows until it is ended; whoever may publish on the land makes and ends it.
    /// - Throws: `PostsRefusal.notAllowed`, `.nameMissing`, `.unknownGrid`, `.tooManyWalls`.
    package func addWall(_ id: WallID, name: String, grid: GridID, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        if try tx.exists("SELECT 1 FROM wall WHERE id = \(id)") { return }
        let name = try Self.named(name)
        let path = try path(of: .grid(grid), in: tx)
        let scope = try scope(of: act.actor, .publish, at: act.at, in: tx)
        guard let post = scope.land.first(where: { $0.path.covers(path) })?.post else { throw PostsRefusal.notAllowed }
        guard try walls(for: act.actor, at: act.at, in: tx).count < Self.mostWalls else { throw PostsRefusal.tooManyWalls(Self.mostWalls) }
        try tx.run(
            "INSERT INTO wall (id, name, grid_id, post_id, made_at, ended_at) VALUES (\(id), \(name), \(grid), \(post), \(act.at), NULL)")
        let pass = Pass(
            id: PassID(id.uuid.derived("pass")), subject: PassSubject(sort: Self.wallSubject, id: id.uuid), verbs: [])
        try issue(pass, token: token(of: id, in: tx), at: act.at, in: tx)
        try tx.record(act.entry("wall.made", subject: "wall", id: id.uuid, path: path, post: post, detail: ["grid": grid.description]))
    }

    /// Ends it: from now on the address opens nothing.
    package func endWall(_ id: WallID, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        guard let wall = try walls(for: act.actor, at: act.at, in: tx).first(where: { $0.id == id }) else {
            // Ended before: the same act again.
            guard try tx.exists("SELECT 1 FROM wall WHERE id = \(id) AND ended_at IS NOT NULL") else { throw PostsRefusal.notAllowed }
            return
        }
        try tx.run("UPDATE wall SET ended_at = \(act.at) WHERE id = \(id)")
        try tx.run("UPDATE pass SET revoked_at = \(act.at) WHERE subject_id = \(id) AND revoked_at IS NULL")
        try tx.record(act.entry("wall.ended", subject: "wall", id: id.uuid, path: wall.path ?? .root))
    }

    /// The screens on land where the actor may publish, oldest first.
    package func walls(for actor: Actor, at now: Instant, in tx: Transaction) throws -> [Wall] {
        let scope = try scope(of: actor, .publish, at: now, in: tx)
        return try tx.all("SELECT \(sql: Wall.columns) FROM wall w WHERE w.ended_at IS NULL ORDER BY w.made_at, w.id", Wall.init)
            .filter { wall in scope.prefixes.contains { $0.covers(wall.path ?? .root) } }
    }

    /// What an address shows; nil for none or an ended one.
    package func wall(_ token: String, at now: Instant, in tx: Transaction) throws -> Wall? {
        guard let pass = try pass(token, at: now, in: tx), pass.subject.sort == Self.wallSubject else { return nil }
        return try tx.first(
            "SELECT \(sql: Wall.columns) FROM wall w WHERE w.id = \(pass.subject.id) AND w.ended_at IS NULL", Wall.init)
    }

    /// The same for the same screen, so that whoever may publish can read it again.
    package func token(of wall: WallID, in tx: Transaction) throws -> String { try secret(in: tx).token(for: wall.uuid, use: "wall") }
}
