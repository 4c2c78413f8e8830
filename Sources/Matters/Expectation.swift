import Basics
import Catalog
import Grids
import Posts
import Store

/// What a report sent now would get, said before it is sent: what it probably is, who has it, by when somebody takes it up.
package struct Expectation: Sendable {
    package let category: String?
    package let post: PostID?
    /// The filled post that answers for it now.
    package let by: PostID?
    package let takenBy: Deadline?
}

extension Matters {
    /// The same way as `open` goes, without a write.
    package func expected(words: String, at path: Path, now: Instant, in tx: Transaction) throws -> Expectation {
        let catalog = catalog.current
        let kind = try kind(kinds().usual.id, at: path, in: tx)
        let category = likeliest(words: words, at: path)
        let answering = try posts.book(in: tx).answering(at: path, on: now)
        let limit = kind.clock(of: .part).flatMap {
            catalog.limit($0.limit, category: category, class: category?.class, urgency: category?.urgency ?? catalog.usualUrgency)
        }
        return Expectation(
            category: category?.id, post: answering?.post, by: answering?.by,
            takenBy: limit.map { catalog.calendar.deadline($0, from: now) })
    }
}

extension Catalog {
    /// The limit a rule means for a category, class and urgency; nil when none runs (a class without a limit).
    func limit(_ source: ClockRule.Source, category: Category?, class chosen: String?, urgency: String) -> Limit? {
        switch source {
        case .fixed(let limit): return limit
        case .categoryAccept: return self.urgency(urgency)?.accept ?? category?.accept ?? categories.first?.accept
        case .classReport: return chosen.flatMap { matterClass($0) }?.reportEvery
        case .categoryFinish:
            // A class chosen by a person overrides the category's own class and its limit.
            if let chosen, chosen != category?.class { return matterClass(chosen)?.finish }
            return category?.finish ?? chosen.flatMap { matterClass($0)?.finish }
        }
    }
}
