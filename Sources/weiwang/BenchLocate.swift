import ArgumentParser
import Foundation
import Geo

/// `weiwang bench locate`: points a second on one core, beside the limit of this machine: reading as many cells at random.
struct BenchLocate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "locate",
        abstract: "Locate random points among 700 polygons on one core; plain random reads of the same memory beside it.")

    @Option(help: "How many polygons.") var polygons = 700
    @Option(help: "How many points.") var points = 4_000_000
    @Option(help: "How many runs; the best one counts.") var runs = 5

    func run() async throws {
        let side = max(1, Int(Double(max(1, polygons)).squareRoot().rounded()))
        let shapes = Self.partition(side)
        let clock = ContinuousClock()
        var index = PolygonIndex([])
        let build = clock.measure { index = PolygonIndex(shapes) }
        let box = shapes.reduce(Box.empty) { $0.union($1.box) }
        var random = Draw(state: 7)
        let places = (0..<points).map { _ in
            (x: box.west + random.share() * box.width, y: box.south + random.share() * box.height)
        }
        var best = Double.infinity
        var found = 0
        for _ in 0..<max(1, runs) {
            found = 0
            let start = Self.coreSeconds
            for place in places where index.find(place.x, place.y) >= 0 { found += 1 }
            best = min(best, Self.coreSeconds - start)
        }
        // The limit: as many reads at random out of memory of the same size, nothing else.
        let memory = [UInt32](repeating: 1, count: max(1, index.bytes / 4))
        let order = places.map { _ in Int(random.next() % UInt64(memory.count)) }
        var limit = Double.infinity
        var sum: UInt64 = 0
        for _ in 0..<max(1, runs) {
            let start = Self.coreSeconds
            for place in order { sum &+= UInt64(memory[place]) }
            limit = min(limit, Self.coreSeconds - start)
        }
        let rate = Double(points) / best / 1_000_000
        print(
            "polygons \(shapes.count), corners \(shapes.reduce(0) { $0 + $1.pointCount }), \(index.bytes / 1_000_000) MB, built in \(String(format: "%.2f", build.seconds)) s"
        )
        print("locate, random points   \(String(format: "%8.1f", rate)) M/s  (floor 5; \(found) of \(points) inside)")
        print("random reads, same size \(String(format: "%8.1f", Double(points) / limit / 1_000_000)) M/s  (the limit; check \(sum % 997))")
        if rate < 5 { throw ExitCode(1) }
    }

    /// Seconds this thread has had of a core: what other work takes of the machine does not count.
    private static var coreSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// A lattice of shaken corners with 60 corners a side, so that borders have the length of real ones (some 240 corners a polygon).
    private static func partition(_ side: Int) -> [MultiPolygon] {
        let bends = 60
        let step = 0.004
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
                        lon: 113.5 + Double(place) / Double(bends) * step,
                        lat: 34.7 + (Double(row) + (corner ? 0 : shaken() / 4)) * step)
                })
        }
        for column in 0...side {
            up.append(
                (0...side * bends).map { place in
                    let corner = place % bends == 0
                    return Coordinate(
                        lon: 113.5 + (Double(column) + (corner ? 0 : shaken() / 4)) * step,
                        lat: 34.7 + Double(place) / Double(bends) * step)
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

    private struct Draw {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 16
        }

        mutating func share() -> Double { Double(next() & 0xFFFF_FFFF) / 4_294_967_296 }
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
