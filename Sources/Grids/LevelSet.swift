import Basics
import Catalog
import Geo
import Store

/// The whole level as it will be where it matters: what is imported, and its neighbours that stay.
struct LevelSet {
    struct Member {
        /// Nil for one that stays.
        let imported: ImportedGrid?
        let parent: GridRef?
        let existing: GridRef?
    }

    private(set) var members: [Member] = []
    private(set) var shapes: [MultiPolygon] = []
    private(set) var codes: [String] = []
    private(set) var fixed: Set<Int> = []
    let frames: [MultiPolygon]

    /// - Parameter frame: the outline of a parent, as it will be.
    init(
        _ grids: [ImportedGrid], _ parents: [GridRef], level: String, day: LandDay, without ended: Set<GridID>,
        frame: (GridID) -> MultiPolygon
    ) {
        let scope = Set(parents.map(\.id))
        frames = scope.sorted().map(frame).filter { !$0.isEmpty }
        let imported = Set(grids.map(\.code))
        let near = BoxGrid(grids.map { $0.shape.box.grown(meters: 250) })
        var all: [(code: String, shape: MultiPolygon, member: Member)] = []
        for (grid, parent) in zip(grids, parents) {
            let existing = day.grid(level: level, code: grid.code)
            all.append((grid.code, grid.shape, Member(imported: grid, parent: parent, existing: existing)))
        }
        for (index, ref) in day.refs.enumerated() where ref.level == level && !imported.contains(ref.code) && !ended.contains(ref.id) {
            let shape = day.shapes[index]
            guard !shape.isEmpty, ref.parent.map(scope.contains) ?? false || !near.meeting(shape.box).isEmpty else { continue }
            all.append((ref.code, shape, Member(imported: nil, parent: nil, existing: ref)))
        }
        all.sort { $0.code.utf8.lexicographicallyPrecedes($1.code.utf8) }
        members = all.map(\.member)
        shapes = all.map(\.shape)
        codes = all.map(\.code)
        for (index, member) in members.enumerated() where member.imported == nil { fixed.insert(index) }
    }

    /// What concerns a grid of the set; what lies between those that stay is not its fault.
    func findings(_ found: [Coverage.Finding]) -> [LandFinding] {
        found.filter { !$0.shapes.allSatisfy(fixed.contains) || $0.shapes.isEmpty }.map { LandFinding($0, codes: codes) }
    }
}

/// What of a set is new, what is changed.
struct Comparison {
    let land: Land
    let day: LandDay
    let today: Day
    let options: LandImport
    let level: Level
    let now: Instant
    let topology: Topology
    private let known: [String: Grid]
    private var firsts: [GridID: Bool] = [:]
    private(set) var steps: [LandPlan.Step] = []
    private(set) var unchanged = 0

    init(land: Land, day: LandDay, today: Day, options: LandImport, level: Level, now: Instant, topology: Topology) {
        self.land = land
        self.day = day
        self.today = today
        self.options = options
        self.level = level
        self.now = now
        self.topology = topology
        let own = land.grids.values.filter { $0.level == level.id }
        known = Dictionary(own.map { ($0.code ?? "", $0) }) { first, _ in first }
    }

    /// Without `--from` the first set of a level under a parent holds without a beginning (but not before its parent), a later one from today.
    private mutating func start(under parent: GridRef) -> Day {
        if let from = options.from { return from }
        let first =
            firsts[parent.id] ?? !land.places.contains { id, dated in
                land.grids[id]?.level == level.id && dated.contains { $0.value.parent == parent.id }
            }
        firsts[parent.id] = first
        return first ? max(.beginning, land.places[parent.id]?.first?.from ?? .beginning) : today
    }

    mutating func add(_ member: LevelSet.Member, shape mended: MultiPolygon?, raw: MultiPolygon) throws {
        let shape = mended ?? raw
        if let existing = member.existing, day[existing.id] != nil {
            let grid = member.imported
            let moved = grid != nil && member.parent?.id != existing.parent
            let before = day.shape(of: existing.id)
            let reshaped = try grid == nil ? mended != nil && !topology.same(before, shape) : !topology.same(before, shape)
            let named =
                grid.map {
                    $0.name != existing.name || ($0.saysNature && $0.nature != existing.nature) || $0.attributes != existing.grid.attributes
                } ?? false
            guard moved || reshaped || named else {
                if grid != nil { unchanged += 1 }
                return
            }
            guard let parent = member.parent ?? existing.parent.flatMap({ day[$0] }) else { return }
            steps.append(
                step(
                    existing.id, grid, existing.grid, parent, shape, options.from ?? today,
                    .init(named: named, moved: moved, reshaped: reshaped)))
        } else if let grid = member.imported, let parent = member.parent {
            let start = start(under: parent)
            // One that lived before lives again: same code, same grid.
            let earlier = known[grid.code]
            steps.append(
                step(
                    earlier?.id ?? grid.id ?? GridID(at: now), grid, earlier, parent, shape, earlier == nil ? start : options.from ?? today,
                    earlier == nil ? nil : .init(named: true, moved: true, reshaped: true)))
        }
    }

    private func step(
        _ id: GridID, _ imported: ImportedGrid?, _ existing: Grid?, _ parent: GridRef, _ shape: MultiPolygon, _ from: Day,
        _ before: LandPlan.Step.Before?
    ) -> LandPlan.Step {
        LandPlan.Step(
            id: id, level: level.id, code: imported?.code ?? existing?.code ?? "", name: imported?.name ?? existing?.name ?? "",
            nature: imported?.saysNature == true ? imported?.nature : existing?.nature,
            attributes: imported?.attributes ?? existing?.attributes ?? [:],
            parent: parent.id, shape: shape, area: shape.area, from: from, before: before, entry: UUIDv7(at: now))
    }
}
