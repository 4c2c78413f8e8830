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
    /// - Parameter seated: of these paths only; nil is all of the land.
    package func onDuty(below land: [Path], seated: Set<Path>? = nil, at now: Instant, in tx: Transaction) throws -> [OnDuty] {
        let book = try book(in: tx)
        let acting: Set<PostID> = Set(
            try tx.all(
                """
                SELECT DISTINCT post_id FROM entry
                WHERE at > \(now - Self.atWork) AND at <= \(now) AND actor_sort = 'person' AND post_id IS NOT NULL
                """
            ) { try $0["post_id"] })
        func isHere(_ post: Post) -> Bool {
            seated?.contains(post.path) ?? true && land.contains { $0.covers(post.path) } && book.isInside(post)
        }
        let shifts = book.dutyPosts.compactMap { id -> OnDuty? in
            guard let post = book.posts[id], isHere(post), book.isInForce(post, at: now) else { return nil }
            return book.shift(at: post, at: now)
        }
        let known = Set(shifts.map(\.post.id))
        let others = acting.subtracting(known).compactMap { id -> OnDuty? in
            guard let post = book.posts[id], isHere(post), book.isFilled(post, at: now) else { return nil }
            return OnDuty(post: post, persons: book.holders(of: id, at: now).map(\.person), reason: .acting)
        }
        // The shifts are in order as the book has them; those who act beside them are few.
        var (all, rest) = ([OnDuty](), shifts[...])
        all.reserveCapacity(shifts.count + others.count)
        for other in others.sorted(by: { Post.byLand($0.post, $1.post) }) {
            let before = rest.firstSorted { Post.byLand(other.post, $0.post) }
            all += rest[..<before]
            all.append(other)
            rest = rest[before...]
        }
        return all + rest
    }
}

extension PostBook {
    /// The duty shift that runs at a post.
    fileprivate func shift(at post: Post, at now: Instant) -> OnDuty? {
        let running = posts.holdings(of: post.id).filter { $0.sort == .duty && $0.holds(at: now) }
        guard !running.isEmpty else { return nil }
        let ends = running.compactMap(\.to)
        return OnDuty(post: post, persons: running.map(\.person), reason: .shift(until: ends.count == running.count ? ends.max() : nil))
    }
}
