import Basics
import Geo
import Store

/// Finds under whom each imported grid hangs.
struct ParentFinder {
    let day: LandDay
    let rank: Int
    let topology: Topology

    /// The grid of a higher level with a code; the nearest level of several.
    func grid(code: String) -> GridRef? {
        day.refs.filter { $0.rank < rank && $0.grid.code == code }.max { $0.rank < $1.rank }
    }

    /// The smallest grid of a higher level that holds at least 99 % of a shape.
    func holder(of shape: MultiPolygon) throws -> GridRef? {
        let area = shape.area
        guard area > 0 else { return nil }
        var holders: [(area: Double, ref: GridRef)] = []
        for index in day.meeting(shape.box) {
            let ref = day.refs[index]
            let size = day.shapes[index].area
            guard ref.rank > 0, ref.rank < rank, size >= area * 0.99 else { continue }
            if try topology.sharedArea(shape, day.shapes[index]) >= area * 0.99 { holders.append((size, ref)) }
        }
        // A subdistrict of one community has the same outline but for rounding: the lower one is meant.
        let smallest = holders.map(\.area).min() ?? 0
        let best = holders.filter { $0.area <= smallest * 1.001 }.max { ($0.ref.rank, -$0.area) < ($1.ref.rank, -$1.area) }
        return best?.ref
    }

    /// - Throws: `LandRefusal.unknownParent`, if a code names nobody.
    func parents(of grids: [ImportedGrid], _ options: LandImport, known: (String) -> GridRef?) throws -> [GridRef] {
        guard let root = day.root else { throw LandRefusal.changedMeanwhile }
        var given: GridRef?
        if case .code(let code) = options.parent {
            guard let ref = grid(code: code) else { throw LandRefusal.unknownParent([code]) }
            given = ref
        }
        var unknown: Set<String> = []
        let parents = try grids.map { imported -> GridRef in
            if let given { return given }
            if let code = imported.parentCode, !code.isEmpty {
                if let ref = grid(code: code) { return ref }
                unknown.insert(code)
                return root
            }
            if let holder = try holder(of: imported.shape) { return holder }
            // One that hangs somewhere already stays there.
            if let own = known(imported.code), let parent = own.parent.flatMap({ day[$0] }), parent.rank < rank { return parent }
            return root
        }
        if !unknown.isEmpty { throw LandRefusal.unknownParent(unknown.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }) }
        return parents
    }

    enum Datum: Equatable {
        case fits, unknown
        /// Shares of the area inside, in percent.
        case shifted(before: Int, after: Int)
    }

    /// Whether shapes given as WGS-84 lie better within their parents when taken as GCJ-02.
    /// - Parameter given: true when `parents` come from the person, not from where the shapes lie.
    func datum(of grids: [ImportedGrid], parents: [GridRef], given: Bool) throws -> Datum {
        guard grids.contains(where: { ChineseDatum.china.intersects($0.shape.box) }) else { return .fits }
        func share(_ shapes: [MultiPolygon], held: Bool) throws -> Double? {
            var inside = 0.0
            var total = 0.0
            var known = false
            for (index, shape) in shapes.enumerated() {
                total += shape.area
                if given {
                    let outline = day.shape(of: parents[index].id)
                    guard !outline.isEmpty else { continue }
                    known = true
                    inside += try topology.sharedArea(shape, outline)
                } else {
                    var near = day.meeting(shape.box.grown(meters: 1500)).filter { day.refs[$0].rank > 0 && day.refs[$0].rank < rank }
                    // Where a level is left out below the grid that holds it, that grid is what it is measured by, not neighbours' inner ones.
                    if held, parents[index].rank > 0 { near = near.filter { parents[index].path.covers(day.refs[$0].path) } }
                    guard let level = near.map({ day.refs[$0].rank }).max() else { continue }
                    known = true
                    inside +=
                        try near.filter { day.refs[$0].rank == level }.map { try topology.sharedArea(shape, day.shapes[$0]) }.max() ?? 0
                }
            }
            return known && total > 0 ? inside / total : nil
        }
        guard let before = try share(grids.map(\.shape), held: true) else { return .unknown }
        guard let after = try share(grids.map { $0.shape.map { ChineseDatum.gcj02.toWGS84($0) } }, held: false) else { return .unknown }
        return after - before >= 0.2 ? .shifted(before: Int((before * 100).rounded()), after: Int((after * 100).rounded())) : .fits
    }
}
