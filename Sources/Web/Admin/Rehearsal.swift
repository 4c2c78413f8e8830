import Basics
import Grids
import Matters
import Posts
import Store

/// What a new division would do, found by doing it and taking it back.
struct Rehearsal: Sendable {
    struct Named: Sendable {
        let code: String
        let name: String
    }

    var made: [Named] = []
    var changed: [Named] = []
    var ended: [Named] = []
    var matters = 0
    var postsMoved = 0
    var postsEnded = 0
    var postsMade = 0

    private struct Done: Error { let rehearsal: Rehearsal }
    private struct Standing {
        var matters: [UUIDv7: Path] = [:]
        var posts: [UUIDv7: (path: Path, isOver: Bool)] = [:]

        /// Places only: no word of any matter is read.
        init(in tx: Transaction) throws {
            try tx.eachOpenMatter { matters[$0.uuid] = $1 }
            try tx.eachPost { posts[$0.uuid] = ($1, $2) }
        }
    }

    /// - Parameter day: from which the set holds.
    static func of(_ plan: LandPlan, by actor: EntryActor, from day: Day, at now: Instant, _ house: House) async throws -> Rehearsal {
        let grids = house.grids
        do {
            try await house.database.write { tx -> Void in
                let (old, before) = (try grids.land(in: tx), try Standing(in: tx))
                try grids.apply(plan, by: actor, at: now, in: tx)
                let (new, after) = (try grids.reload(in: tx), try Standing(in: tx))
                throw Done(rehearsal: Rehearsal(old.on(day), new.on(day), before, after))
            }
        } catch let done as Done {
            // The land of the rehearsal must not stay in memory.
            _ = try await house.database.read { tx in try grids.reload(in: tx) }
            return done.rehearsal
        }
        return Rehearsal()
    }

    private init() {}

    private init(_ old: LandDay, _ new: LandDay, _ before: Standing, _ after: Standing) {
        func named(_ ref: GridRef) -> Named { Named(code: ref.code, name: ref.name) }
        made = new.refs.filter { old[$0.id] == nil }.map(named)
        ended = old.refs.filter { new[$0.id] == nil }.map(named)
        changed = new.refs.filter { ref in
            guard let was = old[ref.id] else { return false }
            return was.parent != ref.parent || was.grid != ref.grid || old.shape(of: ref.id) != new.shape(of: ref.id)
        }.map(named)
        matters = after.matters.count { id, path in before.matters[id].map { $0 != path } ?? false }
        for (id, now) in after.posts {
            guard let was = before.posts[id] else { postsMade += 1; continue }
            if now.isOver, !was.isOver { postsEnded += 1 } else if now.path != was.path { postsMoved += 1 }
        }
    }
}
