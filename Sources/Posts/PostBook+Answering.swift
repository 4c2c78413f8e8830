import Basics
import Catalog
import Grids
import Store

/// To whom work at a place belongs, and who answers for it now.
package struct Answering: Sendable, Hashable {
    /// The post that has the work, filled or not.
    package let post: PostID
    /// The filled post that answers for it at the moment; nil when nobody up to the root is there.
    package let by: PostID?
    /// Whoever holds `by`.
    package let persons: [PersonID]

    package init(post: PostID, by: PostID?, persons: [PersonID]) {
        self.post = post
        self.by = by
        self.persons = persons
    }

    package var isVacant: Bool { post != by }
}

extension PostBook {
    /// The posts that answer in place of a vacant one, nearest first: what followed it, the others of its seat from its own turn on,
    /// the units above, then the land upward to the root.
    func upward(from post: Post) -> [Post] {
        var chain: [Post] = []
        var seen: Set<PostID> = [post.id]
        func add(_ ids: [PostID]?, from turn: Int = .min) {
            for id in ids ?? [] {
                guard let next = posts[id], let order = roles.turn(next.role), order >= turn, seen.insert(id).inserted else { continue }
                chain.append(next)
            }
        }
        var old = [post.id.uuid]
        while let id = old.popLast() {
            for next in successors[id] ?? [] where !seen.contains(PostID(next)) {
                guard let successor = posts[PostID(next)] else { continue }
                seen.insert(successor.id)
                chain.append(successor)
                old.append(next)
            }
        }
        let turn = roles.turn(post.role) ?? .min
        var path: Path? = post.path
        switch post.seat {
        case .grid:
            add(atPath[post.path], from: turn)
            path = post.path.parent
        case .unit(let unit):
            add(atUnit[unit], from: turn)
            var above = units[unit]?.parent
            var steps = 0
            while let next = above, steps < 32 {
                add(atUnit[next])
                above = units[next]?.parent
                steps += 1
            }
        case .place(let place):
            add(atPlace[place], from: turn)
        }
        while let here = path {
            add(atPath[here])
            path = here.parent
        }
        return chain
    }

    /// The filled post that answers for a post now: itself when it is filled.
    package func answering(for post: PostID, at instant: Instant) -> PostID? {
        guard let known = posts[post] else { return nil }
        return isFilled(known, at: instant) ? post : standing(at: instant).by[post]
    }

    package func answering(post: PostID, at instant: Instant) -> Answering {
        let by = answering(for: post, at: instant)
        return Answering(post: post, by: by, persons: by.map { holders(of: $0, at: instant).map(\.person) } ?? [])
    }

    /// To whom work on this land belongs.
    /// - Parameter roles: the first that has a post here or above; none: whoever answers for the land.
    /// - Returns: nil only when not even the root has a post.
    package func answering(_ wanted: [RoleID] = [], at path: Path, on instant: Instant) -> Answering? {
        var here: Path? = path
        while let level = here {
            let present = posts(atPath: level, at: instant)
            if wanted.isEmpty {
                if let post = best(present.filter { roles.turn($0.role) != nil }, at: instant) { return answering(post: post, at: instant) }
            } else {
                for role in wanted {
                    if let post = best(present.filter { $0.role == role }, at: instant) { return answering(post: post, at: instant) }
                }
            }
            here = level.parent
        }
        return wanted.isEmpty ? nil : answering(at: path, on: instant)
    }

    /// The one that has the first turn; of several with the same turn a filled one.
    private func best(_ posts: [Post], at instant: Instant) -> PostID? {
        guard let first = posts.first else { return nil }
        let turn = roles.turn(first.role)
        let same = posts.filter { roles.turn($0.role) == turn }
        return (same.first { isFilled($0, at: instant) } ?? first).id
    }

    /// The unit's post that takes its work in: the one with the first turn.
    package func clerk(of unit: UnitID, at instant: Instant) -> PostID? {
        best(posts(atUnit: unit, at: instant).filter { roles.turn($0.role) != nil }, at: instant)
            ?? posts(atUnit: unit, at: instant).first?.id
    }

    // MARK: The other way round

    /// Posts held, as the actor carries them.
    package func heldPosts(of person: PersonID, at instant: Instant) -> [HeldPost] {
        var seen: Set<PostID> = []
        return posts.holdings(by: person).filter { $0.holds(at: instant) }.sorted { ($0.from, $0.id) < ($1.from, $1.id) }.compactMap {
            holding in
            guard let post = posts[holding.post], isInForce(post, at: instant), seen.insert(post.id).inserted else { return nil }
            return HeldPost(
                post: post.id, role: post.role, path: post.path, unit: post.unit, inside: isInside(post), sort: holding.sort)
        }
    }

    package func actor(_ person: PersonID, at instant: Instant) -> Actor { .person(person, posts: heldPosts(of: person, at: instant)) }

    /// The posts whose parts are this person's now: those held, and the vacant ones that fall to them.
    package func answeredPosts(of person: PersonID, at instant: Instant) -> [PostID] {
        answeredPosts(of: heldPosts(of: person, at: instant).map(\.post), at: instant)
    }

    /// The same for posts, each followed by what falls to it.
    package func answeredPosts(of held: [PostID], at instant: Instant) -> [PostID] {
        let falls = standing(at: instant).falls
        return held.flatMap { [$0] + (falls[$0] ?? []) }
    }
}
