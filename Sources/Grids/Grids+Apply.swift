import Basics
import Geo
import Store

extension Grids {
    /// Carries out a plan: grids, paths, shapes, what stands on them, journal; all in this transaction. Call `reload` after the commit.
    /// Carried out already, it does nothing.
    /// - Throws: `LandRefusal.unsound` when findings are not accepted, `.changedMeanwhile` when the land is no longer that of the plan.
    package func apply(_ plan: LandPlan, by actor: EntryActor, at now: Instant, in tx: Transaction) throws {
        guard !plan.isRefused else { throw LandRefusal.unsound(plan.findings.count(where: \.refuses)) }
        guard !plan.changesNothing, try !tx.hasEntry(plan.planned) else { return }
        let before = try Land.read(levels, today: { .beginning }, in: tx)
        guard let root = before.root else { throw LandRefusal.changedMeanwhile }
        try tx.lock(root.id.uuid)
        guard before.revision == plan.revision else { throw LandRefusal.changedMeanwhile }
        var book = PathBook(before)
        for end in plan.ends { try self.end(end, actor, now, in: tx) }
        for step in plan.steps { try carry(step, before, &book, actor, now, in: tx) }
        try rehang(orphansOf: plan.ends, &book, in: tx)
        try tx.setMeta(Land.revisionKey, plan.planned.description)
        try settle(before, at: now, in: tx)
        try tx.record(
            Entry(
                id: plan.planned, at: now, actor: actor, subject: "grid", subjectID: root.id.uuid, verb: "land.changed", path: .root,
                detail: [
                    "level": plan.level, "made": String(plan.made), "changed": String(plan.changed), "ended": String(plan.ended),
                ]))
    }

    private func end(_ end: LandPlan.End, _ actor: EntryActor, _ now: Instant, in tx: Transaction) throws {
        for table in ["grid_path", "grid_shape"] {
            let name = SQL(stringLiteral: table)
            try tx.run("DELETE FROM \(sql: name) WHERE grid_id = \(end.id) AND from_day >= \(end.day)")
            try tx.run("UPDATE \(sql: name) SET to_day = \(end.day) WHERE grid_id = \(end.id) AND to_day > \(end.day)")
        }
        try tx.run("UPDATE grid SET to_day = \(end.day) WHERE id = \(end.id)")
        try tx.record(
            Entry(
                id: end.entry, at: now, actor: actor, subject: "grid", subjectID: end.id.uuid, verb: "grid.ended", path: end.path,
                detail: ["from": end.day.description]))
    }

