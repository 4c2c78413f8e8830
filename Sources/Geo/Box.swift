/// A rectangle of degrees; `empty` holds nothing.
package struct Box: Hashable, Sendable {
    package var west: Double
    package var south: Double
    package var east: Double
    package var north: Double

    package init(west: Double, south: Double, east: Double, north: Double) {
        self.west = west
        self.south = south
        self.east = east
        self.north = north
    }

    /// Around points; `empty` for none.
    package init(around points: some Sequence<Coordinate>) {
        self = .empty
        for point in points { add(point) }
    }

    package static let empty = Box(west: .infinity, south: .infinity, east: -.infinity, north: -.infinity)
    package var isEmpty: Bool { !(west <= east && south <= north) }
    package var width: Double { isEmpty ? 0 : east - west }
    package var height: Double { isEmpty ? 0 : north - south }
    package var center: Coordinate { Coordinate(lon: (west + east) / 2, lat: (south + north) / 2) }

    package mutating func add(_ point: Coordinate) {
        west = min(west, point.lon)
        south = min(south, point.lat)
        east = max(east, point.lon)
        north = max(north, point.lat)
    }

    package func contains(_ point: Coordinate) -> Bool {
        point.lon >= west && point.lon <= east && point.lat >= south && point.lat <= north
    }

    package func intersects(_ other: Box) -> Bool {
        west <= other.east && other.west <= east && south <= other.north && other.south <= north
    }

    package func union(_ other: Box) -> Box {
        Box(west: min(west, other.west), south: min(south, other.south), east: max(east, other.east), north: max(north, other.north))
    }

    /// Larger by so many metres on every side.
    package func grown(meters: Double) -> Box {
        guard !isEmpty else { return self }
        let plane = LocalPlane(at: center)
        let x = meters / plane.perLon
        let y = meters / plane.perLat
        return Box(west: west - x, south: south - y, east: east + x, north: north + y)
    }
}
