import Basics
import Catalog
import Geo
import Store

extension LandDraft {
    /// What carrying the draft out would do, level by level from the top, and where the net is not sound: the same plan as that of an import.
    ///
    /// What was unsound before and is no worse now does not refuse.
    package func plan(on land: Land, from start: Day, today: Day, at now: Instant) throws -> LandPlan {
        let topology = try Topology()
        var findings: [LandFinding] = []
        var (steps, ends): ([LandPlan.Step], [LandPlan.End]) = ([], [])
        var drawing: [(code: String, shape: MultiPolygon)] = []
        var (total, unchanged, deepest) = (0, 0, "")
        for level in levels.sorted(by: { $0.rank < $1.rank }) {
            let changed = items.indices.filter { items[$0].level == level.id && isChanged($0) }
            let over = changed.filter { items[$0].isOver }
            let alive = changed.filter { !items[$0].isOver }
            ends += over.compactMap { place in
                items[place].before.map { LandPlan.End(id: $0.id, path: $0.path, day: start, entry: UUIDv7(at: now)) }
            }
            guard !changed.isEmpty else { continue }
            deepest = level.id
            var options = LandImport(level: level.id)
            options.from = start
            options.tolerance = 0
            let grids = alive.map(imported)
            let parents = alive.map { parent(of: items[$0]) }
            let set = LevelSet(grids, parents, level: level.id, day: day, without: Set(over.map { items[$0].id })) { id in
                places[id].map { work.shapes[$0] } ?? day.shape(of: id)
            }
            let coverage = try Coverage(set.shapes, frames: set.frames, fixed: set.fixed, tolerance: 0, topology: topology)
            findings += try sparing(set.findings(coverage.findings), level.id, Set(parents.map(\.id)), topology)
            var comparison = Comparison(land: land, day: day, today: today, options: options, level: level, now: now, topology: topology)
            for (index, member) in set.members.enumerated() { try comparison.add(member, shape: nil, raw: set.shapes[index]) }
            steps += comparison.steps
            unchanged += comparison.unchanged
            total += grids.count
            drawing += zip(set.codes, set.shapes).map { ($0, $1) }
        }
        return LandPlan(
            level: deepest, findings: LandFinding.numbered(findings, accept: []), notices: [], codeField: "", nameField: nil, total: total,
            unchanged: unchanged, revision: land.revision, planned: id, steps: steps, ends: ends, drawing: drawing)
    }

    private func imported(_ place: Int) -> ImportedGrid {
        let item = items[place]
        return ImportedGrid(
            id: item.id, code: item.code, name: item.name, nature: item.nature, saysNature: true,
            attributes: item.before?.grid.attributes ?? [:],
            parentCode: nil, shape: work.shapes[place])
    }

    private func parent(of item: Item) -> GridRef {
        if let known = day[item.parent] { return known }
        let made = self[item.parent]
        let grid = Grid(
            id: item.parent, code: made?.code, name: made?.name ?? "", level: made?.level ?? "", rank: made?.rank ?? 0,
            nature: made?.nature,
            attributes: [:], from: day.day, to: .end)
        // Its path is made when the plan is carried out.
        return GridRef(grid: grid, path: scope.path, parent: made?.parent)
    }

    /// Gaps and overlaps that were there before, whole, are taken as accepted.
    private func sparing(
        _ found: [LandFinding], _ level: String, _ parents: Set<GridID>, _ topology: Topology
    ) throws -> [LandFinding] {
        guard !found.isEmpty else { return [] }
        var near = Box.empty
        for finding in found { near = near.union(finding.outline.box) }
        let members = day.meeting(near.grown(meters: 100)).filter { day.refs[$0].level == level }
        let frames = parents.compactMap { day[$0] }.map { day.shape(of: $0.id) }.filter { !$0.isEmpty }
        let before = try Coverage(members.map { day.shapes[$0] }, frames: frames, tolerance: 0, topology: topology).findings
        return try found.map { finding in
            var finding = finding
            let same = before.filter { ($0.sort == .gap) == (finding.sort == .gap) && $0.outline.box.intersects(finding.outline.box) }
            let news = try same.reduce(finding.outline) { try topology.difference($0, $1.outline) }
            finding.isAccepted = news.area < max(0.5, finding.area * 0.001)
            return finding
        }
    }
}
