import Basics
import Catalog
import Foundation
import Geo
import Store
import Synchronization

/// What land is it? Keeps the land in memory, swapped whole when it changes, and changes it. No person is in it.
package final class Grids: Sendable {
    /// From the top down, without the root.
    package let levels: [Level]
    package let zone: TimeZone
    package let time: TimeSource
    private static let beginning = UUIDv7(high: 0, low: 0)
    private let current: Mutex<Land>
    private let movers = Mutex<[any MovesWithLand]>([])

    package init(levels: [Level], zone: TimeZone, time: TimeSource = .system) {
        self.levels = levels
        self.zone = zone
        self.time = time
        current = Mutex(.empty { time.now.day(in: zone) })
    }

    package var today: Day { time.now.day(in: zone) }

    /// Who re-paths its rows when land moves, in the same transaction; the command says who, once, at start.
    package func move(with movers: [any MovesWithLand]) { self.movers.withLock { $0 = movers } }

    var moving: [any MovesWithLand] { movers.withLock { $0 } }

    /// The land as last read; call `reload` at start and when the journal names a change of land (`land.changed`).
    package var land: Land { current.withLock { $0 } }

    /// The land as this transaction sees it: as last read if nothing has changed since.
    package func land(in tx: Transaction) throws -> Land {
        try tx.once("grids.land") {
            let known = land
            let revision = try tx.meta(Land.revisionKey)
            if let revision, revision == known.revision { return known }
            return try reload(in: tx)
        }
    }

    /// Reads the land anew.
    @discardableResult
    package func reload(in tx: Transaction) throws -> Land {
        let (time, zone) = (time, zone)
        let fresh = try Land.read(levels, today: { time.now.day(in: zone) }, in: tx)
        current.withLock { $0 = fresh }
        return fresh
    }

    package func locate(_ point: Coordinate, on day: Day? = nil) -> [GridRef] { land.locate(point, on: day) }

    /// The grid itself if it lives today, else the living grids that have its land, the one with most of it first.
    package func living(_ id: GridID, in tx: Transaction) throws -> [GridID] {
        let land = try land(in: tx).on()
        guard land[id] == nil else { return [id] }
        var (found, seen, waiting) = ([GridID](), Set([id]), [id])
        while !waiting.isEmpty {
            let old = waiting.removeFirst()
            let heirs = try tx.all("SELECT new_id FROM succession WHERE old_id = \(old) ORDER BY at, new_id") { try $0[0] as GridID }
            for heir in heirs where seen.insert(heir).inserted {
                if land[heir] == nil { waiting.append(heir) } else { found.append(heir) }
            }
        }
        let shape = self.land.lastShape(of: id)
        guard found.count > 1, !shape.isEmpty else { return found }
        let topology = try Topology()
        let shares = try found.map { (share: try topology.sharedArea(shape, land.shape(of: $0)), id: $0) }
        return shares.sorted { ($0.share, $1.id) > ($1.share, $0.id) }.map(\.id)
    }

    /// Makes the root grid of a new folder; nothing when there is one.
    /// - Parameter id: what it gets if it is made.
    package func bootstrap(id: GridID, name: String, at now: Instant, in tx: Transaction) throws {
        guard try !tx.exists("SELECT 1 FROM grid WHERE level = \(Level.root)") else { return }
        // Two nodes may begin on an empty database at once.
        try tx.lock(Self.beginning)
        guard try !tx.exists("SELECT 1 FROM grid WHERE level = \(Level.root)") else { return }
        let none: String? = nil
        try tx.run(
            """
            INSERT INTO grid (id, code, name, level, nature, attributes, from_day, to_day)
            VALUES (\(id), \(none), \(name), \(Level.root), \(none), \(json: [String: String]()), \(Day.beginning), \(Day.end))
            """)
        let noParent: GridID? = nil
        try tx.run(
            """
            INSERT INTO grid_path (grid_id, parent_id, path, from_day, to_day)
            VALUES (\(id), \(noParent), \(Path.root), \(Day.beginning), \(Day.end))
            """)
        try tx.setMeta(Land.revisionKey, id.description)
        try tx.setMeta(Land.settledKey, now.day(in: zone).description)
        try tx.record(
            Entry(
                id: id.uuid, at: now, actor: .system("setup"), subject: "grid", subjectID: id.uuid, verb: "grid.made", path: .root,
                detail: ["level": Level.root]))
    }
}
