import Basics
import Catalog
import Posts
import Store

/// A record that should have a filled post and has none: a building without a head.
package struct HeadlessPlace: Sendable, Hashable {
    package let record: RecordID
    package let register: String
    package let name: String
    package let path: Path
    package let role: RoleID
    /// The vacant post, or nil when there is not even a post.
    package let post: PostID?
}

extension Ledger {
    /// Records below a path for whose register the catalog has a role, and where no such post is filled (row A6).
    package func headlessPlaces(under path: Path, at now: Instant, limit: Int = 200, in tx: Transaction) throws -> Gap<HeadlessPlace> {
        let book = try posts.book(in: tx)
        let day = now.day(in: posts.zone)
        var (total, missing) = (0, 0)
        var items: [HeadlessPlace] = []
        for (role, register) in book.roles.placeRoles {
            try tx.each(
                """
                SELECT id, name, path_now FROM record
                WHERE register = \(register) AND \(sql: path.covers("path_now")) AND from_day <= \(day) AND to_day > \(day)
                ORDER BY path_now, name, id
                """
            ) { row in
                total += 1
                let id: RecordID = try row["id"]
                let posts = book.posts(atPlace: id.uuid, at: now).filter { $0.role == role.id }
                guard !posts.contains(where: { book.isFilled($0, at: now) }) else { return }
                missing += 1
                guard items.count < limit else { return }
                items.append(
                    HeadlessPlace(
                        record: id, register: register, name: try row["name"], path: try row["path_now"], role: role.id,
                        post: posts.first?.id))
            }
        }
        return Gap(missing: missing, total: total, items: items)
    }
}
