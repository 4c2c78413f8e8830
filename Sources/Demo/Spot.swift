/// A point of the town plan in metres east and north of its middle.
struct Spot: Hashable {
    var x: Double
    var y: Double

    static func + (a: Spot, b: Spot) -> Spot { Spot(x: a.x + b.x, y: a.y + b.y) }
    static func - (a: Spot, b: Spot) -> Spot { Spot(x: a.x - b.x, y: a.y - b.y) }
    static func * (a: Spot, s: Double) -> Spot { Spot(x: a.x * s, y: a.y * s) }

    func dot(_ b: Spot) -> Double { x * b.x + y * b.y }
    func cross(_ b: Spot) -> Double { x * b.y - y * b.x }
    var length: Double { (x * x + y * y).squareRoot() }
    func distance(_ b: Spot) -> Double { (self - b).length }
    func toward(_ b: Spot, _ share: Double) -> Spot { self + (b - self) * share }

    /// Distance to a straight piece.
    func distance(from a: Spot, to b: Spot) -> Double {
        let along = b - a
        let square = along.dot(along)
        guard square > 0 else { return distance(a) }
        return distance(a + along * min(1, max(0, (self - a).dot(along) / square)))
    }
}

/// The plan's place on the earth: a plane that touches it near the middle of the town. Every point lies on a lattice of 1e-7 degrees
/// (about 1 cm), so that all outlines that share a point share it exactly.
enum Plane {
    static let middle = (lon: 113.62, lat: 34.75)
    static let metersPerLon = 91_472.0
    static let metersPerLat = 110_937.0

    static func lonLat(_ spot: Spot) -> (lon: Double, lat: Double) {
        (
            ((middle.lon + spot.x / metersPerLon) * 1e7).rounded() / 1e7,
            ((middle.lat + spot.y / metersPerLat) * 1e7).rounded() / 1e7
        )
    }

    static func spot(lon: Double, lat: Double) -> Spot {
        Spot(x: (lon - middle.lon) * metersPerLon, y: (lat - middle.lat) * metersPerLat)
    }

    static func snapped(_ spot: Spot) -> Spot {
        let place = lonLat(spot)
        return self.spot(lon: place.lon, lat: place.lat)
    }
}

/// A closed outline without its last point repeated.
struct Outline {
    var points: [Spot]

    /// Positive when anticlockwise.
    var area: Double {
        var sum = 0.0
        for (index, point) in points.enumerated() { sum += point.cross(points[(index + 1) % points.count]) }
        return sum / 2
    }

    var perimeter: Double {
        points.enumerated().reduce(0) { $0 + $1.element.distance(points[($1.offset + 1) % points.count]) }
    }

    var centroid: Spot {
        guard let origin = points.first else { return Spot(x: 0, y: 0) }
        var sum = Spot(x: 0, y: 0)
        var weight = 0.0
        for (index, point) in points.enumerated() {
            let a = point - origin
            let b = points[(index + 1) % points.count] - origin
            let cross = a.cross(b)
            sum = sum + (a + b) * cross
            weight += cross * 3
        }
        return weight == 0 ? origin : origin + sum * (1 / weight)
    }

    func contains(_ spot: Spot) -> Bool {
        var inside = false
        var previous = points.count - 1
        for index in points.indices {
            let a = points[index]
            let b = points[previous]
            if (a.y > spot.y) != (b.y > spot.y), spot.x < (b.x - a.x) * (spot.y - a.y) / (b.y - a.y) + a.x { inside.toggle() }
            previous = index
        }
        return inside
    }

    func distance(_ spot: Spot) -> Double {
        var least = Double.infinity
        for index in points.indices { least = min(least, spot.distance(from: points[index], to: points[(index + 1) % points.count])) }
        return least
    }

    var bounds: (low: Spot, high: Spot) {
        var low = Spot(x: .infinity, y: .infinity)
        var high = Spot(x: -.infinity, y: -.infinity)
        for point in points {
            low = Spot(x: min(low.x, point.x), y: min(low.y, point.y))
            high = Spot(x: max(high.x, point.x), y: max(high.y, point.y))
        }
        return (low, high)
    }

    /// How round it is: 1 for a circle, 0.79 for a square, near 0 for a strip.
    var roundness: Double {
        let length = perimeter
        return 4 * .pi * abs(area) / (length * length)
    }

    /// The middle, or when that lies outside or at the edge, the best of some points near it.
    func middle(_ chance: inout Seeded) -> Spot {
        let centroid = centroid
        guard !contains(centroid) || distance(centroid) < 8 else { return centroid }
        let (low, high) = bounds
        var best = (centroid, -Double.infinity)
        for _ in 0..<60 {
            let spot = Spot(x: chance.between(low.x, high.x), y: chance.between(low.y, high.y))
            guard contains(spot) else { continue }
            let room = distance(spot)
            if room > best.1 { best = (spot, room) }
        }
        return best.0
    }
}
