import Testing

@testable import Geo

/// What a hand does to a partition leaves it a partition.
@Suite struct PatchworkTests {
    private struct Side: Hashable {
        let a: Coordinate
        let b: Coordinate
    }

    /// How many shapes have each side.
    private func sides(_ shapes: [MultiPolygon]) -> [Side: Int] {
        var counts: [Side: Int] = [:]
        for ring in shapes.flatMap(\.rings) {
            for (a, b) in zip(ring.points, ring.points.dropFirst()) {
                counts[(a.lon, a.lat) < (b.lon, b.lat) ? Side(a: a, b: b) : Side(a: b, b: a), default: 0] += 1
            }
        }
        return counts
    }

    /// Sound, of the same land as before, and every inner side the same in two shapes: what one has alone is the outer border.
    private func expectSound(_ shapes: [MultiPolygon], area: Double, around box: Box, _ comment: Comment) throws {
        let topology = try Topology()
        for shape in shapes { #expect(try topology.fault(of: shape) == nil, comment) }
        #expect(abs(shapes.reduce(0) { $0 + $1.area } / area - 1) < 1e-9, comment)
        #expect(try Coverage(shapes, frames: [MultiPolygon(box)], tolerance: 0, topology: topology).findings.isEmpty, comment)
        for (side, count) in sides(shapes) {
            let outside = [\Coordinate.lon, \Coordinate.lat].contains { key in
                [box.west, box.east, box.south, box.north].contains {
                    abs(side.a[keyPath: key] - $0) < 1e-9 && abs(side.b[keyPath: key] - $0) < 1e-9
                }
            }
            #expect(count == (outside ? 1 : 2), comment)
        }
    }

    @Test("points that lie on another's side are put into it; nothing else changes", arguments: 1...4)
    func noded(seed: Int) throws {
        let lattice = Lattice(5, seed: UInt64(seed))
        let work = Patchwork(lattice.shapes)
        #expect(work.shapes == Patchwork(work.shapes).shapes)
        for (before, after) in zip(lattice.shapes, work.shapes) { #expect(try Topology().same(before, after)) }
        try expectSound(work.shapes, area: MultiPolygon(lattice.box).area, around: lattice.box, "seed \(seed)")
        // Three blocks, the long one without the corner that the others have on its side.
        let blocks = Patchwork([block(0, 0, 200, 100), block(0, 100, 100, 100), block(100, 100, 100, 100)])
        #expect(blocks.shapes.map { $0.rings[0].points.count } == [6, 5, 5])
    }

    @Test("moved, bent and removed points: both sides follow, the land stays the same, and back is back", arguments: 1...6)
    func points(seed: Int) throws {
        var dice = Dice(UInt64(seed))
        let topology = try Topology()
        let lattice = Lattice(4, seed: UInt64(seed))
        var work = Patchwork(lattice.shapes)
        let area = MultiPolygon(lattice.box).area
        let inner = lattice.box.grown(meters: -20)
        var moved = 0
        for _ in 0..<30 {
            let ring = try #require(work.shapes.randomElement(using: &dice)?.rings.first)
            let point = try #require(ring.points.randomElement(using: &dice))
            guard inner.contains(point) else { continue }
            let target = Coordinate(
                lon: point.lon + .random(in: -3e-4...3e-4, using: &dice), lat: point.lat + .random(in: -3e-4...3e-4, using: &dice))
            let before = work
            let holders = work.holders(of: point)
            do {
                #expect(try work.move(point, to: target, topology: topology) == holders)
            } catch is Patchwork.Fault {
                #expect(work.shapes == before.shapes, "a refused move changes nothing")
                continue
            }
            #expect(work.holders(of: target.rounded) == holders && holders.count >= 2)
            moved += 1
            if moved % 5 == 0 { try expectSound(work.shapes, area: area, around: lattice.box, "seed \(seed), move \(moved)") }
            var back = work
            try back.move(target, to: point, topology: topology)
            #expect(back.shapes == before.shapes)
        }
        #expect(moved > 10)
        // A new point in the middle of a side, and out again.
        let points = try #require(work.shapes[5].rings.first).points
        let (a, b) = (points[0], points[1])
        let before = work
        let middle = Coordinate(lon: (a.lon + b.lon) / 2 + 1e-5, lat: (a.lat + b.lat) / 2 + 1e-5).rounded
        let bent = try work.bend(a, b, at: middle, topology: topology)
        #expect(bent.contains(5) && bent == work.holders(of: middle))
        try work.remove(middle, topology: topology)
        #expect(work.shapes == before.shapes)
        #expect(throws: Patchwork.Fault.noSuchPoint) { try work.remove(middle, topology: topology) }
    }

    @Test("a split by a line and a merge: no land is lost, and the neighbours have the new points too", arguments: 1...8)
    func split(seed: Int) throws {
        var dice = Dice(UInt64(seed))
        let topology = try Topology()
        let lattice = Lattice(4, seed: UInt64(seed))
        var work = Patchwork(lattice.shapes)
        let area = MultiPolygon(lattice.box).area
        for turn in 0..<10 {
            let index = work.shapes.indices.randomElement(using: &dice) ?? 0
            let box = work.shapes[index].box
            let middle = try #require(work.shapes[index].labelPoint)
            let line = [
                Coordinate(lon: box.west - 1e-4, lat: .random(in: box.south...box.north, using: &dice)), middle,
                Coordinate(lon: .random(in: box.west...box.east, using: &dice), lat: box.north + 1e-4),
            ]
            var next = work
            // A side with a point more is measured a little otherwise: straight in degrees is not straight in square metres.
            let whole = next.shapes[index].area
            let grain = max(whole * 1e-5, next.shapes[index].perimeter * 2e-4)
            do {
                let drawn = try next.drawn(line, within: 0, topology: topology)
                let (larger, smaller) = try next.pieces(of: index, cutBy: drawn, topology: topology)
                #expect(larger.area >= smaller.area && abs(larger.area + smaller.area - whole) < grain)
                next.replace(index, with: larger)
                let other = next.append(smaller)
                try expectSound(next.shapes, area: area, around: lattice.box, "seed \(seed), split \(turn)")
                // Put together again it is what it was, but for points on its sides.
                let joined = try next.joined(index, other, topology: topology)
                #expect(try whole - topology.sharedArea(joined, work.shapes[index]) < grain && abs(joined.area - whole) < grain)
            } catch Patchwork.Fault.pieces(let count) {
                #expect(count > 2)
                continue
            }
            work = next
        }
        #expect(work.shapes.count > lattice.shapes.count + 4)
        #expect(throws: Patchwork.Fault.apart) {
            try Patchwork([block(0, 0, 50, 50), block(50, 50, 50, 50)]).joined(0, 1, topology: topology)
        }
    }

    @Test("a line that does not go through, goes through twice or crosses itself is refused")
    func badLines() throws {
        let topology = try Topology()
        let plane = LocalPlane(at: Coordinate(lon: 113.6, lat: 34.7))
        var work = Patchwork([block(0, 0, 100, 100), block(100, 0, 100, 100)])
        func pieces(_ line: [(Double, Double)]) throws -> Int {
            let drawn = try work.drawn(line.map { plane.coordinate(x: $0.0, y: $0.1) }, within: 2, topology: topology)
            let found = try work.pieces(of: 0, cutBy: drawn, topology: topology)
            return found.larger.polygons.count + found.smaller.polygons.count
        }
        #expect(try pieces([(1, 50), (99, 50)]) == 2, "ends within two metres of the border are on it")
        #expect(throws: Patchwork.Fault.partsNothing) { try pieces([(10, 50), (99, 50)]) }
        #expect(throws: Patchwork.Fault.partsNothing) { try pieces([(150, 50), (199, 50)]) }
        #expect(throws: Patchwork.Fault.pieces(3)) { try pieces([(-10, 20), (50, 20), (110, 20), (110, 80), (-10, 80)]) }
        #expect(throws: Patchwork.Fault.self) { try pieces([(-10, 20), (80, 20), (80, 80), (50, -10)]) }
        #expect(throws: Patchwork.Fault.partsNothing) { try pieces([(50, 50)]) }
        // The neighbour got the point at which the first line ended.
        let end = plane.coordinate(x: 100, y: 50)
        #expect(work.shapes[1].rings[0].points.contains { $0.distance(to: end) < 0.01 })
        // A hand near a corner means the corner.
        let snap = work.snapped(plane.coordinate(x: 98, y: 97), within: 5)
        #expect(snap?.isPoint == true && work.holders(of: snap?.place ?? end) == [0, 1])
        #expect(work.snapped(plane.coordinate(x: 50, y: 60), within: 5) == nil)
    }

    @Test("all levels share one line: what moves below moves above; a junction cannot go; a knot is refused", arguments: 1...4)
    func levels(seed: Int) throws {
        let topology = try Topology()
        let lattice = Lattice(4, seed: UInt64(seed))
        let half = lattice.shapes.count / 2
        let upper = try [Array(lattice.shapes[..<half]), Array(lattice.shapes[half...])].map { try topology.union($0) }
        var work = Patchwork(lattice.shapes + upper)
        let (first, second) = (lattice.shapes.count, lattice.shapes.count + 1)
        func expectLevels() throws {
            #expect(try topology.same(work.shapes[first], topology.union(Array(work.shapes[..<half]))))
            #expect(try topology.same(work.shapes[second], topology.union(Array(work.shapes[half..<first]))))
        }
        try expectLevels()
        let common = Set(work.shapes[first].rings[0].points).intersection(work.shapes[second].rings[0].points)
        for point in common.sorted(by: { $0.lon < $1.lon }).dropFirst().prefix(3) {
            let holders = try work.move(point, to: Coordinate(lon: point.lon + 5e-5, lat: point.lat + 5e-5), topology: topology)
            #expect(holders.contains(first) && holders.contains(second) && holders.count >= 4)
        }
        try expectLevels()
        let junction = try #require(work.shapes[first].rings[0].points.first { work.holders(of: $0).count >= 5 })
        #expect(throws: Patchwork.Fault.junction) { try work.remove(junction, topology: topology) }
        // Across the whole town: the outlines would cross themselves.
        let before = work.shapes
        #expect(throws: Patchwork.Fault.self) {
            try work.move(junction, to: Coordinate(lon: junction.lon + 0.03, lat: junction.lat + 0.02), topology: topology)
        }
        #expect(work.shapes == before)
    }

