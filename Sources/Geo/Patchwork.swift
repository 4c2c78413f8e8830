/// Shapes of any levels that share their borders: a point that several have is one point, and what happens to it happens in all of them.
///
/// Points lie on the lattice of `Coordinate.rounded`. A point of one shape that lies on the side of another is a point of that one too, so
/// two neighbours have the very same line between them.
package struct Patchwork: Sendable {
    package enum Fault: Error, Equatable, Sendable {
        /// Nobody has such a point or side.
        case noSuchPoint
        /// More than two lines meet at the point, so it cannot go.
        case junction
        /// What is left of an outline holds no land.
        case tooFewPoints
        /// A line would cross or touch itself, or run through where it may not; where, if known.
        case crosses(Coordinate?)
        /// The line does not part the shape.
        case partsNothing
        /// The line cuts more than two pieces.
        case pieces(Int)
        /// Shapes without a common border.
        case apart
    }

    /// Metres within which points are one.
    static let weld = 0.001
    /// Metres within which a point lies on a side: what rounding to the lattice may put beside it.
    static let beside = 0.000_3

    package private(set) var shapes: [MultiPolygon]
    private(set) var boxes: [Box]

    package init(_ shapes: [MultiPolygon]) {
        var welder = Welder()
        self.shapes = shapes.map { shape in Self.made(shape.polygons) { welder.point($0) } }
        boxes = self.shapes.map(\.box)
        for index in self.shapes.indices { node(index) }
    }

    // MARK: Whole shapes

    package mutating func append(_ shape: MultiPolygon) -> Int {
        shapes.append(.empty)
        boxes.append(.empty)
        replace(shapes.count - 1, with: shape)
        return shapes.count - 1
    }

    /// Gives a shape another outline; it takes up the points of the others on its sides, and they take up its own.
    package mutating func replace(_ index: Int, with shape: MultiPolygon) {
        let before = Set(shapes[index].rings.flatMap(\.points))
        set(index, Self.made(shape.polygons) { $0.rounded })
        node(index)
        for point in Set(shapes[index].rings.flatMap(\.points)).subtracting(before) { insert(point, but: index) }
    }

    private mutating func set(_ index: Int, _ shape: MultiPolygon) {
        shapes[index] = shape
        boxes[index] = shape.box
    }

    /// Rings with changed points, without repeated ones; rings that hold no land any more are left out.
    private static func made(_ polygons: [Polygon], _ change: (Coordinate) -> Coordinate) -> MultiPolygon {
        func ring(_ ring: Ring) -> Ring? {
            var points: [Coordinate] = []
            for point in ring.points.dropLast() {
                let next = change(point)
                if points.last != next { points.append(next) }
            }
            while points.count > 1, points.last == points.first { points.removeLast() }
            return points.count >= 3 ? Ring(points) : nil
        }
        return MultiPolygon(polygons.compactMap { one in ring(one.outer).map { Polygon(outer: $0, holes: one.holes.compactMap(ring)) } })
    }

    // MARK: Points

    /// The shapes that have a point.
    package func holders(of point: Coordinate) -> [Int] {
        shapes.indices.filter { boxes[$0].contains(point) && shapes[$0].rings.contains { $0.points.contains(point) } }
    }

    /// The shapes that two points follow each other in.
    private func holders(of a: Coordinate, _ b: Coordinate) -> [Int] {
        holders(of: a).filter { index in
            shapes[index].rings.contains { ring in
                zip(ring.points, ring.points.dropFirst()).contains { ($0 == a && $1 == b) || ($0 == b && $1 == a) }
            }
        }
    }

    /// Moves a point of all shapes that have it.
    /// - Returns: which those are.
    /// - Throws: `Fault`; nothing is changed then.
    @discardableResult
    package mutating func move(_ point: Coordinate, to target: Coordinate, topology: Topology) throws -> [Int] {
        let (from, to) = (point.rounded, target.rounded)
        let moved = holders(of: from)
        guard !moved.isEmpty else { throw Fault.noSuchPoint }
        try change(moved, topology) { $0.map { $0 == from ? to : $0 } }
        insert(to)
        return moved
    }

    /// Makes a side of all shapes that have it run by way of a new point.
    @discardableResult
    package mutating func bend(_ a: Coordinate, _ b: Coordinate, at point: Coordinate, topology: Topology) throws -> [Int] {
        let (a, b, to) = (a.rounded, b.rounded, point.rounded)
        let bent = holders(of: a, b)
        guard !bent.isEmpty, to != a, to != b else { throw Fault.noSuchPoint }
        try change(bent, topology) { points in
            var result: [Coordinate] = []
            for (index, here) in points.enumerated() {
                result.append(here)
                let next = points[(index + 1) % points.count]
                if (here == a && next == b) || (here == b && next == a) { result.append(to) }
            }
            return result
        }
        insert(to)
        return bent
    }

    /// Takes a point out of all shapes that have it, so that the line runs straight there.
    @discardableResult
    package mutating func remove(_ point: Coordinate, topology: Topology) throws -> [Int] {
        let gone = point.rounded
        let holders = holders(of: gone)
        guard !holders.isEmpty else { throw Fault.noSuchPoint }
        var beside: Set<Coordinate> = []
        for ring in holders.flatMap({ shapes[$0].rings }) {
            let points = ring.points.dropLast()
            for (index, here) in points.enumerated() where here == gone {
                beside.insert(points[(index + 1) % points.count])
                beside.insert(points[(index + points.count - 1) % points.count])
            }
        }
        guard beside.count == 2 else { throw Fault.junction }
        try change(holders, topology) { $0.filter { $0 != gone } }
        return holders
    }

    /// Changes the points (open, without the closing one) of each ring of some shapes; all must be sound afterwards.
    private mutating func change(_ indexes: [Int], _ topology: Topology, _ body: ([Coordinate]) -> [Coordinate]) throws {
        var next = self
        for index in indexes {
            let before = shapes[index]
            let polygons = before.polygons.map { one in
                Polygon(outer: Ring(body(one.outer.points.dropLast())), holes: one.holes.map { Ring(body($0.points.dropLast())) })
            }
            let after = Self.made(polygons) { $0 }
            guard after.rings.count == before.rings.count else { throw Fault.tooFewPoints }
            if let fault = try topology.fault(of: after) { throw Fault.crosses(fault.place) }
            next.set(index, after)
        }
        for index in indexes { next.node(index) }
        self = next
    }

    // MARK: One line between neighbours

    /// Gives a shape the points of others that lie on its sides.
    private mutating func node(_ index: Int) {
        let reach = boxes[index].grown(meters: Self.beside)
        let own = Set(shapes[index].rings.flatMap(\.points))
        var found: Set<Coordinate> = []
        for other in shapes.indices where other != index && boxes[other].intersects(reach) {
            for point in shapes[other].rings.lazy.flatMap(\.points) where reach.contains(point) && !own.contains(point) {
                found.insert(point)
            }
        }
        guard !found.isEmpty else { return }
        set(index, Sides(found).noded(shapes[index]))
    }

    /// Gives a point to all shapes on whose sides it lies.
    mutating func insert(_ point: Coordinate, but spared: Int? = nil) {
        let sides = Sides([point])
        for index in shapes.indices where index != spared && boxes[index].grown(meters: Self.beside).contains(point) {
            guard !shapes[index].rings.contains(where: { $0.points.contains(point) }) else { continue }
            set(index, sides.noded(shapes[index]))
        }
    }
}

