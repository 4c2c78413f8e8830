import Foundation

/// Geometries of RFC 7946, to and from `JSONSerialization` objects and text.
package enum GeoJSON {
    package enum Problem: Error, Equatable, Sendable {
        /// Not GeoJSON, or a member that should be there is not.
        case malformed(String)
    }

    /// One feature of a file: its shape (nil if it is none of Polygon, MultiPolygon), and its properties as text.
    package struct Feature: Sendable {
        package let shape: MultiPolygon?
        /// The `type` of its geometry, or "null".
        package let sort: String
        package let properties: [String: String]

        package init(shape: MultiPolygon?, sort: String, properties: [String: String]) {
            self.shape = shape
            self.sort = sort
            self.properties = properties
        }
    }

    /// The polygons of a geometry object; points and lines in a collection are passed over. Nil when there is no polygon.
    package static func shape(_ object: Any?) throws(Problem) -> MultiPolygon? {
        guard let object = object as? [String: Any], let type = object["type"] as? String else { return nil }
        switch type {
        case "Polygon":
            guard let rings = object["coordinates"] as? [Any] else { throw .malformed("Polygon.coordinates") }
            return MultiPolygon([try polygon(rings)].compactMap { $0 })
        case "MultiPolygon":
            guard let parts = object["coordinates"] as? [[Any]] else { throw .malformed("MultiPolygon.coordinates") }
            var polygons: [Polygon] = []
            for part in parts { if let polygon = try polygon(part) { polygons.append(polygon) } }
            return MultiPolygon(polygons)
        case "GeometryCollection":
            var polygons: [Polygon] = []
            for part in object["geometries"] as? [Any] ?? [] { polygons += try shape(part)?.polygons ?? [] }
            return polygons.isEmpty ? nil : MultiPolygon(polygons)
        default: return nil
        }
    }

    private static func polygon(_ rings: [Any]) throws(Problem) -> Polygon? {
        var read: [Ring] = []
        for ring in rings {
            guard let positions = ring as? [Any] else { throw .malformed("coordinates") }
            var points: [Coordinate] = []
            points.reserveCapacity(positions.count)
            for position in positions { points.append(try point(position)) }
            read.append(Ring(points))
        }
        guard let outer = read.first else { return nil }
        return Polygon(outer: outer, holes: Array(read.dropFirst()))
    }

    /// A position, `[lon, lat]` or longer.
    package static func point(_ position: Any) throws(Problem) -> Coordinate {
        guard let numbers = position as? [Any], numbers.count >= 2,
            let lon = (numbers[0] as? NSNumber)?.doubleValue, let lat = (numbers[1] as? NSNumber)?.doubleValue
        else { throw .malformed("position") }
        return Coordinate(lon: lon, lat: lat)
    }

    /// A Polygon if there is one part, else a MultiPolygon; nine decimals at most.
    package static func text(of shape: MultiPolygon) -> String {
        var out = ""
        out.reserveCapacity(shape.pointCount * 24 + 64)
        if shape.polygons.count == 1 {
            out += "{\"type\":\"Polygon\",\"coordinates\":"
            write(shape.polygons[0], to: &out)
        } else {
            out += "{\"type\":\"MultiPolygon\",\"coordinates\":["
            for (index, polygon) in shape.polygons.enumerated() {
                if index > 0 { out += "," }
                write(polygon, to: &out)
            }
            out += "]"
        }
        return out + "}"
    }

    package static func text(of point: Coordinate) -> String { "{\"type\":\"Point\",\"coordinates\":\(position(point))}" }

    private static func write(_ polygon: Polygon, to out: inout String) {
        out += "["
        for (index, ring) in polygon.rings.enumerated() {
            out += index > 0 ? ",[" : "["
            for (place, point) in ring.points.enumerated() {
                if place > 0 { out += "," }
                out += position(point)
            }
            out += "]"
        }
        out += "]"
    }

    private static func position(_ point: Coordinate) -> String { "[\(short(point.lon)),\(short(point.lat))]" }

    /// Nine decimals (0.1 mm), without trailing zeros.
    private static func short(_ degrees: Double) -> String {
        guard degrees.isFinite else { return "0" }
        let text = ((degrees * 1e9).rounded() / 1e9).description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
