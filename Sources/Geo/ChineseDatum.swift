import Foundation

/// The three coordinate systems met in China: WGS-84 (GPS), GCJ-02 (official maps, Amap, Tencent), BD-09 (Baidu).
///
/// Formulas as published in eviltransform and coordtransform; outside the box of China nothing is changed.
package enum ChineseDatum: String, CaseIterable, Sendable {
    case wgs84, gcj02, bd09

    /// From this system to WGS-84; GCJ-02 is inverted by iteration, to better than 1 cm.
    package func toWGS84(_ place: Coordinate) -> Coordinate {
        switch self {
        case .wgs84: place
        case .gcj02: Self.fromGCJ02(place)
        case .bd09: Self.fromGCJ02(Self.gcj02(fromBD09: place))
        }
    }

    package func fromWGS84(_ place: Coordinate) -> Coordinate {
        switch self {
        case .wgs84: place
        case .gcj02: Self.gcj02(fromWGS84: place)
        case .bd09: Self.bd09(fromGCJ02: Self.gcj02(fromWGS84: place))
        }
    }

    /// The rectangle within which the shift is applied.
    package static let china = Box(west: 72.004, south: 0.8293, east: 137.8347, north: 55.8271)

    package static func gcj02(fromWGS84 place: Coordinate) -> Coordinate {
        guard china.contains(place) else { return place }
        let shift = shift(at: place)
        return Coordinate(lon: place.lon + shift.lon, lat: place.lat + shift.lat)
    }

    private static func fromGCJ02(_ place: Coordinate) -> Coordinate {
        guard china.contains(place) else { return place }
        var guess = place
        for _ in 0..<12 {
            let image = gcj02(fromWGS84: guess)
            let (dLon, dLat) = (image.lon - place.lon, image.lat - place.lat)
            guess = Coordinate(lon: guess.lon - dLon, lat: guess.lat - dLat)
            if abs(dLon) < 1e-10 && abs(dLat) < 1e-10 { break }
        }
        return guess
    }

    private static func shift(at place: Coordinate) -> Coordinate {
        let x = place.lon - 105
        let y = place.lat - 35
        let root = abs(x).squareRoot()
        let wave = (20 * sin(6 * x * .pi) + 20 * sin(2 * x * .pi)) * 2 / 3
        var lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
        lat += (20 * sin(y * .pi) + 40 * sin(y / 3 * .pi)) * 2 / 3
        lat += (160 * sin(y / 12 * .pi) + 320 * sin(y * .pi / 30)) * 2 / 3
        var lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
        lon += (20 * sin(x * .pi) + 40 * sin(x / 3 * .pi)) * 2 / 3
        lon += (150 * sin(x / 12 * .pi) + 300 * sin(x / 30 * .pi)) * 2 / 3
        // The ellipsoid of Krasovsky 1940, which the system was built on.
        let (radius, ee) = (6_378_245.0, 0.006_693_421_622_965_943_23)
        let phi = place.lat / 180 * .pi
        let w = 1 - ee * sin(phi) * sin(phi)
        return Coordinate(
            lon: lon * 180 / (radius / w.squareRoot() * cos(phi) * .pi), lat: lat * 180 / (radius * (1 - ee) / (w * w.squareRoot()) * .pi))
    }

    private static let baidu = Double.pi * 3000 / 180

    package static func bd09(fromGCJ02 place: Coordinate) -> Coordinate {
        let z = (place.lon * place.lon + place.lat * place.lat).squareRoot() + 0.00002 * sin(place.lat * baidu)
        let theta = atan2(place.lat, place.lon) + 0.000003 * cos(place.lon * baidu)
        return Coordinate(lon: z * cos(theta) + 0.0065, lat: z * sin(theta) + 0.006)
    }

    package static func gcj02(fromBD09 place: Coordinate) -> Coordinate {
        let (x, y) = (place.lon - 0.0065, place.lat - 0.006)
        let z = (x * x + y * y).squareRoot() - 0.00002 * sin(y * baidu)
        let theta = atan2(y, x) - 0.000003 * cos(x * baidu)
        return Coordinate(lon: z * cos(theta), lat: z * sin(theta))
    }
}
