extension Patchwork {
    /// Where a hand's point is meant to be: the nearest point within so many metres, else the nearest place on a side; nil when neither is near.
    package func snapped(_ point: Coordinate, within meters: Double) -> (place: Coordinate, isPoint: Bool)? {
        let near = Box(around: [point]).grown(meters: meters)
        let plane = LocalPlane(at: point)
        var (corner, side): ((distance: Double, place: Coordinate)?, (distance: Double, place: Coordinate)?)
        for ring in shapes.indices.lazy.filter({ self.boxes[$0].intersects(near) }).flatMap({ self.shapes[$0].rings }) {
            for (a, b) in zip(ring.points, ring.points.dropFirst()) {
                let (p, q) = (plane.meters(a), plane.meters(b))
                let far = (p.x * p.x + p.y * p.y).squareRoot()
                if far <= meters, far < corner?.distance ?? .infinity { corner = (far, a) }
                let (dx, dy) = (q.x - p.x, q.y - p.y)
                let length = dx * dx + dy * dy
                guard length > 0 else { continue }
                let part = max(0, min(1, -(p.x * dx + p.y * dy) / length))
                let (x, y) = (p.x + part * dx, p.y + part * dy)
                let away = (x * x + y * y).squareRoot()
                if away <= meters, away < side?.distance ?? .infinity { side = (away, plane.coordinate(x: x, y: y).rounded) }
            }
        }
        return corner.map { ($0.place, true) } ?? side.map { ($0.place, false) }
    }

    /// A hand's line on the lattice, its points snapped; where it meets a side, that side gets the point.
    /// - Throws: `Fault.crosses` when it crosses itself, `.partsNothing` when it is no line.
    package mutating func drawn(_ line: [Coordinate], closed: Bool = false, within meters: Double, topology: Topology) throws
        -> [Coordinate]
    {
        var points: [Coordinate] = []
        for point in line {
            let next = snapped(point, within: meters)?.place ?? point.rounded
            if points.last != next { points.append(next) }
        }
        if closed {
            while points.count > 1, points.last == points.first { points.removeLast() }
            guard points.count >= 3 else { throw Fault.partsNothing }
            points.append(points[0])
        }
        guard points.count >= 2 else { throw Fault.partsNothing }
        if let place = Self.crossing(points, closed: closed) { throw Fault.crosses(place) }
        for point in points { insert(point) }
        return points
    }

    /// The pieces into which a line parts a shape, the larger first; parts of the shape that the line does not touch stay with the larger.
    package func pieces(of index: Int, cutBy line: [Coordinate], topology: Topology) throws -> (larger: MultiPolygon, smaller: MultiPolygon)
    {
        let shape = shapes[index]
        let faces = try Arrangement([shape], cuts: [line], topology: topology).faces.filter { shape.contains($0.place) }.map(\.shape)
        guard faces.count > shape.polygons.count else { throw Fault.partsNothing }
        guard faces.count == shape.polygons.count + 1 else { throw Fault.pieces(faces.count - shape.polygons.count + 1) }
        // The two that were one: their borders are not those of any part as it was.
        let whole = Set(shape.polygons.map { Set($0.outer.points) })
        let ordered = faces.sorted { $0.area > $1.area }
        let cut = ordered.filter { !whole.contains(Set($0.outer.points)) }
        guard let smaller = cut.count == 2 ? cut.last : ordered.last else { throw Fault.partsNothing }
        return (MultiPolygon(faces.filter { $0 != smaller }), MultiPolygon([smaller]))
    }

    /// What of a shape lies within a closed line, and what is left; either may be empty.
    package func carved(_ index: Int, by outline: [Coordinate], topology: Topology) throws -> (inside: MultiPolygon, left: MultiPolygon) {
        let (shape, region) = (shapes[index], MultiPolygon([Polygon(outer: Ring(outline))]))
        guard boxes[index].intersects(region.box) else { return (.empty, shape) }
        let faces = try Arrangement([shape], cuts: [outline], topology: topology).faces.filter { shape.contains($0.place) }
        let inside = faces.filter { region.contains($0.place) }.map { MultiPolygon([$0.shape]) }
        let left = faces.filter { !region.contains($0.place) }.map { MultiPolygon([$0.shape]) }
        guard !inside.isEmpty else { return (.empty, shape) }
        return (try topology.union(inside), try topology.union(left))
    }

    /// Two neighbours as one.
    /// - Throws: `Fault.apart` when they have no common side.
    package func joined(_ one: Int, _ other: Int, topology: Topology) throws -> MultiPolygon {
        struct Side: Hashable {
            let a: Coordinate
            let b: Coordinate
        }
        func sides(_ index: Int) -> Set<Side> {
            Set(
                shapes[index].rings.flatMap { ring in
                    zip(ring.points, ring.points.dropFirst()).map {
                        ($0.lon, $0.lat) < ($1.lon, $1.lat) ? Side(a: $0, b: $1) : Side(a: $1, b: $0)
                    }
                })
        }
        guard !sides(one).isDisjoint(with: sides(other)) else { throw Fault.apart }
        return try topology.union([shapes[one], shapes[other]])
    }

    /// Where a line meets itself; nil when it does not.
    private static func crossing(_ points: [Coordinate], closed: Bool) -> Coordinate? {
        var seen: Set<Coordinate> = []
        for (index, point) in points.enumerated() where !seen.insert(point).inserted {
            if !(closed && index == points.count - 1) { return point }
        }
        let edges = zip(points, points.dropFirst()).map { ($0, $1) }
        func side(_ p: Coordinate, _ q: Coordinate, _ r: Coordinate) -> Double {
            (q.lon - p.lon) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lon - p.lon)
        }
        for first in edges.indices {
            for second in edges.indices where second > first + 1 && !(closed && first == 0 && second == edges.count - 1) {
                let (a, b) = edges[first]
                let (c, d) = edges[second]
                if (side(a, b, c) > 0) != (side(a, b, d) > 0), (side(c, d, a) > 0) != (side(c, d, b) > 0) { return c }
            }
        }
        return nil
    }
}
