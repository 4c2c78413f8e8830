import Basics
import Catalog
import Grids
import Store

/// Something that should have someone and has no one (row A6): how many of how many, and the first of them.
package struct Gap<Item: Sendable>: Sendable {
    package let missing: Int
    package let total: Int
    package let items: [Item]

    package init(missing: Int, total: Int, items: [Item]) {
        self.missing = missing
        self.total = total
        self.items = items
    }
}

package struct LeaderlessGrid: Sendable, Hashable {
    package let grid: GridID
    package let code: String?
    package let name: String
    package let level: String
    package let path: Path
    /// The vacant post, or nil when there is not even a post.
    package let post: PostID?
}

package struct VacantPost: Sendable, Hashable {
    package let post: Post
    /// The filled post that answers for it meanwhile.
    package let answeredBy: PostID?
}

extension Posts {
    /// Grids below a path whose level has a role that answers, and where no such post is filled.
    package func leaderlessGrids(
        under path: Path, level: String? = nil, at now: Instant, limit: Int = 200, in tx: Transaction
    ) throws -> Gap<LeaderlessGrid> {
        let book = try book(in: tx)
        let answered = Set(
            book.roles.byID.values.compactMap { role -> String? in
                guard role.answersFor != nil, case .grid(let level) = role.seat else { return nil }
                return level ?? Level.root
            })
        let day = now.day(in: zone)
        var (total, missing) = (0, 0)
        var items: [LeaderlessGrid] = []
        try tx.each(
            """
            SELECT g.id, g.code, g.name, g.level, p.path FROM grid g JOIN grid_path p ON p.grid_id = g.id
            WHERE \(sql: path.covers("p.path")) AND p.from_day <= \(day) AND p.to_day > \(day) ORDER BY p.path
            """
        ) { row in
            let found: String = try row["level"]
            guard answered.contains(found), level == nil || level == found else { return }
            total += 1
            let path: Path = try row["path"]
            let posts = book.posts(atPath: path, at: now).filter { book.roles[$0.role]?.answersFor != nil }
            guard !posts.contains(where: { book.isFilled($0, at: now) }) else { return }
            missing += 1
            guard items.count < limit else { return }
            items.append(
                LeaderlessGrid(
                    grid: try row["id"], code: try row["code"], name: try row["name"], level: found, path: path, post: posts.first?.id))
        }
        return Gap(missing: missing, total: total, items: items)
    }

    /// Vacant posts below a path.
    /// - Parameter neededOnly: only those whose role says `needed`.
    package func vacantPosts(
        under path: Path, neededOnly: Bool = false, at now: Instant, limit: Int = 200, in tx: Transaction
    ) throws -> Gap<VacantPost> {
        let book = try book(in: tx)
        var (total, rows) = (0, [UInt32]())
        for role in book.posts.roles where !neededOnly || book.roles[role]?.needed ?? false {
            let (inForce, vacant) = book.vacant(book.posts.rows(of: role, below: path), at: now)
            total += inForce
            rows += vacant
        }
        let posts = book.posts.values
        rows.sort { a, b in
            let (a, b) = (Int(a), Int(b))
            return (posts[a].path, posts[a].role, posts[a].id) < (posts[b].path, posts[b].role, posts[b].id)
        }
        return Gap(
            missing: rows.count, total: total,
            items: rows.prefix(limit).map { row in
                VacantPost(post: posts[Int(row)], answeredBy: book.answering(for: posts[Int(row)].id, at: now))
            })
    }
}
