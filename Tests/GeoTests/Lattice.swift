import Geo

/// A seeded source of numbers, so that a failing case comes again.
struct Dice: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

/// A sound partition: squares of a lattice with their corners shaken, sides bent, some joined in two.
struct Lattice {
    let shapes: [MultiPolygon]
    let box: Box

    init(_ side: Int, seed: UInt64, at origin: Coordinate = Coordinate(lon: 113.6, lat: 34.7), step: Double = 0.01) {
        var dice = Dice(seed)
        func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
        var points: [[Coordinate]] = []
        // Three lattice points on each side of a square, so that borders bend.
        for row in 0...side * 3 {
            points.append([])
            for column in 0...side * 3 {
                let edge = row == 0 || column == 0 || row == side * 3 || column == side * 3
                let dx = edge ? 0 : Double.random(in: -0.3...0.3, using: &dice)
                let dy = edge ? 0 : Double.random(in: -0.3...0.3, using: &dice)
                points[row].append(
                    Coordinate(
                        lon: rounded(origin.lon + (Double(column) + dx) * step / 3),
                        lat: rounded(origin.lat + (Double(row) + dy) * step / 3)))
            }
        }
        func square(_ row: Int, _ column: Int, wide: Int) -> MultiPolygon {
            let (r, c) = (row * 3, column * 3)
            var ring: [Coordinate] = []
            for k in 0..<3 * wide { ring.append(points[r][c + k]) }
            for k in 0..<3 { ring.append(points[r + k][c + 3 * wide]) }
            for k in 0..<3 * wide { ring.append(points[r + 3][c + 3 * wide - k]) }
            for k in 0..<3 { ring.append(points[r + 3 - k][c]) }
            return MultiPolygon([Polygon(outer: Ring(ring))])
        }
        var made: [MultiPolygon] = []
        for row in 0..<side {
            var column = 0
            while column < side {
                let wide = column + 1 < side && Int.random(in: 0..<4, using: &dice) == 0 ? 2 : 1
                made.append(square(row, column, wide: wide))
                column += wide
            }
        }
        shapes = made
        box = made.reduce(Box.empty) { $0.union($1.box) }
    }
}

extension Box {
    func random(using dice: inout Dice) -> Coordinate {
        Coordinate(lon: .random(in: west...east, using: &dice), lat: .random(in: south...north, using: &dice))
    }
}

/// A rectangle in metres from a corner.
func block(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> MultiPolygon {
    let plane = LocalPlane(at: Coordinate(lon: 113.6, lat: 34.7))
    func at(_ x: Double, _ y: Double) -> Coordinate {
        let c = plane.coordinate(x: x, y: y)
        return Coordinate(lon: (c.lon * 1e9).rounded() / 1e9, lat: (c.lat * 1e9).rounded() / 1e9)
    }
    return MultiPolygon([Polygon(outer: Ring([at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)]))])
}
