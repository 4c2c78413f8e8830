import Geo
import Testing

/// Reference conversions (lat, lon) of googollee/eviltransform and wandergis/coordtransform.
@Suite struct ChineseDatumTests {
    @Test(
        "WGS-84 to GCJ-02 as published, to five decimals",
        arguments: [
            (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
            (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
            (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
            (39.915, 116.404, 39.91640428150164, 116.41024449916938),
        ])
    func published(lat: Double, lon: Double, toLat: Double, toLon: Double) {
        let made = ChineseDatum.gcj02.fromWGS84(Coordinate(lon: lon, lat: lat))
        #expect(abs(made.lat - toLat) < 0.00001 && abs(made.lon - toLon) < 0.00001)
        let back = ChineseDatum.gcj02.toWGS84(Coordinate(lon: toLon, lat: toLat))
        #expect(back.distance(to: Coordinate(lon: lon, lat: lat)) < 0.5)
    }

    @Test("BD-09 as published, and back")
    func baidu() {
        let place = Coordinate(lon: 116.404, lat: 39.915)
        let gcj = ChineseDatum.gcj02(fromBD09: place)
        #expect(abs(gcj.lat - 39.90865673957631) < 0.00001 && abs(gcj.lon - 116.39762729119315) < 0.00001)
        let bd = ChineseDatum.bd09(fromGCJ02: place)
        #expect(abs(bd.lat - 39.92133699351021) < 0.00001 && abs(bd.lon - 116.41036949371029) < 0.00001)
        #expect(ChineseDatum.gcj02(fromBD09: bd).distance(to: place) < 2)
    }

    @Test("there and back within a centimetre", arguments: ChineseDatum.allCases)
    func roundTrip(datum: ChineseDatum) {
        var dice = Dice(3)
        for _ in 0..<200 {
            let place = Box(west: 80, south: 20, east: 130, north: 45).random(using: &dice)
            let limit = datum == .bd09 ? 2.0 : 0.01
            #expect(datum.toWGS84(datum.fromWGS84(place)).distance(to: place) < limit)
        }
    }

    @Test("outside China nothing moves")
    func abroad() {
        let boston = Coordinate(lon: -71.0587, lat: 42.3594)
        #expect(ChineseDatum.gcj02.toWGS84(boston) == boston && ChineseDatum.gcj02.fromWGS84(boston) == boston)
    }
}
