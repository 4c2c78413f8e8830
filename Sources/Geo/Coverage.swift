/// How well shapes of one level cover the land: every gap and every overlap, with place and size, and how it can be repaired.
///
/// Shapes are sound (`Topology.fault` is nil), in the order of their codes: of two that overlap widely the earlier one keeps the land.
package struct Coverage {
    package enum Sort: String, Sendable { case gap, overlap }

    package struct Finding: Sendable {
        package let sort: Sort
        /// Of an overlap: those that overlap. Of a gap: those around it. Indexes into `shapes`, ascending.
        package let shapes: [Int]
        package let outline: MultiPolygon
        /// A place inside.
        package let place: Coordinate
        /// Square metres.
        package let area: Double
        /// Metres, of a rectangle of the same area and border.
        package let width: Double
        package let length: Double
        /// Nowhere wider than the tolerance.
        package let isSliver: Bool
        let faces: [Int]
    }

    package let shapes: [MultiPolygon]
    package let findings: [Finding]
    let arrangement: Arrangement
    /// For each face the shapes that hold it, ascending.
    let owners: [[Int]]
    let fixed: Set<Int>

    /// Narrower is rounding, not land: neither named nor repaired.
    static let noise = 0.001

    /// - Parameters:
    ///   - frames: outlines that the shapes should fill (of their parents); what they leave free is a gap.
    ///   - fixed: shapes that a sliver's repair leaves as they are.
    ///   - tolerance: metres up to which a gap or overlap is a sliver.
    package init(
        _ shapes: [MultiPolygon], frames: [MultiPolygon] = [], fixed: Set<Int> = [], tolerance: Double, topology: Topology
    ) throws {
        self.shapes = shapes
        self.fixed = fixed
        let open = try Self.openGaps(shapes, tolerance: tolerance, topology)
        let arrangement = try Arrangement(shapes + frames + open, topology: topology)
        let finder = BoxGrid(shapes.map(\.box))
        let owners = arrangement.faces.map { face in finder.holding(face.place).filter { shapes[$0].contains(face.place) } }
        self.arrangement = arrangement
        self.owners = owners
        let (gaps, strips) = Self.gaps(arrangement, owners, frames: frames, open: open)
        var state = [Int](repeating: 0, count: arrangement.faces.count)
        var findings: [Finding] = []
        for index in arrangement.faces.indices where state[index] == 0 {
            guard gaps.contains(index) || owners[index].count > 1 else { continue }
            var group = [index]
            var next = 0
            state[index] = 1
            while next < group.count {
                for other in arrangement.faces[group[next]].neighbours.keys.sorted() where other >= 0 && state[other] == 0 {
                    guard owners[other] == owners[index], owners[index].count > 1 || gaps.contains(other) else { continue }
                    state[other] = 1
                    group.append(other)
                }
                next += 1
            }
            let around = Set(group.flatMap { arrangement.faces[$0].neighbours.keys }.filter { $0 >= 0 }.flatMap { owners[$0] })
            // A strip is between two; what the closing cut off at its ends is a bay of one.
            if around.count < 2, owners[index].isEmpty, group.allSatisfy(strips.contains) { continue }
            let outline =
                group.count == 1
                ? MultiPolygon([arrangement.faces[index].shape])
                : try topology.union(group.map { MultiPolygon([arrangement.faces[$0].shape]) })
            let finding = try Finding(
                sort: owners[index].isEmpty ? .gap : .overlap, shapes: owners[index].isEmpty ? around.sorted() : owners[index],
                outline: outline, place: arrangement.faces[index].place, tolerance: tolerance, faces: group.sorted(), topology)
            if finding.width >= Self.noise { findings.append(finding) }
        }
        self.findings = findings.sorted {
            ($0.sort.rawValue, -$0.area, $0.place.lon, $0.place.lat) < ($1.sort.rawValue, -$1.area, $1.place.lon, $1.place.lat)
        }
    }

    /// Faces of no shape that count as gaps: inside a frame or an open strip, or closed in all round; and those that are only strips.
    private static func gaps(
        _ arrangement: Arrangement, _ owners: [[Int]], frames: [MultiPolygon], open: [MultiPolygon]
    ) -> (gaps: Set<Int>, strips: Set<Int>) {
        let (inFrame, inStrip) = (BoxGrid(frames.map(\.box)), BoxGrid(open.map(\.box)))
        var gaps: Set<Int> = []
        var strips: Set<Int> = []
        var outside: [Int] = []
        var reached: Set<Int> = []
        for (index, face) in arrangement.faces.enumerated() where owners[index].isEmpty {
            if inFrame.holding(face.place).contains(where: { frames[$0].contains(face.place) }) {
                gaps.insert(index)
            } else if inStrip.holding(face.place).contains(where: { open[$0].contains(face.place) }) {
                gaps.insert(index)
                strips.insert(index)
            } else if face.neighbours[-1] != nil {
                outside.append(index)
                reached.insert(index)
            }
        }
        while let index = outside.popLast() {
            for other in arrangement.faces[index].neighbours.keys
            where other >= 0 && owners[other].isEmpty && !gaps.contains(other) && reached.insert(other).inserted { outside.append(other) }
        }
        for index in arrangement.faces.indices where owners[index].isEmpty && !reached.contains(index) { gaps.insert(index) }
        return (gaps, strips)
    }

    /// Strips between neighbours that are open at an end, so that no line closes them in: what closes when all grow and shrink again.
    private static func openGaps(_ shapes: [MultiPolygon], tolerance: Double, _ topology: Topology) throws -> [MultiPolygon] {
        guard shapes.count > 1 else { return [] }
        let areas = shapes.map(\.area).sorted()
        let reach = max(tolerance * 2, min(30, max(15, 0.05 * areas[areas.count / 2].squareRoot())))
        let all = try topology.union(shapes)
        let closed = try topology.grown(topology.grown(all, meters: reach), meters: -reach)
        let finder = BoxGrid(shapes.map { $0.box.grown(meters: 0.01) })
        return try topology.difference(closed, all).polygons.compactMap { strip in
            guard strip.area > 0.01, Self.lies(strip, between: shapes, finder) else { return nil }
            let (width, length) = Finding.rectangle(area: strip.area, perimeter: strip.perimeter)
            return width >= noise && length > 2 * width ? MultiPolygon([strip]) : nil
        }
    }

    /// A bay in the outer border is no gap: a strip has shapes on both long sides, and not one alone.
    private static func lies(_ strip: Polygon, between shapes: [MultiPolygon], _ finder: BoxGrid) -> Bool {
        var beside: [Int: Double] = [:]
        var free = 0.0
        let points = strip.outer.points
        for index in points.indices.dropFirst() {
            let (a, b) = (points[index - 1], points[index])
            let middle = Coordinate(lon: (a.lon + b.lon) / 2, lat: (a.lat + b.lat) / 2)
            let near = finder.holding(middle).first { shapes[$0].borderDistance(to: middle) < 0.01 }
            if let near { beside[near, default: 0] += a.distance(to: b) } else { free += a.distance(to: b) }
        }
        let touched = beside.values.reduce(0, +)
        return free < 0.35 * (free + touched) && (beside.values.max() ?? 0) < 0.9 * touched
    }
}

