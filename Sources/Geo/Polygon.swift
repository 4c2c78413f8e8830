import Foundation

/// A closed line: the first point is also the last. Fewer than four points hold no area.
package struct Ring: Hashable, Sendable {
    package let points: [Coordinate]

    /// Closes the line if it is open.
    package init(_ points: [Coordinate]) {
        if let first = points.first, points.last != first {
            self.points = points + [first]
        } else {
            self.points = points
        }
    }

    package var box: Box { Box(around: points) }

    /// Square metres on the WGS-84 ellipsoid (equal-area latitude), counter-clockwise positive.
    package var signedArea: Double {
        guard let first = points.first, points.count > 3 else { return 0 }
        let base = Self.authalic(first.lat)
        var sum = 0.0
        var x0 = 0.0
        var y0 = 0.0
        for point in points.dropFirst() {
            let x1 = (point.lon - first.lon) * .pi / 180
            let y1 = Self.authalic(point.lat) - base
            sum += x0 * y1 - x1 * y0
            (x0, y0) = (x1, y1)
        }
        return sum / 2 * Earth.equatorRadius * Earth.equatorRadius
    }

    /// Height of the equal-area cylinder at a latitude, in equator radii (Snyder, Map Projections, 3-12, halved).
    private static func authalic(_ lat: Double) -> Double {
        let e = Earth.eccentricitySquared.squareRoot()
        let s = sin(lat * .pi / 180)
        let es = e * s
        return (1 - e * e) * (s / (1 - es * es) - log((1 - es) / (1 + es)) / (2 * e)) / 2
    }

    /// Metres along the line, as on the plane of its middle.
    package var length: Double {
        let plane = LocalPlane(at: box.isEmpty ? Coordinate(lon: 0, lat: 0) : box.center)
        var sum = 0.0
        for index in points.indices.dropFirst() {
            let (a, b) = (plane.meters(points[index - 1]), plane.meters(points[index]))
            sum += ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
        }
        return sum
    }
}

/// An outer ring and its holes.
package struct Polygon: Hashable, Sendable {
    package let outer: Ring
    package let holes: [Ring]

    package init(outer: Ring, holes: [Ring] = []) {
        self.outer = outer
        self.holes = holes
    }

    package var rings: [Ring] { [outer] + holes }
    package var box: Box { outer.box }
    /// Square metres.
    package var area: Double { holes.reduce(abs(outer.signedArea)) { $0 - abs($1.signedArea) } }
    /// Metres of all rings.
    package var perimeter: Double { rings.reduce(0) { $0 + $1.length } }
}

/// The shape of a grid: any number of polygons.
package struct MultiPolygon: Hashable, Sendable {
    package let polygons: [Polygon]

    package init(_ polygons: [Polygon]) { self.polygons = polygons }

    /// The four sides of a box.
    package init(_ box: Box) {
        polygons = [
            Polygon(
                outer: Ring([
                    Coordinate(lon: box.west, lat: box.south), Coordinate(lon: box.east, lat: box.south),
                    Coordinate(lon: box.east, lat: box.north), Coordinate(lon: box.west, lat: box.north),
                ]))
        ]
    }

    package static let empty = MultiPolygon([])
    package var isEmpty: Bool { polygons.isEmpty }
    package var box: Box { polygons.reduce(.empty) { $0.union($1.box) } }
    package var rings: [Ring] { polygons.flatMap(\.rings) }
    package var pointCount: Int { polygons.reduce(0) { $0 + $1.rings.reduce(0) { $0 + $1.points.count } } }
    /// Square metres.
    package var area: Double { polygons.reduce(0) { $0 + $1.area } }
    package var perimeter: Double { polygons.reduce(0) { $0 + $1.perimeter } }

    /// The same shape with every point changed.
    package func map(_ change: (Coordinate) -> Coordinate) -> MultiPolygon {
        MultiPolygon(
            polygons.map { polygon in
                Polygon(outer: Ring(polygon.outer.points.map(change)), holes: polygon.holes.map { Ring($0.points.map(change)) })
            })
    }

    /// Whether it holds the point; a point on a border is held.
    package func contains(_ point: Coordinate) -> Bool {
        var inside = false
        for polygon in polygons {
            for ring in polygon.rings {
                for index in ring.points.indices.dropFirst() {
                    switch Edge(ring.points[index - 1], ring.points[index]).meets(point) {
                    case .on: return true
                    case .crossed: inside.toggle()
                    case .missed: break
                    }
                }
            }
        }
        return inside
    }

    /// Metres from a point to the nearest border; infinite for an empty shape.
    package func borderDistance(to point: Coordinate) -> Double {
        let plane = LocalPlane(at: point)
        var best = Double.infinity
        for ring in rings {
            for index in ring.points.indices.dropFirst() {
                let a = plane.meters(ring.points[index - 1])
                let b = plane.meters(ring.points[index])
                let (dx, dy) = (b.x - a.x, b.y - a.y)
                let length = dx * dx + dy * dy
                let t = length > 0 ? max(0, min(1, -(a.x * dx + a.y * dy) / length)) : 0
                let (x, y) = (a.x + t * dx, a.y + t * dy)
                best = min(best, x * x + y * y)
            }
        }
        return best.squareRoot()
    }
}
