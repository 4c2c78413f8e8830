import Foundation

/// `Tile.mercator` for places near one latitude: four terms of its series instead of a sine and a logarithm for each corner of a map.
///
/// Within `reach` of the middle it differs by less than 1e-13 of the world's side, a ten thousandth of a step at zoom 18; places further
/// away are computed in full.
struct NearMercator: Sendable {
    /// In radians; about 20 km in the middle of China.
    private let reach: Double
    private let middle: Double
    private let start: Double
    private let terms: (Double, Double, Double, Double)

    /// - Parameter lat: the middle, in degrees.
    init(lat: Double) {
        let lat = max(-85, min(85, lat))
        middle = lat * .pi / 180
        // The series grows with the powers of the secant, which this takes back.
        reach = 0.004 * cos(middle)
        start = Tile.mercator(Coordinate(lon: 0, lat: lat)).y
        // The derivatives of asinh(tan(lat)), by their factorials.
        let (sec, tan) = (1 / cos(middle), tan(middle))
        let scale = -1 / (2 * Double.pi)
        terms = (
            scale * sec, scale * sec * tan / 2, scale * sec * (2 * sec * sec - 1) / 6, scale * sec * tan * (6 * sec * sec - 1) / 24
        )
    }

    /// East and south of the north-west corner of the world, in shares of its side.
    func position(of place: Coordinate) -> (x: Double, y: Double) {
        let away = place.lat * .pi / 180 - middle
        guard abs(away) < reach, abs(place.lon) <= 180 else { return Tile.mercator(place) }
        let y = start + away * (terms.0 + away * (terms.1 + away * (terms.2 + away * terms.3)))
        return ((place.lon + 180) / 360, y)
    }
}