/// Makes one of points that lie within a millimetre of each other.
private struct Welder {
    private struct Square: Hashable {
        let x: Int64
        let y: Int64
    }

    /// Degrees; at least as wide as `Patchwork.weld` at any inhabited latitude of China.
    private static let side = 2e-8
    private var known: [Square: Coordinate] = [:]

    mutating func point(_ raw: Coordinate) -> Coordinate {
        let point = raw.rounded
        let (x, y) = (Int64((point.lon / Self.side).rounded(.down)), Int64((point.lat / Self.side).rounded(.down)))
        if let same = known[Square(x: x, y: y)] { return same }
        for dx in -1...1 as ClosedRange<Int64> {
            for dy in -1...1 as ClosedRange<Int64> where dx != 0 || dy != 0 {
                if let near = known[Square(x: x + dx, y: y + dy)], near.distance(to: point) <= Patchwork.weld { return near }
            }
        }
        known[Square(x: x, y: y)] = point
        return point
    }
}

/// Points that are to be put into the sides on which they lie, sorted from west to east.
private struct Sides {
    private let points: [Coordinate]

    init(_ points: Set<Coordinate>) { self.points = points.sorted { ($0.lon, $0.lat) < ($1.lon, $1.lat) } }

    func noded(_ shape: MultiPolygon) -> MultiPolygon {
        MultiPolygon(shape.polygons.map { Polygon(outer: noded($0.outer), holes: $0.holes.map(noded)) })
    }

    private struct Place {
        let side: Int
        let part: Double
        let distance: Double
    }

    private func noded(_ ring: Ring) -> Ring {
        guard let first = ring.points.first else { return ring }
        let plane = LocalPlane(at: first)
        let reach = Patchwork.beside / plane.perLon
        let own = Set(ring.points)
        // Near a sharp corner a point may lie by two sides: it goes into the nearer one.
        var places: [Coordinate: Place] = [:]
        for side in ring.points.indices.dropLast() {
            let (a, b) = (ring.points[side], ring.points[side + 1])
            let (p, q) = (plane.meters(a), plane.meters(b))
            let (dx, dy) = (q.x - p.x, q.y - p.y)
            let length = dx * dx + dy * dy
            var index = points.firstFrom(min(a.lon, b.lon) - reach)
            while index < points.count, points[index].lon <= max(a.lon, b.lon) + reach {
                let point = points[index]
                index += 1
                let here = plane.meters(point)
                let part = length > 0 ? ((here.x - p.x) * dx + (here.y - p.y) * dy) / length : 0
                let (x, y) = (p.x + part * dx - here.x, p.y + part * dy - here.y)
                let distance = (x * x + y * y).squareRoot()
                guard part > 0, part < 1, distance <= Patchwork.beside, !own.contains(point) else { continue }
                if distance < places[point]?.distance ?? .infinity { places[point] = Place(side: side, part: part, distance: distance) }
            }
        }
        guard !places.isEmpty else { return ring }
        let bySide = Dictionary(grouping: places, by: \.value.side)
        var result: [Coordinate] = []
        for side in ring.points.indices {
            result.append(ring.points[side])
            result += (bySide[side] ?? []).sorted { $0.value.part < $1.value.part }.map(\.key)
        }
        return Ring(result)
    }
}

extension [Coordinate] {
    /// The index of the first point, of points sorted by longitude, that is not west of a longitude.
    fileprivate func firstFrom(_ lon: Double) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle].lon >= lon { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
