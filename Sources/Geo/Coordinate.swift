import Foundation

/// A place on the earth in degrees, WGS-84 unless a function says otherwise; longitude first, as in GeoJSON.
package struct Coordinate: Hashable, Sendable, Codable {
    package var lon: Double
    package var lat: Double

    package init(lon: Double, lat: Double) {
        self.lon = lon
        self.lat = lat
    }

    /// Finite, and within ±180 and ±90 degrees.
    package var isOnEarth: Bool { abs(lon) <= 180 && abs(lat) <= 90 }

    /// On the lattice of 1e-9° (0.1 mm), the grain of the topology, so that the same place is always the same numbers.
    package var rounded: Coordinate { Coordinate(lon: (lon * 1e9).rounded() / 1e9, lat: (lat * 1e9).rounded() / 1e9) }

    /// Metres to another place on a sphere of the mean radius; within 0.5 % of the ellipsoid.
    package func distance(to other: Coordinate) -> Double {
        let radians = Double.pi / 180
        let dLat = (other.lat - lat) * radians
        let dLon = (other.lon - lon) * radians
        let a = sin(dLat / 2) * sin(dLat / 2) + cos(lat * radians) * cos(other.lat * radians) * sin(dLon / 2) * sin(dLon / 2)
        return 2 * Earth.meanRadius * asin(min(1, a.squareRoot()))
    }
}

/// Figures of the WGS-84 ellipsoid, in metres.
package enum Earth {
    package static let equatorRadius = 6_378_137.0
    package static let meanRadius = 6_371_008.8
    static let eccentricitySquared = 0.006_694_379_990_141_316
}

/// A local plane in metres about a place: an affine map, so it keeps what touches, crosses and contains. Good for some 100 km.
package struct LocalPlane: Sendable {
    package let origin: Coordinate
    /// Metres of one degree.
    package let perLon: Double
    package let perLat: Double

    package init(at origin: Coordinate) {
        self.origin = origin
        let phi = origin.lat * .pi / 180
        let w = 1 - Earth.eccentricitySquared * sin(phi) * sin(phi)
        let meridian = Earth.equatorRadius * (1 - Earth.eccentricitySquared) / (w * w.squareRoot())
        perLat = meridian * .pi / 180
        perLon = Earth.equatorRadius / w.squareRoot() * max(0.000_1, cos(phi)) * .pi / 180
    }

    /// East and north of the origin, in metres.
    package func meters(_ c: Coordinate) -> (x: Double, y: Double) { ((c.lon - origin.lon) * perLon, (c.lat - origin.lat) * perLat) }
    package func coordinate(x: Double, y: Double) -> Coordinate { Coordinate(lon: origin.lon + x / perLon, lat: origin.lat + y / perLat) }
}
