import Basics
import Grids
import Ledger
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
    /// Of the grids asked for.
    var tallies: [Tallied] = []
    /// New grids that nobody would lead.
    var leaderless: [String] = []

    struct Standing: Sendable, Equatable {
        var matters = 0
        var tally = Tally()
    }

    struct Tallied: Sendable {
        let name: String
        let level: String
        let before: Standing?
        let after: Standing?
    }

    private struct Done: Error { let rehearsal: Rehearsal }
    private struct Places {
        var matters: [UUIDv7: Path] = [:]
        var posts: [UUIDv7: (path: Path, isOver: Bool)] = [:]

        /// Places only: no word of any matter is read.
        init(in tx: Transaction) throws {
            try tx.eachOpenMatter { matters[$0.uuid] = $1 }
            try tx.eachPost { posts[$0.uuid] = ($1, $2) }
        }
    }

    /// - Parameters:
    ///   - day: from which the set holds; what stands on the land is moved as it will be then.
    ///   - tally: grids whose matters and houses are counted, before and after.
    static func of(
        _ plan: LandPlan, by actor: EntryActor, from day: Day, tally: Set<GridID> = [], at now: Instant, _ house: House
    ) async throws -> Rehearsal {
        let (grids, moment) = (house.grids, max(now, Instant(day, in: house.zone)))
        do {
            try await house.database.write { tx -> Void in
                let (old, before) = (try grids.land(in: tx), try Places(in: tx))
                let counted = try standings(tally, old.on(day), before, on: day, house, in: tx)
                try grids.apply(plan, by: actor, at: moment, in: tx)
                let (new, after) = (try grids.reload(in: tx), try Places(in: tx))
                var rehearsal = Rehearsal(old.on(day), new.on(day), before, after)
                let recounted = try standings(tally, new.on(day), after, on: day, house, in: tx)
                rehearsal.tallies = tally.compactMap { id in
                    (new.on(day)[id] ?? old.on(day)[id]).map {
                        Tallied(name: $0.name, level: $0.level, before: counted[id], after: recounted[id])
                    }
                }.sorted { $0.name < $1.name }
                rehearsal.leaderless = try house.posts.leaderlessGrids(under: .root, at: moment, limit: .max, in: tx).items
                    .filter { old.on(day)[$0.grid] == nil }.map(\.name)
                throw Done(rehearsal: rehearsal)
            }
        } catch let done as Done {
            // The land of the rehearsal must not stay in memory.
            _ = try await house.database.read { tx in try grids.reload(in: tx) }
            return done.rehearsal
        }
        return Rehearsal()
    }

    private static func standings(
        _ grids: Set<GridID>, _ land: LandDay, _ places: Places, on day: Day, _ house: House, in tx: Transaction
    ) throws -> [GridID: Standing] {
        var all: [GridID: Standing] = [:]
        for id in grids {
            guard let path = land[id]?.path else { continue }
            all[id] = Standing(
                matters: places.matters.values.count { path.covers($0) }, tally: try house.ledger.tally(under: path, on: day, in: tx))
        }
        return all
    }

    private init() {}

    private init(_ old: LandDay, _ new: LandDay, _ before: Places, _ after: Places) {
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
