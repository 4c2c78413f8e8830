import Basics
import Catalog
import Foundation
import Store
import Synchronization

/// Units, posts, holdings and remits as they stand, in memory and immutable; a new one takes its place when something changed.
///
/// All questions that every page asks (who answers here? which posts are mine now?) are lookups here, not queries.
package final class PostBook: Sendable {
    package let roles: Roles
    package let zone: TimeZone
    package let units: [UnitID: WorkUnit]
    package let posts: PostTable
    package let remits: [String: [Remit]]
    let remitsByOwner: [Remit.Owner: [Remit]]
    /// Posts that sit at the grid of a path, in the order they answer.
    let atPath: [Path: [PostID]]
    let atUnit: [UnitID: [PostID]]
    let atPlace: [UUIDv7: [PostID]]
    /// Posts with a duty shift in their holdings, past or to come, in the order of the land.
    let dutyPosts: [PostID]
    let successors: [UUIDv7: [UUIDv7]]
    let gridPaths: [UnitID: Path]
    /// Instants at which anything about filling changes, in order.
    private let turns: [Instant]
    private let standing = Mutex<Standing?>(nil)

    /// Who answers for what between two turns.
    struct Standing: Sendable {
        let from: Instant
        let to: Instant
        /// Vacant post → filled post that answers for it.
        let by: [PostID: PostID]
        /// Filled post → vacant posts that fall to it.
        let falls: [PostID: [PostID]]
    }

    init(
        roles: Roles, zone: TimeZone, units: [WorkUnit], unitPaths: [UnitID: Path], posts: [Post], holdings: [Holding], remits: [Remit],
        successors: [UUIDv7: [UUIDv7]]
    ) {
        self.roles = roles
        self.zone = zone
        self.units = Dictionary(units.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.posts = PostTable(posts, holdings)
        self.remits = Dictionary(grouping: remits, by: \.subject)
        remitsByOwner = Dictionary(grouping: remits, by: \.owner)
        self.successors = successors
        gridPaths = unitPaths
        let valid = self.posts.holdings
        dutyPosts = Set(valid.filter { $0.sort == .duty }.map(\.post)).compactMap { [table = self.posts] in table[$0] }.sorted(
            by: Post.byLand
        )
        .map(\.id)
        let ordered = posts.sorted { a, b in
            let (x, y) = (roles.turn(a.role) ?? .max, roles.turn(b.role) ?? .max)
            return (x, a.id) < (y, b.id)
        }
        var atPath: [Path: [PostID]] = [:]
        var atUnit: [UnitID: [PostID]] = [:]
        var atPlace: [UUIDv7: [PostID]] = [:]
        for post in ordered {
            switch post.seat {
            case .grid: atPath[post.path, default: []].append(post.id)
            case .unit(let unit): atUnit[unit, default: []].append(post.id)
            case .place(let place): atPlace[place, default: []].append(post.id)
            }
        }
        self.atPath = atPath
        self.atUnit = atUnit
        self.atPlace = atPlace
        var turns: Set<Instant> = []
        for holding in valid {
            turns.insert(holding.from)
            if let to = holding.to { turns.insert(to) }
        }
        for post in posts {
            if post.from > .beginning { turns.insert(Instant(post.from, in: zone)) }
            if post.to < .end { turns.insert(Instant(post.to, in: zone)) }
        }
        self.turns = turns.sorted()
    }

    // MARK: Filled or vacant

    package func isInForce(_ post: Post, at instant: Instant) -> Bool {
        if post.from == .beginning, post.to == .end { return true }
        let day = instant.day(in: zone)
        return post.from <= day && day < post.to
    }

    package func isFilled(_ post: Post, at instant: Instant) -> Bool {
        isInForce(post, at: instant) && posts.holdings(of: post.id).contains { $0.holds(at: instant) }
    }

    /// The rows of some posts that are in force, and those of them that nobody holds.
    func vacant(_ rows: some Sequence<UInt32>, at instant: Instant) -> (inForce: Int, vacant: [UInt32]) {
        var (inForce, vacant) = (0, [UInt32]())
        for row in rows where isInForce(posts.values[Int(row)], at: instant) {
            inForce += 1
            if !posts.holdings(row: row).contains(where: { $0.holds(at: instant) }) { vacant.append(row) }
        }
        return (inForce, vacant)
    }

    package func isFilled(_ post: PostID, at instant: Instant) -> Bool { posts[post].map { isFilled($0, at: instant) } ?? false }

    /// Holders at an instant, each person once: acting and duty before regular, since they are there in his place.
    package func holders(of post: PostID, at instant: Instant) -> [Holding] {
        var seen: Set<PersonID> = []
        return posts.holdings(of: post).filter { $0.holds(at: instant) }.sorted { a, b in
            let (x, y) = (a.sort == .regular || a.sort == .posting ? 1 : 0, b.sort == .regular || b.sort == .posting ? 1 : 0)
            return (x, a.from, a.id) < (y, b.from, b.id)
        }.filter { seen.insert($0.person).inserted }
    }

    /// The filled posts of a role.
    package func filled(_ role: RoleID, at instant: Instant) -> [Post] {
        posts.rows(of: role).map { posts.values[Int($0)] }.filter { isFilled($0, at: instant) }
    }

    /// The posts of a role below a path.
    package func posts(of role: RoleID, below path: Path, at instant: Instant) -> [Post] {
        posts.rows(of: role, below: path).map { posts.values[Int($0)] }.filter { isInForce($0, at: instant) }
    }

    /// The posts of the same seat, itself among them.
    package func posts(beside post: Post, at instant: Instant) -> [Post] {
        switch post.seat {
        case .grid: posts(atPath: post.path, at: instant)
        case .unit(let unit): posts(atUnit: unit, at: instant)
        case .place(let place): posts(atPlace: place, at: instant)
        }
    }

    package func posts(atUnit unit: UnitID, at instant: Instant) -> [Post] { inForce(atUnit[unit], at: instant) }
    package func posts(atPlace place: UUIDv7, at instant: Instant) -> [Post] { inForce(atPlace[place], at: instant) }
    package func posts(atPath path: Path, at instant: Instant) -> [Post] { inForce(atPath[path], at: instant) }

    private func inForce(_ ids: [PostID]?, at instant: Instant) -> [Post] {
        (ids ?? []).compactMap { posts[$0] }.filter { isInForce($0, at: instant) }
    }

    /// An outside unit, or one whose unit is unknown, is not inside.
    package func isInside(_ post: Post) -> Bool { post.unit.map { units[$0]?.inside ?? false } ?? true }

    // MARK: Standing

    func standing(at instant: Instant) -> Standing {
        if let known = standing.withLock({ $0 }), known.from <= instant, instant < known.to { return known }
        let low = turns.firstSorted { $0 > instant }
        var by: [PostID: PostID] = [:]
        var falls: [PostID: [PostID]] = [:]
        for post in posts.values where !isFilled(post, at: instant) {
            guard let answering = upward(from: post).first(where: { isFilled($0, at: instant) }) else { continue }
            by[post.id] = answering.id
            falls[answering.id, default: []].append(post.id)
        }
        // Once here, since every list of one's work asks for them.
        falls = falls.mapValues { $0.sorted() }
        let fresh = Standing(
            from: low > 0 ? turns[low - 1] : Instant(milliseconds: .min), to: low < turns.count ? turns[low] : Instant(milliseconds: .max),
            by: by, falls: falls)
        standing.withLock { $0 = fresh }
        return fresh
    }
}
