import Basics
import Geo
import Store
import Synchronization

/// The land of one day: who stands where, and who holds a point.
package final class LandDay: Sendable {
    package let day: Day
    /// Sorted by path, so that a subtree is one run; the root first.
    package let refs: [GridRef]
    /// Same order as `refs`; empty for a grid without a shape.
    package let shapes: [MultiPolygon]
    private let places: [GridID: Int]
    private let tree: LandTree
    private let paths: [Path: Int]
    private let codes: [CodeKey: Int]
    private let located = Mutex<LocateIndex?>(nil)
    private let boxes = Mutex<BoxGrid?>(nil)
    private let tinted = Mutex<[Int]?>(nil)
    private let patchworks = Mutex<[GridID: (patchwork: Patchwork, places: [Int])]>([:])

    private struct CodeKey: Hashable {
        let level: String
        let code: String
    }

    init(_ land: Land, on day: Day) {
        self.day = day
        var refs: [GridRef] = []
        for (id, dated) in land.places {
            guard let place = dated.first(where: { $0.holds(on: day) })?.value, let grid = land.grids[id] else { continue }
            refs.append(GridRef(grid: grid, path: place.path, parent: place.parent))
        }
        refs.sort { $0.path < $1.path }
        self.refs = refs
        shapes = refs.map { ref in land.shapes[ref.id]?.first { $0.holds(on: day) }?.value ?? .empty }
        let places = Dictionary(refs.enumerated().map { ($1.id, $0) }) { first, _ in first }
        self.places = places
        tree = LandTree(refs, places)
        paths = Dictionary(refs.enumerated().map { ($1.path, $0) }) { first, _ in first }
        codes = Dictionary(refs.enumerated().map { (CodeKey(level: $1.level, code: $1.code), $0) }) { first, _ in first }
    }

    package subscript(id: GridID) -> GridRef? { places[id].map { refs[$0] } }
    package subscript(path: Path) -> GridRef? { paths[path].map { refs[$0] } }
    package func grid(level: String, code: String) -> GridRef? { codes[CodeKey(level: level, code: code)].map { refs[$0] } }
    /// Of any level; the deepest when several levels use the code.
    package func grid(code: String) -> GridRef? { refs.filter { $0.grid.code == code }.max { $0.rank < $1.rank } }
    package var root: GridRef? { refs.first { $0.grid.isRoot } }

    package func shape(of id: GridID) -> MultiPolygon { places[id].map { shapes[$0] } ?? .empty }

    /// Where a grid lies in `refs`.
    package func place(of id: GridID) -> Int? { places[id] }
    /// The rank of the deepest grids; 0 without any but the root.
    package var deepest: Int { tree.deepest }

    package func rank(_ place: Int) -> Int { tree.rank(place) }
    /// The grids of some rank and above it, in order.
    package func refs(downTo rank: Int) -> [GridRef] { tree.places(downTo: rank).map { refs[$0] } }

    /// The grid of a path and all below it.
    package func subtree(_ path: Path) -> ArraySlice<GridRef> { refs[run(path)] }

    private func run(_ path: Path) -> Range<Int> {
        let start = refs.firstSorted { $0.path >= path }
        return start..<refs[start...].firstSorted { !path.covers($0.path) }
    }

    package func children(of id: GridID) -> [GridRef] { places[id].map { tree.children(of: $0).map { refs[$0] } } ?? [] }
    package func hasChildren(_ id: GridID) -> Bool { places[id].map { tree.hasChildren($0) } ?? false }

    /// From the top grid (below the root) down to this one; parents that do not live on this day are left out.
    package func chain(to ref: GridRef) -> [GridRef] {
        var chain: [GridRef] = []
        var path: Path? = ref.path
        while let here = path {
            if let ref = self[here], !ref.grid.isRoot { chain.append(ref) }
            path = here.parent
        }
        return chain.reversed()
    }

    /// Grids below a path by level, dedicated ones counted beside the others; levels in order of rank (row A1).
    package func counts(under path: Path = .root) -> [LevelCount] {
        let run = run(path)
        return tree.counts([self[path] == nil ? run : run.dropFirst()])
    }

    /// Grids by level at some paths and below them, each counted once.
    package func counts(at paths: [Path]) -> [LevelCount] {
        tree.counts(Set(paths).filter { path in !paths.contains { $0 != path && $0.covers(path) } }.map { run($0) })
    }

    // MARK: - Points

    /// The raster, made when first asked for.
    package var index: LocateIndex {
        if let known = located.withLock({ $0 }) { return known }
        let made = LocateIndex(refs, shapes)
        located.withLock { $0 = made }
        return made
    }

    /// The deepest grid that holds a point, whatever the outlines of its parents say; of two of one level that touch it, a dedicated
    /// one first, then the smaller code in byte order.
    package func deepest(_ point: Coordinate) -> GridRef? { index.locate(point).map { refs[$0] } }

    package func locate(_ point: Coordinate) -> [GridRef] { deepest(point).map { chain(to: $0) } ?? [] }

    /// The grid of the same level on the other side, when the point lies within so many metres of it; the nearest of several.
    package func border(at point: Coordinate, within meters: Double) -> GridRef? {
        guard let own = deepest(point) else { return nil }
        let near = boxGrid.meeting(Box(west: point.lon, south: point.lat, east: point.lon, north: point.lat).grown(meters: meters))
        var best: (distance: Double, index: Int)?
        for index in near where refs[index].rank == own.rank && refs[index].id != own.id {
            let distance = shapes[index].contains(point) ? 0 : shapes[index].borderDistance(to: point)
            if distance <= meters, distance < best?.distance ?? .infinity { best = (distance, index) }
        }
        return best.map { refs[$0.index] }
    }

    /// Indexes into `refs` of the grids whose box meets this one.
    package func meeting(_ box: Box) -> [Int] { boxGrid.meeting(box) }

    /// A base colour for each of `refs`, 0…6: neighbours of one level differ. Made when first asked for.
    package var tints: [Int] {
        if let known = tinted.withLock({ $0 }) { return known }
        let made = LandTints(refs, shapes).numbers
        tinted.withLock { $0 = made }
        return made
    }

    /// The grids of all levels in and around one, as shapes with borders in common, and which of `refs` they are. The last few are kept.
    func patchwork(around scope: GridRef) -> (patchwork: Patchwork, places: [Int]) {
        if let known = patchworks.withLock({ $0[scope.id] }) { return known }
        var box = shape(of: scope.id).box
        if box.isEmpty { box = subtree(scope.path).reduce(Box.empty) { $0.union(shape(of: $1.id).box) } }
        // Far enough for whatever touches its border.
        var near = Set(meeting(box.grown(meters: 30)))
        near.formUnion(subtree(scope.path).compactMap { places[$0.id] })
        let found = near.filter { !refs[$0].grid.isRoot }.sorted()
        let made = (patchwork: Patchwork(found.map { shapes[$0] }), places: found)
        patchworks.withLock {
            if $0.count > 3 { $0.removeAll() }
            $0[scope.id] = made
        }
        return made
    }

    private var boxGrid: BoxGrid {
        if let known = boxes.withLock({ $0 }) { return known }
        let made = BoxGrid(shapes.map(\.box))
        boxes.withLock { $0 = made }
        return made
    }
}

