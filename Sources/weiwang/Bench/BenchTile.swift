import ArgumentParser
import Foundation
import Geo

/// `weiwang bench tile`: a tile of zoom 14 with 700 polygons and 5,000 points, beside writing the same whole numbers alone.
struct BenchTile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tile", abstract: "Make a map tile of 700 polygons and 5,000 points; writing the same clipped numbers beside it.")

    @Option(help: "How many polygons.") var polygons = 700
    @Option(help: "How many points.") var points = 5000
    @Option(help: "How many runs; the middle one counts.") var runs = 101

    func validate() throws {
        guard (1...100_000).contains(polygons), (0...1_000_000).contains(points), (1...10_000).contains(runs) else {
            throw ValidationError("--polygons is 1 to 100,000, --points at most 1,000,000, --runs 1 to 10,000.")
        }
    }

    func run() async throws {
        let tile = Tile(holding: Coordinate(lon: 113.62, lat: 34.75), zoom: 14)
        // The net covers a little more than the tile, so that its outer polygons are cut.
        let side = max(1, Int(Double(polygons).squareRoot().rounded()))
        let shapes = BenchLocate.partition(side, bends: 10, over: tile.box.grown(meters: 200))
        var random = BenchLocate.Draw(state: 11)
        let places = (0..<points).map { _ in
            Coordinate(lon: tile.box.west + random.share() * tile.box.width, lat: tile.box.south + random.share() * tile.box.height)
        }
        let frame = TileFrame(tile)
        var bytes = 0
        let whole = time {
            var layer = VectorTile.Layer("grids")
            for (number, shape) in shapes.enumerated() {
                layer.add(frame.areas(shape), ["code": .text("\(number)"), "rank": .whole(4), "color": .whole(Int64(number % 6))])
            }
            var dots = VectorTile.Layer("matters")
            for (number, place) in places.enumerated() {
                guard let at = frame.point(place) else { continue }
                dots.add(.point(at), ["mark": .text(["red", "green"][number % 2]), "late": .flag(number % 7 == 0)])
            }
            bytes = VectorTile([layer, dots]).bytes.count
        }
        // The limit: the same numbers, cut and whole already, written one after the other and nothing else.
        let cut = shapes.map { frame.areas($0) }
        let dots = places.compactMap { frame.point($0) }
        var check = 0
        let limit = time {
            var out: [UInt8] = []
            out.reserveCapacity(bytes)
            func write(_ number: Int) {
                var rest = UInt64(bitPattern: Int64(number) << 1 ^ Int64(number) >> 63)
                while rest > 0x7f {
                    out.append(UInt8(rest & 0x7f) | 0x80)
                    rest >>= 7
                }
                out.append(UInt8(rest))
            }
            for shape in cut {
                guard case .polygons(let polygons) = shape else { continue }
                for ring in polygons.joined() {
                    var at = TilePoint(x: 0, y: 0)
                    for point in ring {
                        write(point.x - at.x)
                        write(point.y - at.y)
                        at = point
                    }
                }
            }
            for dot in dots {
                write(dot.x)
                write(dot.y)
            }
            check = out.count
        }
        let corners = cut.reduce(0) { sum, shape in
            if case .polygons(let polygons) = shape { sum + polygons.joined().reduce(0) { $0 + $1.count } } else { sum }
        }
        print("\(shapes.count) polygons with \(corners) corners, \(dots.count) points, \(bytes / 1024) KB")
        print(
            String(
                format: "tile %.2f ms   the same numbers written %.2f ms (the limit, %d KB)   ratio %.1f%@", whole, limit, check / 1024,
                whole / limit, whole / limit > 3 ? " (over 3)" : ""))
    }

    private func time(_ body: () -> Void) -> Double {
        let clock = ContinuousClock()
        let times = (0..<runs).map { _ in clock.measure(body) / .milliseconds(1) }.sorted()
        return times[times.count / 2]
    }
}
