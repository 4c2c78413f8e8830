import Foundation
import Support
import Testing

@testable import Geo

@Suite struct VectorTileTests {
    private static let place = Coordinate(lon: 113.62, lat: 34.75)
    private static func square(_ west: Double, _ south: Double, _ side: Double) -> Ring {
        Ring([
            Coordinate(lon: west, lat: south), Coordinate(lon: west + side, lat: south), Coordinate(lon: west + side, lat: south + side),
            Coordinate(lon: west, lat: south + side),
        ])
    }

    @Test("an area with a hole, a line and points come back with their values; outer rings turn one way, holes the other")
    func readsBack() throws {
        let frame = TileFrame(Tile(holding: Self.place, zoom: 14))
        let box = frame.tile.box
        let hole = Self.square(box.center.lon - box.width / 20, box.center.lat - box.height / 20, box.width / 10)
        let shape = MultiPolygon([
            Polygon(outer: Self.square(box.center.lon - box.width / 5, box.center.lat - box.height / 5, box.width / 2.5), holes: [hole])
        ])
        var land = VectorTile.Layer("grids")
        land.add(frame.areas(shape), id: 7, ["name": .text("春晖3-07"), "color": .whole(-3), "dedicated": .flag(true), "nature": nil])
        var streets = VectorTile.Layer("streets")
        streets.add(frame.lines([[box.center, Coordinate(lon: box.east, lat: box.center.lat)]]), ["name": .text("槐荫路")])
        var marks = VectorTile.Layer("matters")
        let at = try #require(frame.point(Self.place))
        marks.add(.point(at), ["mark": .text("red")])
        marks.add(.lines([]), ["mark": .text("none")])
        let read = try TileReader(VectorTile([land, streets, marks, VectorTile.Layer("empty")]).bytes)
        #expect(Set(read.layers.keys) == ["grids", "streets", "matters"] && read.extents == [4096])
        let grid = try #require(read.layers["grids"]?.first)
        #expect(grid.id == 7 && grid.type == 3 && grid.values == ["name": "春晖3-07", "color": "-3", "dedicated": "true"])
        #expect(grid.parts.count == 2 && grid.closed == [true, true] && grid.area(0) > 0 && grid.area(1) < 0)
        // 0.4 and 0.1 of the tile's side; the box of degrees is a square of it nearly.
        #expect(abs(Double(grid.area(0)) / 2 / (4096 * 4096) - 0.16 * box.width / box.height * 1) < 0.05)
        let street = try #require(read.layers["streets"]?.first)
        #expect(street.type == 2 && street.closed == [false] && street.parts.first?.first.map { abs($0[0] - 2048) <= 1 } == true)
        #expect(read.layers["matters"] == [TileReader.Feature(type: 1, values: ["mark": "red"], parts: [[[at.x, at.y]]], closed: [false])])
        #expect(VectorTile().bytes.isEmpty)
    }

