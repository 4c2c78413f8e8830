import Basics
import Catalog
import Store

extension Posts {
    /// Adds a unit; the same id again changes nothing.
    /// - Throws: `PostsRefusal.notAllowed`, `.nameMissing`, `.nameTaken` (its code), `.unknownUnit` (its parent), `.datesContradict`.
    package func addUnit(_ unit: WorkUnit, act: Act, in tx: Transaction) throws {
        try tx.lock(unit.id)
        if try tx.exists("SELECT 1 FROM unit WHERE id = \(unit.id)") { return }
        let path = try path(of: unit, in: tx)
        try require(.administer, on: path, act: act, in: tx)
        let name = try Self.named(unit.name)
        guard unit.from < unit.to else { throw PostsRefusal.datesContradict }
        if let parent = unit.parent { try requireBeside(self.path(of: self.unit(parent, in: tx), in: tx), path, act: act, in: tx) }
        if let code = unit.code, try tx.exists("SELECT 1 FROM unit WHERE code = \(code)") { throw PostsRefusal.nameTaken }
        try tx.run(
            """
            INSERT INTO unit (id, code, name, class, parent_id, inside, grid_id, from_day, to_day)
            VALUES (\(unit.id), \(unit.code), \(name), \(unit.unitClass), \(unit.parent), \(unit.inside), \(unit.grid), \(unit.from), \(unit.to))
            """)
        try changed(in: tx)
        try tx.record(act.entry("unit.added", subject: "unit", id: unit.id.uuid, path: path, detail: ["class": unit.unitClass]))
    }

    package func renameUnit(_ id: UnitID, to name: String, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        let unit = try unit(id, in: tx)
        let path = try path(of: unit, in: tx)
        try require(.administer, on: path, act: act, in: tx)
        let name = try Self.named(name)
        guard name != unit.name else { return }
        try tx.run("UPDATE unit SET name = \(name) WHERE id = \(id)")
        try changed(in: tx)
        try tx.record(act.entry("unit.renamed", subject: "unit", id: id.uuid, path: path))
    }

    /// Puts a unit under another, or under none.
    /// - Throws: `PostsRefusal.unitLoop` when the other stands below it.
    package func moveUnit(_ id: UnitID, under parent: UnitID?, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        let unit = try unit(id, in: tx)
        let path = try path(of: unit, in: tx)
        try require(.administer, on: path, act: act, in: tx)
        guard unit.parent != parent else { return }
        if let parent { try requireBeside(self.path(of: self.unit(parent, in: tx), in: tx), path, act: act, in: tx) }
        var above = parent
        while let next = above {
            guard next != id else { throw PostsRefusal.unitLoop }
            above = try self.unit(next, in: tx).parent
        }
        try tx.run("UPDATE unit SET parent_id = \(parent) WHERE id = \(id)")
        try changed(in: tx)
        try tx.record(
            act.entry("unit.moved", subject: "unit", id: id.uuid, path: path, detail: parent.map { ["parent": "\($0)"] } ?? [:]))
    }

    /// Ends a unit that has nothing left in it; its open work goes to the parent, or to the successor named.
    /// - Throws: `PostsRefusal.unitNotEmpty`, `.datesContradict`.
    package func endUnit(_ id: UnitID, on day: Day, successor: UnitID? = nil, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        let unit = try unit(id, in: tx)
        let path = try path(of: unit, in: tx)
        try require(.administer, on: path, act: act, in: tx)
        guard unit.to != day else { return }
        guard unit.to == .end else { throw PostsRefusal.ended }
        guard day > unit.from else { throw PostsRefusal.datesContradict }
        let posts = try tx.count("SELECT COUNT(*) FROM post WHERE unit_id = \(id) AND to_day > \(day)")
        let units = try tx.count("SELECT COUNT(*) FROM unit WHERE parent_id = \(id) AND to_day > \(day)")
        guard posts == 0, units == 0 else { throw PostsRefusal.unitNotEmpty(posts: posts, units: units) }
        try tx.run("UPDATE unit SET to_day = \(day) WHERE id = \(id)")
        if let successor { try requireBeside(self.path(of: self.unit(successor, in: tx), in: tx), path, act: act, in: tx) }
        if let next = successor ?? unit.parent { try succeed(id.uuid, by: next.uuid, act: act, in: tx) }
        try changed(in: tx)
        try tx.record(act.entry("unit.ended", subject: "unit", id: id.uuid, path: path, detail: ["on": "\(day)"]))
    }

    /// What something is put under, what takes its work over, what gets a remit there: above it, or on land that is the actor's to administer as well.
    func requireBeside(_ other: Path, _ own: Path, act: Act, in tx: Transaction) throws {
        if !other.covers(own) { try require(.administer, on: other, act: act, in: tx) }
    }

    /// What follows an old thing: cards, links and open work go along.
    func succeed(_ old: UUIDv7, by new: UUIDv7, act: Act, in tx: Transaction) throws {
        guard old != new else { return }
        try tx.run("INSERT INTO succession (old_id, new_id, at) VALUES (\(old), \(new), \(act.at)) ON CONFLICT DO NOTHING")
    }

    package func units(in tx: Transaction) throws -> [WorkUnit] {
        try book(in: tx).units.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }
}
