import Foundation

/// A tile of the web map (spherical Mercator): zoom, column from the west, row from the north.
package struct Tile: Hashable, Sendable {
    package let z: Int
    package let x: Int
    package let y: Int

    package init(z: Int, x: Int, y: Int) {
        self.z = z
        self.x = x
        self.y = y
    }

    /// The tile of a zoom (0…26) that holds a place.
    package init(holding place: Coordinate, zoom: Int) {
        (x, y) = Self.position(of: place, zoom: zoom)
        z = zoom
    }

    /// Whether there is such a tile.
    package var exists: Bool { (0...Cell.zoom).contains(z) && (0..<(1 << z)).contains(x) && (0..<(1 << z)).contains(y) }

    package var box: Box {
        let side = Double(1 << z)
        return Box(
            west: Double(x) / side * 360 - 180, south: Self.latitude((Double(y) + 1) / side),
            east: (Double(x) + 1) / side * 360 - 180, north: Self.latitude(Double(y) / side))
    }

    var children: [Tile] {
        [(0, 0), (1, 0), (0, 1), (1, 1)].map { Tile(z: z + 1, x: x * 2 + $0.0, y: y * 2 + $0.1) }
    }

    /// The codes of `Cell` that lie in this tile: one range.
    package var cells: ClosedRange<Int64> {
        let shift = Int64(2 * (Cell.zoom - z))
        let first = Cell.interleave(x, y) << shift
        return first...(first + (1 << shift) - 1)
    }

    /// East and south of the north-west corner of the world, in shares of its side (0…1, clamped).
    package static func mercator(_ place: Coordinate) -> (x: Double, y: Double) {
        let lat = Swift.max(-85.051_128_779_806_6, Swift.min(85.051_128_779_806_6, place.lat)) * .pi / 180
        let x = (place.lon + 180) / 360
        let up = sin(lat)
        let y = (1 - log((1 + up) / (1 - up)) / (2 * .pi)) / 2
        return (Swift.max(0, Swift.min(1, x)), Swift.max(0, Swift.min(1, y)))
    }

    static func position(of place: Coordinate, zoom: Int) -> (x: Int, y: Int) {
        let side = Double(1 << zoom)
        let (x, y) = mercator(place)
        guard x.isFinite, y.isFinite else { return (0, 0) }
        return (Swift.min(Int(x * side), (1 << zoom) - 1), Swift.min(Int(y * side), (1 << zoom) - 1))
    }

    private static func latitude(_ share: Double) -> Double { atan(sinh(.pi * (1 - 2 * share))) * 180 / .pi }
}
