import Basics
import Catalog
import Store

/// Who is responsible for a subject on some land.
package struct Responsible: Sendable, Hashable {
    package let remit: RemitID
    package let unit: UnitID?
    /// The post that takes the work in.
    package let post: PostID
}

extension PostBook {
    /// Remits that cover the land that day, best first: by the order of the subjects given (then `*`), then the smallest land, then a
    /// post before a unit.
    package func remits(for subjects: [String], at path: Path, on instant: Instant) -> [Remit] {
        let day = instant.day(in: zone)
        return (subjects + [Remit.anySubject]).flatMap { subject in
            (remits[subject] ?? []).filter { $0.holds(on: day) && $0.path.covers(path) }.sorted { a, b in
                (-a.path.depth, rank(a.owner), a.id) < (-b.path.depth, rank(b.owner), b.id)
            }
        }
    }

    private func rank(_ owner: Remit.Owner) -> Int { if case .post = owner { 0 } else { 1 } }

    /// Routing: the first remit whose owner can take work in.
    /// - Returns: nil when no remit names the subject here, so the land answers.
    package func responsible(for subjects: [String], at path: Path, on instant: Instant) -> Responsible? {
        for remit in remits(for: subjects, at: path, on: instant) {
            switch remit.owner {
            case .post(let id):
                guard let post = posts[id], isInForce(post, at: instant) else { continue }
                return Responsible(remit: remit.id, unit: post.unit, post: id)
            case .unit(let unit):
                guard let post = clerk(of: unit, at: instant) else { continue }
                return Responsible(remit: remit.id, unit: unit, post: post)
            }
        }
        return nil
    }

    /// The duty list of a land: every remit that reaches into it that day.
    package func dutyList(of path: Path, on instant: Instant) -> [Remit] {
        let day = instant.day(in: zone)
        return remits.values.joined().filter { $0.holds(on: day) && ($0.path.covers(path) || path.covers($0.path)) }
            .sorted { ($0.subject, $0.path, $0.id) < ($1.subject, $1.path, $1.id) }
    }

    /// What a post has by remit: its own and its unit's.
    package func remits(of post: Post, on instant: Instant) -> [Remit] {
        let day = instant.day(in: zone)
        let owners: Set<Remit.Owner> = Set([.post(post.id)] + (post.unit.map { [.unit($0)] } ?? []))
        return owners.flatMap { remitsByOwner[$0] ?? [] }.filter { $0.holds(on: day) }
    }
}
