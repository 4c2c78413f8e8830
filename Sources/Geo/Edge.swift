/// A straight piece of border, always from its southern end, so that two neighbours compute the very same numbers for a shared one.
struct Edge: Hashable, Sendable {
    var x0: Double
    var y0: Double
    var x1: Double
    var y1: Double

    init(_ a: Coordinate, _ b: Coordinate) {
        if a.lat < b.lat || (a.lat == b.lat && a.lon <= b.lon) {
            (x0, y0, x1, y1) = (a.lon, a.lat, b.lon, b.lat)
        } else {
            (x0, y0, x1, y1) = (b.lon, b.lat, a.lon, a.lat)
        }
    }

    enum Meeting { case on, crossed, missed }

    /// Positive when the point lies west of the (northward) edge.
    @inline(__always) func side(_ x: Double, _ y: Double) -> Double { (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) }

    /// How a ray from the point to the east meets the edge.
    @inline(__always) func meets(_ point: Coordinate) -> Meeting {
        guard point.lat >= y0, point.lat <= y1 else { return .missed }
        let side = side(point.lon, point.lat)
        if side == 0, point.lon >= min(x0, x1), point.lon <= max(x0, x1) { return .on }
        return point.lat < y1 && side > 0 ? .crossed : .missed
    }
}