/// How many grids of one level lie somewhere.
package struct LevelCount: Sendable, Equatable {
    package let level: String
    package let rank: Int
    package var grids = 0
    /// Dedicated ones by nature.
    package var natures: [String: Int] = [:]
    package var dedicated: Int { natures.values.reduce(0, +) }

    package init(level: String, rank: Int) {
        self.level = level
        self.rank = rank
    }
}

/// The raster of all grids with a shape, deepest level first.
package struct LocateIndex: Sendable {
    /// From the raster's number to the place in `refs`.
    package let order: [Int32]
    package let raster: PolygonIndex

    init(_ refs: [GridRef], _ shapes: [MultiPolygon]) {
        let order = refs.indices.filter { !shapes[$0].isEmpty }.sorted { a, b in
            if refs[a].rank != refs[b].rank { return refs[a].rank > refs[b].rank }
            if refs[a].grid.isDedicated != refs[b].grid.isDedicated { return refs[a].grid.isDedicated }
            return refs[a].code.utf8.lexicographicallyPrecedes(refs[b].code.utf8)
        }
        self.order = order.map { Int32($0) }
        raster = PolygonIndex(order.map { shapes[$0] })
    }

    @inline(__always)
    package func locate(_ point: Coordinate) -> Int? {
        let found = raster.find(point.lon, point.lat)
        return found < 0 ? nil : Int(order[Int(found)])
    }
}
