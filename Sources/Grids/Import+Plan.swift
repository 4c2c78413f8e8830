import Basics
import Catalog
import Geo
import Store

extension LandImport {
    /// Reads, checks and mends a set of boundaries, and says what would change.
    /// - Parameter progress: called with what is being done: a key below `land.progress.`.
    /// - Throws: `LandRefusal`, for what no `accept` can help; findings are in the plan.
    package func plan(
        _ features: [GeoJSON.Feature], on land: Land, levels: [Level], today: Day, at now: Instant, progress: (String) -> Void = { _ in }
    ) throws -> LandPlan {
        guard let level = levels.first(where: { $0.id == self.level }) else {
            throw LandRefusal.unknownLevel(self.level, known: levels.map(\.id).joined(separator: ", "))
        }
        guard !features.isEmpty else { throw LandRefusal.noFeatures }
        let topology = try Topology()
        let fields = try ImportFields(features, self)
        progress("reading")
        let read = try ImportedSet(features, fields, self, natures: Set(level.natures), topology: topology)
        var notices: [(key: String, values: [String: String])] = []
        if fields.codeWasTaken { notices.append(("taken", ["code": fields.code, "name": fields.name ?? fields.code])) }

        let day = land.on(from ?? today)
        let finder = ParentFinder(day: day, rank: level.rank, topology: topology)
        progress("parents")
        let parents = try finder.parents(of: read.grids, self) { day.grid(level: level.id, code: $0) }
        if datum == .wgs84, !accept.contains("coordinates") {
            switch try finder.datum(of: read.grids, parents: parents, given: parent != .found) {
            case .fits: break
            case .unknown: notices.append(("datum_unknown", [:]))
            case .shifted(let before, let after): throw LandRefusal.looksLikeGCJ02(before: before, after: after)
            }
        }

        progress("checking")
        let ends = replace ? ended(read.codes, parents, day, now, today) : []
        let set = try LevelSet(read.grids, parents, level: level.id, day: day, without: Set(ends.map(\.id)), land: land)
        let outcome = try Coverage.settled(set.shapes, frames: set.frames, fixed: set.fixed, tolerance: tolerance, topology: topology) {
            finding in
            accepts(LandFinding(finding, codes: set.codes))
        }
        var findings = read.findings
        for finding in outcome.findings where !finding.shapes.allSatisfy(set.fixed.contains) || finding.shapes.isEmpty {
            findings.append(LandFinding(finding, codes: set.codes))
        }
        for (index, shape) in outcome.changed where shape.isEmpty {
            findings.append(
                LandFinding(.vanished, codes: [set.codes[index]], place: set.shapes[index].labelPoint, area: set.shapes[index].area))
        }

        progress("comparing")
        var comparison = Comparison(land: land, day: day, today: today, options: self, level: level, now: now, topology: topology)
        for (index, member) in set.members.enumerated() {
            try comparison.add(member, shape: outcome.changed[index], raw: set.shapes[index])
        }
        return LandPlan(
            level: level.id, findings: LandFinding.numbered(findings, accept: accept), notices: notices, codeField: fields.code,
            nameField: fields.name, total: read.grids.count, unchanged: comparison.unchanged, revision: land.revision,
            planned: UUIDv7(at: now), steps: comparison.steps, ends: ends,
            drawing: set.codes.indices.map { (set.codes[$0], outcome.changed[$0] ?? set.shapes[$0]) })
    }

    /// By `all` or by sort; single numbers are known only once the whole list is.
    private func accepts(_ finding: LandFinding) -> Bool {
        accept.contains("all") || accept.contains(finding.sort.rawValue) || accept.contains { $0.hasPrefix(finding.sort.rawValue + "-") }
    }

    /// Grids of the level under the same parents that the file lacks.
    private func ended(_ codes: Set<String>, _ parents: [GridRef], _ day: LandDay, _ now: Instant, _ today: Day) -> [LandPlan.End] {
        let scope = Set(parents.map(\.id))
        return day.refs.filter { $0.level == level && !codes.contains($0.code) && $0.parent.map(scope.contains) ?? false }
            .map { LandPlan.End(id: $0.id, path: $0.path, day: from ?? today, entry: UUIDv7(at: now)) }
    }
}

/// The whole level as it will be where it matters: what is imported, and its neighbours that stay.
private struct LevelSet {
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

    init(_ grids: [ImportedGrid], _ parents: [GridRef], level: String, day: LandDay, without ended: Set<GridID>, land: Land) throws {
        let scope = Set(parents.map(\.id))
        frames = scope.sorted().map { day.shape(of: $0) }.filter { !$0.isEmpty }
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
}

/// What of a set is new, what is changed.
private struct Comparison {
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
                    earlier?.id ?? GridID(at: now), grid, earlier, parent, shape, earlier == nil ? start : options.from ?? today,
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
