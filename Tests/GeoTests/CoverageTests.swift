import Geo
import Testing

@Suite struct CoverageTests {
    private func cover(_ shapes: [MultiPolygon], frames: [MultiPolygon] = [], tolerance: Double = 5) throws -> Coverage {
        try Coverage(shapes, frames: frames, tolerance: tolerance, topology: Topology())
    }

    @Test("a sound partition has no finding", arguments: 1...4)
    func sound(seed: Int) throws {
        let lattice = Lattice(6, seed: UInt64(seed))
        let coverage = try cover(lattice.shapes, frames: [MultiPolygon(lattice.box)])
        #expect(coverage.findings.isEmpty)
        #expect(try coverage.repaired(settles: { _ in true }, topology: Topology()).isEmpty)
    }

    @Test("a missing square in the middle is one gap with its size")
    func hole() throws {
        var shapes: [MultiPolygon] = []
        for row in 0..<3 {
            for column in 0..<3 where (row, column) != (1, 1) { shapes.append(block(Double(column) * 100, Double(row) * 100, 100, 100)) }
        }
        let coverage = try cover(shapes)
        let gap = try #require(coverage.findings.first)
        #expect(coverage.findings.count == 1 && gap.sort == .gap && !gap.isSliver)
        #expect(abs(gap.area - 10_000) < 10 && abs(gap.width - 100) < 1)
        #expect(gap.shapes.count == 8 || gap.shapes.count == 4)
        #expect(block(100, 100, 100, 100).contains(gap.place))
        #expect(try coverage.repaired(settles: { _ in true }, topology: Topology()).isEmpty)
    }

    @Test("a wide overlap goes to the first code")
    func overlap() throws {
        let shapes = [block(0, 0, 110, 100), block(100, 0, 100, 100)]
        let coverage = try cover(shapes)
        let finding = try #require(coverage.findings.first)
        #expect(coverage.findings.count == 1 && finding.sort == .overlap && finding.shapes == [0, 1])
        #expect(abs(finding.width - 10) < 0.1 && abs(finding.area - 1000) < 2)
        #expect(try coverage.repaired(settles: { _ in false }, topology: Topology()).isEmpty)
        let repaired = try coverage.repaired(settles: { _ in true }, topology: Topology())
        #expect(repaired.keys.sorted() == [1])
        #expect(abs((repaired[1]?.area ?? 0) - 9000) < 5)
    }

    @Test("slivers are repaired: overlaps, and strips open at both ends", arguments: [-3.0, -0.5, 0.5, 3, 4.9])
    func slivers(gap: Double) throws {
        let shapes = [block(0, 0, 100, 100), block(100 + gap, 0, 100, 100)]
        let coverage = try cover(shapes)
        let finding = try #require(coverage.findings.first)
        #expect(coverage.findings.count == 1 && finding.isSliver && finding.sort == (gap > 0 ? .gap : .overlap))
        #expect(abs(finding.width - abs(gap)) < 0.05)
        var after = shapes
        for (index, shape) in try coverage.repaired(settles: { _ in false }, topology: Topology()) { after[index] = shape }
        #expect(after != shapes)
        #expect(try cover(after).findings.isEmpty)
        #expect(try cover(shapes, tolerance: 0).findings.allSatisfy { !$0.isSliver })
    }

    @Test("wider than the tolerance, or wide at one place, is no sliver")
    func wide() throws {
        #expect(try cover([block(0, 0, 100, 100), block(108, 0, 100, 100)]).findings.map(\.isSliver) == [false])
        // Two metres wide for a kilometre, with a room of 20 m in the middle.
        let room = try Topology().difference(block(-100, 2, 1000, 200), block(400, 0, 20, 20))
        let coverage = try cover([block(-100, -200, 1000, 200), room])
        #expect(coverage.findings.map(\.isSliver) == [false])
    }

    @Test("what a frame holds and nobody covers is a gap")
    func frame() throws {
        let coverage = try cover([block(0, 0, 100, 100)], frames: [block(0, 0, 200, 100)])
        #expect(coverage.findings.map(\.sort) == [.gap])
        #expect(try cover([block(0, 0, 100, 100)]).findings.isEmpty)
        #expect(try cover([block(0, 0, 210, 100)], frames: [block(0, 0, 200, 100)]).findings.isEmpty)
    }

    @Test("a partition whose corners were moved is whole again after repair", arguments: 1...12)
    func shaken(seed: Int) throws {
        var dice = Dice(UInt64(seed))
        let lattice = Lattice(4, seed: UInt64(seed))
        // Every shape's own points move by up to 1.5 m: hundreds of slivers.
        let shaken = lattice.shapes.map { shape in
            MultiPolygon([
                Polygon(
                    outer: Ring(
                        shape.rings[0].points.dropLast().map { point in
                            Coordinate(
                                lon: ((point.lon + .random(in: -1.5e-5...1.5e-5, using: &dice)) * 1e9).rounded() / 1e9,
                                lat: ((point.lat + .random(in: -1.2e-5...1.2e-5, using: &dice)) * 1e9).rounded() / 1e9)
                        }))
            ])
        }
        let sound = try shaken.filter { try Topology().fault(of: $0) == nil }
        #expect(sound.count == shaken.count)
        let coverage = try cover(shaken, tolerance: 6)
        #expect(coverage.findings.count > 20 && coverage.findings.allSatisfy(\.isSliver))
        var after = shaken
        let settled = try Coverage.settled(shaken, tolerance: 6, topology: Topology()) { _ in false }
        for (index, shape) in settled.changed { after[index] = shape }
        #expect(try after.allSatisfy { try Topology().fault(of: $0) == nil })
        #expect(try cover(after, tolerance: 6).findings.isEmpty)
        let index = PolygonIndex(after)
        var held = 0
        for _ in 0..<3000 {
            let point = lattice.box.grown(meters: -5).random(using: &dice)
            let holders = after.count { $0.contains(point) }
            if holders == 1, index.locate(point) != nil { held += 1 }
        }
        #expect(held == 3000)
    }

    @Test("faults are named with their place, and made valid")
    func faults() throws {
        let topology = try Topology()
        let bow = MultiPolygon([Polygon(outer: Ring([(0, 0), (2, 2), (2, 0), (0, 2)].map { Coordinate(lon: $0.0, lat: $0.1) }))])
        let fault = try #require(try topology.fault(of: bow))
        #expect(fault.reason.contains("Self-intersection") && fault.place == Coordinate(lon: 1, lat: 1))
        let made = try topology.makeValid(bow)
        #expect(try topology.fault(of: made) == nil && made.polygons.count == 2)
        let line = MultiPolygon([Polygon(outer: Ring([Coordinate(lon: 0, lat: 0), Coordinate(lon: 1, lat: 0)]))])
        #expect(try topology.fault(of: line) != nil)
        #expect(try topology.makeValid(line).isEmpty)
        let wild = MultiPolygon([Polygon(outer: Ring([(0, 0), (Double.nan, 2), (2, 0)].map { Coordinate(lon: $0.0, lat: $0.1) }))])
        #expect(try topology.fault(of: wild) != nil)
    }
}
