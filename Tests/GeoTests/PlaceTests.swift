import Foundation
import Geo
import Testing

@Suite struct PlaceTests {
    @Test("a degree square at the equator has the ellipsoid's area")
    func area() {
        let shape = MultiPolygon(Box(west: 10, south: 0, east: 11, north: 1))
        #expect(abs(shape.area / 12_308_463_905 - 1) < 1e-6)
        let zhengzhou = block(0, 0, 300, 200)
        #expect(abs(zhengzhou.area - 60_000) < 20)
    }

    @Test("distances agree with the published one")
    func distance() {
        let a = Coordinate(lon: 121.531541859215, lat: 31.17530398364597)
        let b = Coordinate(lon: 116.38404722455657, lat: 39.91334545536069)
        #expect(abs(a.distance(to: b) - 1_078_164) < 2000)
    }

    @Test("ranges of cells hold every point of the box and little else", arguments: 1...6)
    func cells(seed: Int) {
        var dice = Dice(UInt64(seed))
        let corner = Box(west: 113, south: 34, east: 114, north: 35).random(using: &dice)
        let box = Box(west: corner.lon, south: corner.lat, east: corner.lon + 0.013, north: corner.lat + 0.004)
        let ranges = Cell.ranges(for: box, max: 12)
        #expect(ranges.count <= 12)
        for _ in 0..<500 {
            let code = Cell(box.random(using: &dice)).code
            #expect(ranges.contains { $0.contains(code) })
        }
        let wide = box.grown(meters: 5000)
        var outside = 0
        for _ in 0..<2000 {
            let point = wide.random(using: &dice)
            if !box.contains(point), ranges.contains(where: { $0.contains(Cell(point).code) }) { outside += 1 }
        }
        #expect(outside < 200)
    }

    @Test("a tile's box and its cells are the same land")
    func tiles() {
        let tile = Tile(z: 14, x: 13_360, y: 6_480)
        #expect(Tile(holding: tile.box.center, zoom: 14) == tile)
        #expect(tile.cells.contains(Cell(tile.box.center).code))
        #expect(!tile.cells.contains(Cell(Coordinate(lon: tile.box.east + 0.0001, lat: tile.box.center.lat)).code))
        #expect(tile.exists && !Tile(z: 2, x: 4, y: 0).exists)
        #expect(Cell.ranges(for: tile.box.grown(meters: -1), max: 4).allSatisfy { tile.cells.overlaps($0) })
    }

    @Test("the label lies inside, also of a crescent")
    func label() throws {
        let crescent = MultiPolygon([
            Polygon(outer: Ring([(0, 0), (4, 0), (4, 4), (0, 4), (0, 3), (3, 3), (3, 1), (0, 1)].map { Coordinate(lon: $0.0, lat: $0.1) }))
        ])
        #expect(crescent.contains(try #require(crescent.labelPoint)))
        #expect(MultiPolygon.empty.labelPoint == nil)
    }

    @Test("shapes survive WKB and GeoJSON")
    func coding() throws {
        for shape in Lattice(3, seed: 5).shapes + [block(0, 0, 3, 4), .empty] {
            #expect(try WKB.shape(WKB.bytes(of: shape)) == shape)
            let object = try JSONSerialization.jsonObject(with: Data(GeoJSON.text(of: shape).utf8))
            #expect(try GeoJSON.shape(object) == shape)
        }
        #expect(throws: WKB.Malformed.self) { try WKB.shape([1, 6, 0, 0, 0, 255, 255, 255, 255]) }
        #expect(throws: WKB.Malformed.self) { try WKB.shape([]) }
    }

    @Test("properties come as text, and codes keep their zeros")
    func properties() throws {
        let text = """
            {"type":"FeatureCollection","features":[{"type":"Feature","id":7,"properties":{"a":"0113","b":1,"c":1.5,"d":null,"e":410102},
            "geometry":{"type":"Point","coordinates":[1,2]}}]}
            """
        let feature = try #require(try GeoJSON.file(Data(text.utf8)).features.first)
        #expect(feature.properties == ["a": "0113", "b": "1", "c": "1.5", "e": "410102", "id": "7"])
        #expect(feature.shape == nil && feature.sort == "Point")
    }
}
