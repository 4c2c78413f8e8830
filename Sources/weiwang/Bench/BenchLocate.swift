import ArgumentParser
import CRay
import Foundation
import Geo

/// `weiwang bench locate`: points a second on one core, beside a ray cast in C over a grid of buckets on the same polygons and points.
struct BenchLocate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "locate",
        abstract: "Locate points among 700 and 100,000 polygons on one core; a ray cast in C with a grid of buckets beside it.")

    @Option(help: "How many polygons, one figure after the other.") var polygons = [700, 100_000]
    @Option(help: "How many points.") var points = 2_000_000
    @Option(help: "How many runs; the best one counts.") var runs = 5

    func validate() throws {
        guard polygons.allSatisfy({ (1...1_000_000).contains($0) }), (1...100_000_000).contains(points), (1...1000).contains(runs) else {
            throw ValidationError("--polygons is 1 to 1,000,000, --points at most 100,000,000, --runs 1 to 1000.")
        }
    }

    func run() async throws {
        for count in polygons {
            // As many corners as real borders have, and fewer where the memory would be most of what is measured.
            let shapes = Self.partition(max(1, Int(Double(count).squareRoot().rounded())), bends: count <= 5000 ? 60 : 15)
            let clock = ContinuousClock()
            var index = PolygonIndex([])
            let build = clock.measure { index = PolygonIndex(shapes) } / .seconds(1)
            let corners = shapes.reduce(0) { $0 + $1.pointCount }
            print(
                String(
                    format: "%d polygons, %d corners, index of %d MB built in %.2f s", shapes.count, corners, index.bytes / 1_000_000, build
                ))
            guard let ray = RayCast(shapes) else { throw BenchFailure.noMemory }
            let box = shapes.reduce(Box.empty) { $0.union($1.box) }
            var random = Draw(state: 7)
            let places = (0..<points).map { _ in
                Coordinate(lon: box.west + random.share() * box.width, lat: box.south + random.share() * box.height)
            }
            measure(index, ray, places, "random points ", least: count <= 5000 ? 1 : 2)
            measure(index, ray, places.sorted { Cell($0) < Cell($1) }, "in their order", least: count <= 5000 ? 1 : 2)
        }
    }

    private func measure(_ index: PolygonIndex, _ ray: RayCast, _ places: [Coordinate], _ order: String, least: Double) {
        var (found, same) = (0, 0)
        let ours = best {
            found = 0
            for place in places where index.find(place.lon, place.lat) >= 0 { found += 1 }
        }
        let theirs = best {
            same = 0
            for place in places where ray.find(place.lon, place.lat) >= 0 { same += 1 }
        }
        let (rate, limit) = (Double(places.count) / ours / 1_000_000, Double(places.count) / theirs / 1_000_000)
        print(
            String(
                format: "  %@ %7.1f M/s   ray cast in C %7.1f M/s (the limit)   ratio %.2f%@   (inside: %d and %d of %d)", order, rate,
                limit,
                rate / limit, rate / limit < least ? String(format: " (under %.1f)", least) : "", found, same, places.count))
    }

    private func best(_ body: () -> Void) -> Double {
        (0..<runs).map { _ in
            let start = LoadResult.coreSeconds(CLOCK_THREAD_CPUTIME_ID)
            body()
            return LoadResult.coreSeconds(CLOCK_THREAD_CPUTIME_ID) - start
        }.min() ?? 0
    }

    /// A lattice of shaken corners with so many bends a side: 60 make borders as long as real ones, some 240 corners a polygon.
    static func partition(_ side: Int, bends: Int, over box: Box? = nil) -> [MultiPolygon] {
        let (west, south) = (box?.west ?? 113.5, box?.south ?? 34.7)
        let (wide, high) = (box.map { $0.width / Double(side) } ?? 0.004, box.map { $0.height / Double(side) } ?? 0.004)
        var random = Draw(state: 1)
        func shaken() -> Double { (random.share() - 0.5) * 0.4 }
        // Points along the lines of the lattice, shared by the two polygons beside it.
        var across: [[Coordinate]] = []
        var up: [[Coordinate]] = []
        for row in 0...side {
            across.append(
                (0...side * bends).map { place in
                    let corner = place % bends == 0
                    return Coordinate(
                        lon: west + Double(place) / Double(bends) * wide,
                        lat: south + (Double(row) + (corner ? 0 : shaken() / 4)) * high)
                })
        }
        for column in 0...side {
            up.append(
                (0...side * bends).map { place in
                    let corner = place % bends == 0
                    return Coordinate(
                        lon: west + (Double(column) + (corner ? 0 : shaken() / 4)) * wide,
                        lat: south + Double(place) / Double(bends) * high)
                })
        }
        var shapes: [MultiPolygon] = []
        for row in 0..<side {
            for column in 0..<side {
                let south = across[row][column * bends..<(column + 1) * bends]
                let east = up[column + 1][row * bends..<(row + 1) * bends]
                let north = across[row + 1][column * bends + 1...(column + 1) * bends].reversed()
                let west = up[column][row * bends + 1...(row + 1) * bends].reversed()
                shapes.append(MultiPolygon([Polygon(outer: Ring(Array(south) + Array(east) + Array(north) + Array(west)))]))
            }
        }
        return shapes
    }

    struct Draw {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 16
        }

        mutating func share() -> Double { Double(next() & 0xFFFF_FFFF) / 4_294_967_296 }
    }
}

/// The C index over the outer rings of the same polygons.
private final class RayCast {
    private let index: OpaquePointer

    init?(_ shapes: [MultiPolygon]) {
        var corners: [Double] = []
        var first: [Int32] = [0]
        for shape in shapes {
            for point in shape.polygons.first?.outer.points.dropLast() ?? [] { corners += [point.lon, point.lat] }
            first.append(Int32(corners.count / 2))
        }
        guard let index = ray_make(corners, first, Int32(shapes.count)) else { return nil }
        self.index = index
    }

    func find(_ x: Double, _ y: Double) -> Int32 { ray_find(index, x, y) }

    deinit { ray_free(index) }
}
