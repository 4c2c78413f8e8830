import Basics
import Catalog
import Grids
import Posts
import Store

// What the engine asks of Posts: whose work is whose now, and who reaches a matter.

extension Matters {
    /// The posts whose parts are this actor's now: those held and the vacant ones that fall to them.
    package static func answered(by actor: Actor, at now: Instant, book: PostBook) -> [PostID] {
        book.answeredPosts(of: actor.heldPosts.map(\.post), at: now)
    }

    /// Whether an actor may do this sort of thing to a matter because of the land he answers for, in any of his roles.
    func reaches(_ group: VerbGroup, _ actor: Actor, _ matter: Matter, at now: Instant, book: PostBook) -> Bool {
        guard case .person = actor else { return false }
        let row = ScopeRow(id: matter.id.uuid, path: matter.path, privacy: matter.privacy, category: matter.category)
        return posts.scope(of: actor, group, at: now, book: book).permission(for: row) != nil
    }

    /// The reporter is whoever holds a pass on one of the reports, or the person who made one.
    func isReporter(_ actor: Actor, of matter: Matter, in tx: Transaction) throws -> Bool {
        func reported(_ whose: SQL, _ id: UUIDv7) throws -> Bool {
            try tx.once("reporter \(matter.id) \(id)") {
                try tx.exists("SELECT 1 FROM report WHERE matter_id = \(matter.id) AND \(sql: whose) = \(id)")
            }
        }
        switch actor {
        case .pass(_, let subject, _): return try reported("id", subject.id)
        case .person(let person, _): return try reported("person_id", person.uuid)
        case .client(let client, _): return try reported("client_id", client.uuid)
        default: return false
        }
    }

    /// Whether the actor may know of the matter beyond its public face: the same rule as every list's SQL.
    package func sees(_ actor: Actor, _ matter: Matter, at now: Instant, in tx: Transaction) throws -> Bool {
        try tx.exists("SELECT 1 FROM matter m WHERE m.id = \(matter.id) AND \(sql: try sight(of: actor, at: now, in: tx))")
    }

    /// Those of the matters that the actor may know of: one question for all of them.
    package func seen(_ ids: [MatterID], by actor: Actor, at now: Instant, in tx: Transaction) throws -> Set<MatterID> {
        guard !ids.isEmpty else { return [] }
        let sight = try sight(of: actor, at: now, in: tx)
        return Set(try tx.all("SELECT m.id FROM matter m WHERE m.id IN (\(list: ids)) AND \(sql: sight)") { try $0["id"] as MatterID })
    }

    /// What an actor may know of, as SQL over `m`. A client with sight has the public faces and nothing behind them.
    func sight(of actor: Actor, at now: Instant, in tx: Transaction) throws -> SQL {
        let scope = try posts.scope(of: actor, .see, at: now, in: tx).sql("m")
        guard case .client = actor else { return scope }
        return try publicFaces(kinds()).map { scope + " AND " + $0 } ?? "1 = 0"
    }
}

extension PostBook {
    /// The post above on the land: the first, upward, that is not this one.
    package func above(_ post: PostID, at now: Instant) -> PostID? {
        guard let known = posts[post] else { return nil }
        var path: Path? = known.path
        if case .grid = known.seat { path = known.path.parent }
        while let here = path {
            if let found = answering(at: here, on: now)?.post, found != post { return found }
            path = here.parent
        }
        return nil
    }
}
