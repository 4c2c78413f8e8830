import Basics
import Store

/// A post at which somebody is at work, as the platform knows it without asking anybody: by its rota, or by what was just done.
///
/// Nobody signs in for this and nobody's place is kept. When somebody last did something is not told, only that the post is at work.
package struct OnDuty: Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// A duty shift that runs, and until when.
        case shift(until: Instant?)
        /// Something was done from this post lately.
        case acting
    }

    package let post: Post
    package let persons: [PersonID]
    package let reason: Reason
}

extension Posts {
    /// How long a post counts as at work after something was done from it.
    package static let atWork = Span.hours(2)

    /// The posts at work on some land, in the net's order; vacant ones are not.
    package func onDuty(below land: [Path], at now: Instant, in tx: Transaction) throws -> [OnDuty] {
        let book = try book(in: tx)
        let acting: Set<PostID> = Set(
            try tx.all(
                """
                SELECT DISTINCT post_id FROM entry
                WHERE at > \(now - Self.atWork) AND at <= \(now) AND actor_sort = 'person' AND post_id IS NOT NULL
                """
            ) { try $0["post_id"] })
        func isHere(_ post: Post) -> Bool { land.contains { $0.covers(post.path) } && book.isInside(post) }
        let shifts = book.shifts(at: now).compactMap { shift -> OnDuty? in
            guard let post = book.posts[shift.post], isHere(post), book.isInForce(post, at: now) else { return nil }
            return OnDuty(post: post, persons: shift.persons, reason: .shift(until: shift.until))
        }
        let known = Set(shifts.map(\.post.id))
        let others = acting.subtracting(known).compactMap { id -> OnDuty? in
            guard let post = book.posts[id], isHere(post), book.isFilled(post, at: now) else { return nil }
            return OnDuty(post: post, persons: book.holders(of: id, at: now).map(\.person), reason: .acting)
        }
        return (shifts + others).sorted { ($0.post.path, $0.post.id) < ($1.post.path, $1.post.id) }
    }
}

extension PostBook {
    /// The duty shifts that run, by post.
    func shifts(at now: Instant) -> [(post: PostID, persons: [PersonID], until: Instant?)] {
        dutyPosts.compactMap { id in
            let running = posts.holdings(of: id).filter { $0.sort == .duty && $0.holds(at: now) }
            guard !running.isEmpty else { return nil }
            let ends = running.compactMap(\.to)
            return (id, running.map(\.person), ends.count == running.count ? ends.max() : nil)
        }
    }
}
