import Basics
import Catalog
import Foundation
import Grids
import Store

extension PostBook {
    /// - Parameter since: holdings that ended before are left out; they are read with `Posts.holdings(of:)`.
    static func load(roles: Roles, zone: TimeZone, since: Instant, in tx: Transaction) throws -> PostBook {
        let units = try tx.all("SELECT \(sql: WorkUnit.columns) FROM unit ORDER BY id", WorkUnit.init)
        var unitPaths: [UnitID: Path] = [:]
        try tx.each(
            "SELECT u.id, p.path FROM unit u JOIN grid_path p ON p.grid_id = u.grid_id AND p.to_day = \(Day.end)"
        ) { row in unitPaths[try row["id"]] = try row["path"] as Path }
        // Posts of one seat share its path.
        var paths: Set<Path> = []
        let posts = try tx.all("SELECT \(sql: Post.columns) FROM post ORDER BY id") { row in
            var post = try Post(row)
            post.path = paths.insert(post.path).memberAfterInsert
            return post
        }
        let holdings = try tx.all(
            "SELECT \(sql: Holding.columns) FROM holding WHERE to_at IS NULL OR to_at > \(since) ORDER BY from_at, id", Holding.init)
        let remits = try tx.all("SELECT \(sql: Remit.columns) FROM remit ORDER BY id", Remit.init)
        var successors: [UUIDv7: [UUIDv7]] = [:]
        try tx.each("SELECT old_id, new_id FROM succession ORDER BY at, new_id") { row in
            let (old, new): (UUIDv7, UUIDv7) = (try row["old_id"], try row["new_id"])
            successors[old, default: []].append(new)
        }
        return PostBook(
            roles: roles, zone: zone, units: units, unitPaths: unitPaths, posts: posts, holdings: holdings, remits: remits,
            successors: successors)
    }
}
