import Basics
import Catalog
import Posts
import Store

// Who may be given work on a matter: never somebody on land that is not the giver's.

extension Matters {
    /// Departments with somebody to take work in, whose land this is or to whom the duty list gives it, by name.
    package func departments(at path: Path, on now: Instant, book: PostBook) -> [WorkUnit] {
        book.units.values.filter { isReachable($0, at: path, on: now, book: book) }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }

    private func isReachable(_ unit: WorkUnit, at path: Path, on now: Instant, book: PostBook) -> Bool {
        let day = now.day(in: catalog.current.platform.zone)
        guard unit.from <= day, day < unit.to, let clerk = book.clerk(of: unit.id, at: now), let post = book.posts[clerk],
            post.unit == unit.id
        else { return false }
        return post.path.covers(path) || path.covers(post.path) || book.remits(of: post, on: now).contains { $0.path.covers(path) }
    }

    /// Whether an actor may give work on this matter to a post: one on the land of his own posts, or a department of the place.
    package func mayGive(_ matter: Matter, to target: PostID, by actor: Actor, at now: Instant, book: PostBook) -> Bool {
        // What the platform does by itself follows the routing table.
        guard case .person = actor else { return true }
        guard let post = book.posts[target] else { return false }
        if let unit = post.unit.flatMap({ book.units[$0] }) { return isReachable(unit, at: matter.path, on: now, book: book) }
        return actor.heldPosts.contains { $0.path.covers(post.path) }
    }
}
