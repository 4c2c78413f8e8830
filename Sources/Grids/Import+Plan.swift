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
        let set = LevelSet(read.grids, parents, level: level.id, day: day, without: Set(ends.map(\.id))) { day.shape(of: $0) }
        let outcome = try Coverage.settled(set.shapes, frames: set.frames, fixed: set.fixed, tolerance: tolerance, topology: topology) {
            finding in
            accepts(LandFinding(finding, codes: set.codes))
        }
        var findings = read.findings + set.findings(outcome.findings)
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