extension Coverage.Finding {
    init(
        sort: Coverage.Sort, shapes: [Int], outline: MultiPolygon, place: Coordinate, tolerance: Double, faces: [Int], _ topology: Topology
    ) throws {
        self.sort = sort
        self.shapes = shapes
        self.outline = outline
        self.faces = faces
        area = outline.area
        self.place = outline.polygons.count == 1 ? place : outline.labelPoint ?? place
        let (width, length) = Self.rectangle(area: area, perimeter: outline.perimeter)
        // Wide at one place is wide: what is left when the border moves in by half the tolerance from both sides.
        isSliver =
            tolerance > 0 && width <= tolerance
            ? try topology.grown(outline, meters: -tolerance / 2 * 1.001).isEmpty : width < Coverage.noise
        self.width = isSliver ? min(width, tolerance) : width
        self.length = length
    }

    /// Sides of the rectangle of an area and a perimeter; of the square of that area when there is none.
    static func rectangle(area: Double, perimeter: Double) -> (width: Double, length: Double) {
        let half = perimeter / 2
        let root = half * half / 4 - area
        guard root > 0 else { return (area.squareRoot(), area.squareRoot()) }
        let length = half / 2 + root.squareRoot()
        return (length > 0 ? area / length : 0, length)
    }
}
