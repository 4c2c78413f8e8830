import Geo
import Testing

@Suite struct PolygonIndexTests {
    /// The answer by the definition: the first shape that holds the point.
    private func slow(_ shapes: [MultiPolygon], _ point: Coordinate) -> Int? { shapes.firstIndex { $0.contains(point) } }

    @Test("the raster answers as a ray cast does, inside, on corners and on sides", arguments: 1...8)
    func agrees(seed: Int) {
        let lattice = Lattice(6, seed: UInt64(seed))
        var dice = Dice(UInt64(seed) + 100)
        let index = PolygonIndex(lattice.shapes, cells: [50, 400, 3000, 40_000][seed % 4])
        var wrong = 0
        for _ in 0..<4000 {
            let point = lattice.box.grown(meters: 200).random(using: &dice)
            if index.locate(point) != slow(lattice.shapes, point) { wrong += 1 }
        }
        for ring in lattice.shapes.flatMap(\.rings) {
            for place in ring.points.indices.dropFirst() {
                let (a, b) = (ring.points[place - 1], ring.points[place])
                let middle = Coordinate(lon: (a.lon + b.lon) / 2, lat: (a.lat + b.lat) / 2)
                for point in [a, middle] where index.locate(point) != slow(lattice.shapes, point) || index.locate(point) == nil {
                    wrong += 1
                }
            }
        }
        #expect(wrong == 0)
    }

    @Test("every place of a partition lies in exactly one grid", arguments: 1...3)
    func exactlyOne(seed: Int) {
        let lattice = Lattice(5, seed: UInt64(seed))
        var dice = Dice(UInt64(seed))
        for _ in 0..<2000 {
            let point = lattice.box.random(using: &dice)
            #expect(lattice.shapes.count { $0.contains(point) } == 1)
        }
    }

    @Test("levels above lie behind; holes and islands count")
    func layers() {
        let lattice = Lattice(4, seed: 9)
        let whole = MultiPolygon(lattice.box)
        let inner = Box(west: 113.612, south: 34.712, east: 113.618, north: 34.718)
        let holed = MultiPolygon([
            Polygon(outer: Ring(MultiPolygon(lattice.box).rings[0].points), holes: [MultiPolygon(inner).rings[0]]),
            Polygon(outer: MultiPolygon(Box(west: 113.614, south: 34.714, east: 113.616, north: 34.716)).rings[0]),
        ])
        let shapes = Array(lattice.shapes.prefix(5)) + [.empty, holed, whole]
        var dice = Dice(4)
        for cells in [1, 90, 5000] {
            let index = PolygonIndex(shapes, cells: cells)
            for _ in 0..<3000 {
                let point = lattice.box.random(using: &dice)
                #expect(index.locate(point) == slow(shapes, point))
            }
        }
    }

    @Test("a border has one answer: the first of those that touch it")
    func borders() {
        let left = MultiPolygon(Box(west: 0, south: 0, east: 1, north: 1))
        let right = MultiPolygon(Box(west: 1, south: 0, east: 2, north: 1))
        let index = PolygonIndex([right, left])
        #expect(index.locate(Coordinate(lon: 1, lat: 0.5)) == 0)
        #expect(index.locate(Coordinate(lon: 1, lat: 0)) == 0)
        #expect(index.locate(Coordinate(lon: 0, lat: 0)) == 1)
        #expect(index.locate(Coordinate(lon: 2, lat: 1)) == 0)
        #expect(index.locate(Coordinate(lon: 2.000_001, lat: 1)) == nil)
        #expect(index.locate(Coordinate(lon: .nan, lat: 1)) == nil)
        #expect(PolygonIndex([]).locate(Coordinate(lon: 0, lat: 0)) == nil)
    }
}
