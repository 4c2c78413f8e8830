import Basics
import Geo
import Store

/// An engine whose rows lie on land: it re-paths them in the transaction that changes the land.
package protocol MovesWithLand: Sendable {
    /// - Parameter day: from which the new land holds: today, as a rule.
    func landMoved(_ moves: LandMoves, on day: Day, at: Instant, in tx: Transaction) throws
}

/// What a change of land means for rows that stand on it by their `path_now`.
package struct LandMoves: Sendable {
    package struct Standing: Sendable, Equatable {
        /// Nil at the root: outside every grid.
        package let grid: GridID?
        package let path: Path
    }

    /// Grids that live on with the same land on another path: all rows of the old path go to the new one.
    package let renames: [(old: Path, new: Path)]
    /// Old paths whose rows are to be placed one by one: their grid ended or changed shape, or got new grids below it.
    package let unsettled: [Path]
    /// Grids of this change that are no more, each with its successors, the one with most of its land first.
    package let successors: [GridID: [GridID]]
    /// Around every grid whose outline is another now, old and new.
    package let changed: Box
    package let before: LandDay
    package let after: LandDay

    package var isEmpty: Bool { renames.isEmpty && unsettled.isEmpty && successors.isEmpty }

    /// Where a row now stands that stood at a path: by its point; without one, or with one outside of all grids, at its own grid
    /// if that lives on, else at the nearest grid above that does.
    package func standing(at old: Path, point: Coordinate?) -> Standing {
        if let point, let deepest = after.deepest(point) { return Standing(grid: deepest.id, path: deepest.path) }
        var path: Path? = old
        while let here = path {
            if let grid = before[here], let now = after[grid.id] { return Standing(grid: now.grid.isRoot ? nil : now.id, path: now.path) }
            path = here.parent
        }
        return Standing(grid: nil, path: .root)
    }

    /// Where a grid stands now: itself, or its first successor, or the nearest grid above; for posts, units and remits.
    package func path(of id: GridID) -> Path {
        if let now = after[id] { return now.path }
        if let heir = successors[id]?.first, let now = after[heir] { return now.path }
        return standing(at: before[id]?.path ?? .root, point: nil).path
    }

    /// Moves the rows of a table that has `id`, `lon`, `lat` and `path_now`.
    /// - Parameters:
    ///   - table: a name out of the source, never from outside.
    ///   - grid: the column with the grid of the place, if the table has one.
    package func relocate(_ table: String, grid: String? = nil, in tx: Transaction) throws {
        let name = SQL(stringLiteral: table)
        for (old, new) in renames { try tx.run("UPDATE \(sql: name) SET path_now = \(new) WHERE path_now = \(old)") }
        for old in unsettled {
            let rows = try tx.all("SELECT id, lon, lat FROM \(sql: name) WHERE path_now = \(old)") { row in
                let lon: Double? = try row["lon"]
                let lat: Double? = try row["lat"]
                let id: UUIDv7 = try row["id"]
                return (id, lon.flatMap { lon in lat.map { Coordinate(lon: lon, lat: $0) } })
            }
            for (id, point) in rows {
                let now = standing(at: old, point: point)
                guard now.path != old || grid != nil else { continue }
                if let grid {
                    try tx.run(
                        "UPDATE \(sql: name) SET path_now = \(now.path), \(sql: SQL(stringLiteral: grid)) = \(now.grid) WHERE id = \(id)")
                } else {
                    try tx.run("UPDATE \(sql: name) SET path_now = \(now.path) WHERE id = \(id)")
                }
            }
        }
    }

    /// Moves the rows of a table whose path is simply that of a grid (posts).
    package func repath(_ table: String, column: String = "path_now", in tx: Transaction) throws {
        let (name, path) = (SQL(stringLiteral: table), SQL(stringLiteral: column))
        for (old, new) in renames { try tx.run("UPDATE \(sql: name) SET \(sql: path) = \(new) WHERE \(sql: path) = \(old)") }
        for old in unsettled {
            guard let grid = before[old] else { continue }
            let new = self.path(of: grid.id)
            if new != old { try tx.run("UPDATE \(sql: name) SET \(sql: path) = \(new) WHERE \(sql: path) = \(old)") }
        }
    }
}

extension LandMoves {
    /// What differs between two days of land, perhaps of two revisions.
    static func between(_ before: LandDay, _ after: LandDay) throws -> LandMoves {
        var renames: [(old: Path, new: Path)] = []
        var unsettled: Set<Path> = []
        var successors: [GridID: [GridID]] = [:]
        var changed = Box.empty
        func unsettle(_ path: Path?) {
            var path = path
            while let here = path {
                if before[here] != nil { unsettled.insert(here) }
                path = here.parent
            }
        }
        for (index, old) in before.refs.enumerated() {
            guard let new = after[old.id] else {
                unsettle(old.path)
                changed = changed.union(before.shapes[index].box)
                successors[old.id] = try Self.heirs(of: before.shapes[index], level: old.level, in: after)
                continue
            }
            if before.shapes[index] != after.shape(of: old.id) {
                unsettle(old.path)
                unsettle(new.path)
                changed = changed.union(before.shapes[index].box).union(after.shape(of: old.id).box)
            } else if old.path != new.path {
                renames.append((old.path, new.path))
            }
        }
        for new in after.refs where before[new.id] == nil {
            changed = changed.union(after.shape(of: new.id).box)
            // Rows of the grids above, and of those whose land it took, may now lie in it.
            unsettle(new.path.parent)
            for index in before.meeting(after.shape(of: new.id).box) where before.refs[index].rank >= new.rank - 1 {
                unsettle(before.refs[index].path)
            }
            unsettle(.root)
        }
        // A grid that is placed one by one needs no rename.
        renames.removeAll { unsettled.contains($0.old) }
        return LandMoves(
            renames: renames, unsettled: unsettled.sorted(), successors: successors, changed: changed, before: before, after: after)
    }

    private static func heirs(of shape: MultiPolygon, level: String, in day: LandDay) throws -> [GridID] {
        guard !shape.isEmpty else { return [] }
        let topology = try Topology()
        let area = shape.area
        return try day.meeting(shape.box).filter { day.refs[$0].level == level }
            .map { (share: try topology.sharedArea(shape, day.shapes[$0]) / area, id: day.refs[$0].id) }
            .filter { $0.share > 0.01 }.sorted { ($0.share, $1.id) > ($1.share, $0.id) }.map(\.id)
    }
}