    @Test("corners are where the whole formula puts them, near a tile and far from it, on every latitude and zoom")
    func nearMercator() {
        var chance = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            let zoom = Int.random(in: 0...18, using: &chance)
            let home = Coordinate(lon: .random(in: -180..<180, using: &chance), lat: .random(in: -84...84, using: &chance))
            let away = Double.random(in: 1e-6...1, using: &chance)
            let place = Coordinate(
                lon: max(-180, min(179.9, home.lon + .random(in: -away...away, using: &chance))),
                lat: home.lat + .random(in: -away...away, using: &chance))
            let tile = Tile(holding: home, zoom: zoom)
            let (x, y) = TileFrame(tile).spot(place)
            let (wholeX, wholeY) = Tile.mercator(place)
            let side = Double(1 << zoom)
            #expect(abs(x - (wholeX * side - Double(tile.x)) * 4096) < 0.01 && abs(y - (wholeY * side - Double(tile.y)) * 4096) < 0.01)
        }
    }

    @Test("every point lies in exactly one tile, and cut areas of neighbouring tiles add up to the whole")
    func partition() throws {
        var chance = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let place = Coordinate(
                lon: .random(in: -180..<180, using: &chance), lat: .random(in: -84...84, using: &chance))
            let home = Tile(holding: place, zoom: 12)
            var found = 0
            for dx in -1...1 {
                for dy in -1...1 where TileFrame(Tile(z: 12, x: home.x + dx, y: home.y + dy)).point(place) != nil { found += 1 }
            }
            #expect(found == 1)
        }
        // A star over many tiles: the pieces clipped to the tiles' own squares cover it once.
        let star = Ring(
            (0..<24).map { i in
                let r = i % 2 == 0 ? 0.02 : 0.009
                let a = Double(i) / 24 * 2 * .pi
                return Coordinate(lon: Self.place.lon + r * cos(a), lat: Self.place.lat + r * sin(a))
            })
        let shape = MultiPolygon([Polygon(outer: star)])
        let zoom = 13
        let tiles = Set(star.points.map { Tile(holding: $0, zoom: zoom) })
        let (xs, ys) = (tiles.map(\.x), tiles.map(\.y))
        var inside = 0
        let middle = try #require(xs.min().flatMap { low in xs.max().map { low...$0 } })
        let tall = try #require(ys.min().flatMap { low in ys.max().map { low...$0 } })
        let samples = (0..<400).map { _ in
            Coordinate(
                lon: Self.place.lon + .random(in: -0.02...0.02, using: &chance),
                lat: Self.place.lat + .random(in: -0.02...0.02, using: &chance))
        }
        for x in middle {
            for y in tall {
                let frame = TileFrame(Tile(z: zoom, x: x, y: y))
                var layer = VectorTile.Layer("a")
                layer.add(frame.areas(shape), [:])
                let features = try TileReader(VectorTile([layer]).bytes).layers["a"] ?? []
                for ring in features.flatMap(\.parts) { for point in ring { #expect(point.allSatisfy { (-97...4193).contains($0) }) } }
                for sample in samples {
                    guard let at = frame.point(sample) else { continue }
                    let held = features.contains { Self.holds($0.parts, at) }
                    // Within a step of the border either answer is right.
                    if held != shape.contains(sample) { #expect(shape.borderDistance(to: sample) < 3) }
                    if held { inside += 1 }
                }
            }
        }
        #expect(inside > 50)
    }

    private static func holds(_ rings: [[[Int]]], _ at: TilePoint) -> Bool {
        var inside = false
        for ring in rings {
            for i in ring.indices {
                let (a, b) = (ring[i], ring[(i + 1) % ring.count])
                if (a[1] > at.y) != (b[1] > at.y),
                    Double(at.x) < Double(b[0] - a[0]) * Double(at.y - a[1]) / Double(b[1] - a[1]) + Double(a[0])
                {
                    inside.toggle()
                }
            }
        }
        return inside
    }

    @Test("a line that leaves and comes back is cut into pieces; what is outside or too small is left out")
    func lines() throws {
        let tile = Tile(holding: Self.place, zoom: 15)
        let frame = TileFrame(tile)
        let box = tile.box
        func at(_ x: Double, _ y: Double) -> Coordinate { Coordinate(lon: box.west + x * box.width, lat: box.north - y * box.height) }
        guard case .lines(let pieces) = frame.lines([[at(0.5, 0.5), at(1.5, 0.5), at(1.5, 0.7), at(0.5, 0.7)], [at(2, 2), at(3, 2)]]) else {
            Issue.record("no lines")
            return
        }
        #expect(pieces.count == 2 && pieces.allSatisfy { $0.count == 2 })
        #expect(pieces.joined().map(\.x).max() == 4096 + 96)
        guard case .polygons(let speck) = frame.areas(MultiPolygon([Polygon(outer: Self.square(box.center.lon, box.center.lat, 1e-9))]))
        else {
            Issue.record("no area")
            return
        }
        #expect(speck.isEmpty)
    }

    @Test("GDAL reads what we write") func oracle() throws {
        guard let program = ["/usr/bin/ogrinfo", "/usr/local/bin/ogrinfo"].first(where: FileManager.default.isExecutableFile) else {
            return
        }
        let tile = Tile(holding: Self.place, zoom: 14)
        let frame = TileFrame(tile)
        var layer = VectorTile.Layer("grids")
        let side = tile.box.width / 3
        let shape = MultiPolygon([Polygon(outer: Self.square(tile.box.west + side, tile.box.south + tile.box.height / 3, side))])
        layer.add(frame.areas(shape), ["name": .text("春晖"), "color": .whole(5), "dedicated": .flag(false)])
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weiwang-tile-\(UUID().uuidString)")
        let file = folder.appendingPathComponent("\(tile.z)/\(tile.x)/\(tile.y).mvt")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(VectorTile([layer]).bytes).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["-al", "-oo", "X=\(tile.x)", "-oo", "Y=\(tile.y)", "-oo", "Z=\(tile.z)", "MVT:" + file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said.contains("Feature Count: 1") && said.contains("Layer name: grids"), "\(said)")
        #expect(said.contains("name (String) = 春晖") && said.contains("color (Integer) = 5"), "\(said)")
        #expect(said.contains("POLYGON"), "\(said)")
    }
}
