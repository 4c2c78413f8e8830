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
        let posts = book.posts.values.filter {
            path.covers($0.path) && book.isInForce($0, at: now) && (!neededOnly || book.roles[$0.role]?.needed ?? false)
        }
        let vacant = posts.filter { !book.isFilled($0, at: now) }.sorted { ($0.path, $0.role, $0.id) < ($1.path, $1.role, $1.id) }
        return Gap(
            missing: vacant.count, total: posts.count,
            items: vacant.prefix(limit).map { VacantPost(post: $0, answeredBy: book.answering(for: $0.id, at: now)) })
    }
}