    @Test("a closed line takes its land out of what lies under it")
    func carved() throws {
        let topology = try Topology()
        let plane = LocalPlane(at: Coordinate(lon: 113.6, lat: 34.7))
        var work = Patchwork([block(0, 0, 100, 100), block(100, 0, 100, 100)])
        let outline = try work.drawn(
            [(60, 20), (140, 20), (140, 60), (60, 60)].map { plane.coordinate(x: $0.0, y: $0.1) }, closed: true, within: 1,
            topology: topology)
        let (one, two) = (try work.carved(0, by: outline, topology: topology), try work.carved(1, by: outline, topology: topology))
        work.replace(0, with: one.left)
        work.replace(1, with: two.left)
        _ = work.append(try topology.union([one.inside, two.inside]))
        #expect(abs(work.shapes[2].area - 3200) < 5)
        #expect(try Coverage(work.shapes, frames: [block(0, 0, 200, 100)], tolerance: 0, topology: topology).findings.isEmpty)
        #expect(abs(work.shapes.reduce(0) { $0 + $1.area } - 20_000) < 10)
        #expect(throws: Patchwork.Fault.self) {
            try work.drawn(
                [(0, 0), (50, 50), (50, 0), (0, 50)].map { plane.coordinate(x: $0.0, y: $0.1) }, closed: true, within: 0, topology: topology
            )
        }
        #expect(try work.carved(0, by: outline.map { Coordinate(lon: $0.lon + 1, lat: $0.lat) }, topology: topology).inside.isEmpty)
    }
}