    private func carry(
        _ step: LandPlan.Step, _ before: Land, _ book: inout PathBook, _ actor: EntryActor, _ now: Instant, in tx: Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO grid (id, code, name, level, nature, attributes, from_day, to_day)
            VALUES (\(step.id), \(step.code), \(step.name), \(step.level), \(step.nature), \(json: step.attributes), \(step.from), \(Day.end))
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, nature = excluded.nature, attributes = excluded.attributes, to_day = excluded.to_day
            """)
        if step.before == nil || step.before?.moved == true { try place(step.id, under: step.parent, from: step.from, &book, in: tx) }
        if step.before == nil || step.before?.reshaped == true { try draw(step, before, in: tx) }
        try tx.record(
            Entry(
                id: step.entry, at: now, actor: actor, subject: "grid", subjectID: step.id.uuid,
                verb: step.before == nil ? "grid.made" : "grid.changed", path: book.path(of: step.id) ?? .root,
                detail: ["from": step.from.description]))
    }

    private func draw(_ step: LandPlan.Step, _ before: Land, in tx: Transaction) throws {
        let end = Self.window(before.shapes[step.id] ?? [], from: step.from)
        try tx.run("DELETE FROM grid_shape WHERE grid_id = \(step.id) AND from_day >= \(step.from) AND from_day < \(end)")
        try tx.run(
            "UPDATE grid_shape SET to_day = \(step.from) WHERE grid_id = \(step.id) AND from_day < \(step.from) AND to_day > \(step.from)")
        guard !step.shape.isEmpty else { return }
        try tx.run(
            """
            INSERT INTO grid_shape (grid_id, shape, area, from_day, to_day)
            VALUES (\(step.id), \(WKB.bytes(of: step.shape)), \(step.area), \(step.from), \(end))
            """)
    }

    /// Until when a value set from a day holds: the end of what held on that day, or the beginning of what comes next.
    static func window<T>(_ dated: [Dated<T>], from day: Day) -> Day {
        dated.first { $0.holds(on: day) }?.to ?? dated.first { $0.from > day }?.from ?? .end
    }

    /// Puts a grid under a parent from a day, with all that stands below it.
    private func place(_ id: GridID, under parent: GridID, from day: Day, _ book: inout PathBook, in tx: Transaction) throws {
        let end = Self.window(book.places[id] ?? [], from: day)
        let number = book.number(under: parent)
        let above = (book.places[parent] ?? []).filter { $0.from < end && $0.to > day }
        let new = above.map {
            Dated(value: Land.Place(path: $0.value.path.child(number), parent: parent), from: max($0.from, day), to: min($0.to, end))
        }
        try write(new, of: id, from: day, to: end, &book, in: tx)
        // NB: a child keeps its own last segment, which is free below a path that nobody had before.
        var uppers = [id]
        while let upper = uppers.popLast() {
            for child in book.children(of: upper, from: day) {
                for held in (book.places[child] ?? []).filter({ $0.value.parent == upper && $0.to > day && $0.from < end }) {
                    let (from, to) = (max(held.from, day), min(held.to, end))
                    let segment = held.value.path.text.suffix(Path.segmentLength)
                    let rows = (book.places[upper] ?? []).filter { $0.from < to && $0.to > from }.map {
                        Dated(
                            value: Land.Place(path: Path($0.value.path.text + segment), parent: upper), from: max($0.from, from),
                            to: min($0.to, to))
                    }
                    try write(rows, of: child, from: from, to: to, &book, in: tx)
                }
                uppers.append(child)
            }
        }
    }

    private func write(_ rows: [Dated<Land.Place>], of id: GridID, from day: Day, to end: Day, _ book: inout PathBook, in tx: Transaction)
        throws
    {
        try tx.run("DELETE FROM grid_path WHERE grid_id = \(id) AND from_day >= \(day) AND from_day < \(end)")
        // What reaches beyond the window goes on after it as it was.
        for old in book.places[id] ?? [] where old.from < day && old.to > day {
            try tx.run("UPDATE grid_path SET to_day = \(day) WHERE grid_id = \(id) AND from_day = \(old.from)")
        }
        for old in book.places[id] ?? [] where old.to > end && old.from < end {
            try insert(Dated(value: old.value, from: end, to: old.to), of: id, in: tx)
        }
        for row in rows { try insert(row, of: id, in: tx) }
        book.set(rows, of: id, from: day, to: end)
    }

    private func insert(_ row: Dated<Land.Place>, of id: GridID, in tx: Transaction) throws {
        try tx.run(
            """
            INSERT INTO grid_path (grid_id, parent_id, path, from_day, to_day)
            VALUES (\(id), \(row.value.parent), \(row.value.path), \(row.from), \(row.to))
            """)
    }

    /// Grids whose parent ended hang under the grid of that level that has most of their land, if it has half of it, else one higher.
    private func rehang(orphansOf ends: [LandPlan.End], _ book: inout PathBook, in tx: Transaction) throws {
        guard let day = ends.first?.day else { return }
        let land = try Land.read(levels, today: { .beginning }, in: tx).on(day)
        let ended = Set(ends.map(\.id))
        let topology = try Topology()
        for (index, orphan) in land.refs.enumerated() where orphan.parent.map(ended.contains) ?? false {
            let shape = land.shapes[index]
            var best: (rank: Int, share: Double, id: GridID)?
            for other in land.meeting(shape.box) where land.refs[other].rank < orphan.rank && land.refs[other].rank > 0 {
                let share = try topology.sharedArea(shape, land.shapes[other]) / max(shape.area, 1)
                let rank = land.refs[other].rank
                if share >= 0.5, (rank, share) > (best?.rank ?? 0, best?.share ?? 0) { best = (rank, share, land.refs[other].id) }
            }
            guard let parent = best?.id ?? land.root?.id else { continue }
            try place(orphan.id, under: parent, from: day, &book, in: tx)
        }
    }
}

/// Paths as they stand while a plan is carried out.
private struct PathBook {
    private(set) var places: [GridID: [Dated<Land.Place>]]
    private var next: [GridID: Int] = [:]
    private var below: [GridID: Set<GridID>] = [:]

    init(_ land: Land) {
        places = land.places
        for (id, dated) in land.places {
            for place in dated {
                guard let parent = place.value.parent else { continue }
                below[parent, default: []].insert(id)
                // A number is never given twice under one parent, so that an old path never means another grid.
                let number = Int(place.value.path.text.suffix(Path.segmentLength), radix: 36) ?? 0
                next[parent] = max(next[parent] ?? 1, number + 1)
            }
        }
    }

    mutating func number(under parent: GridID) -> Int {
        let number = next[parent] ?? 1
        next[parent] = number + 1
        return number
    }

    func path(of id: GridID) -> Path? { places[id]?.last?.value.path }
    func children(of id: GridID, from day: Day) -> [GridID] {
        (below[id] ?? []).filter { places[$0]?.contains { $0.value.parent == id && $0.to > day } ?? false }.sorted()
    }

    mutating func set(_ rows: [Dated<Land.Place>], of id: GridID, from day: Day, to end: Day) {
        var all: [Dated<Land.Place>] = []
        for old in places[id] ?? [] {
            if old.from < day { all.append(Dated(value: old.value, from: old.from, to: min(old.to, day))) }
            if old.to > end { all.append(Dated(value: old.value, from: max(old.from, end), to: old.to)) }
        }
        places[id] = (all + rows).sorted { $0.from < $1.from }
        for row in rows { if let parent = row.value.parent { below[parent, default: []].insert(id) } }
    }
}
