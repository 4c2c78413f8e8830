import Basics
import Foundation
import Geo
import Grids
import Store

/// An uploaded set on the map before anything is done: its outlines, and three of its points as each coordinate system would have them, so
/// that the eye can say which one meets the streets.
struct DatumPreview: Sendable {
    struct Point: Sendable {
        let number: Int
        let datum: ChineseDatum
        let place: Coordinate
    }

    let points: [Point]
    let drawing: [(code: String, shape: MultiPolygon)]
    /// Nothing where the set lies in the wrong place as a whole.
    private(set) var findings: [LandFinding]
    let chosen: ChineseDatum

    /// Outlines of more points than this are left to the picture.
    private static let most = 60_000

    /// - Parameter features: as the file has them.
    init(_ features: [GeoJSON.Feature], _ plan: LandPlan, as chosen: ChineseDatum) {
        self.chosen = chosen
        drawing = plan.drawing
        findings = plan.findings
        points = Self.spread(features.compactMap(\.shape).flatMap(\.rings).flatMap(\.points).filter(\.isOnEarth)).enumerated()
            .flatMap { number, raw in ChineseDatum.allCases.map { Point(number: number + 1, datum: $0, place: $0.toWGS84(raw)) } }
    }

    var bare: DatumPreview {
        var bare = self
        bare.findings = []
        return bare
    }

    /// The westernmost point, the easternmost, and the one that spans the largest triangle with them.
    static func spread(_ all: [Coordinate]) -> [Coordinate] {
        guard let west = all.min(by: { ($0.lon, $0.lat) < ($1.lon, $1.lat) }),
            let east = all.max(by: { ($0.lon, $0.lat) < ($1.lon, $1.lat) })
        else { return [] }
        func span(_ c: Coordinate) -> Double {
            abs((east.lon - west.lon) * (c.lat - west.lat) - (east.lat - west.lat) * (c.lon - west.lon))
        }
        let third = all.max { span($0) < span($1) }
        return [west, east] + (third.map { $0 == west || $0 == east ? [] : [$0] } ?? [])
    }

    func view(_ room: AdminRoom) -> View {
        [
            "told": told(room),
            "points": Set(points.map(\.number)).sorted().map { number in
                ["number": number, "words": room.say("admin.preview.point", ["number": "\(number)"])] as View
            },
            "datums": ChineseDatum.allCases.map { datum in
                var row: View = [
                    "value": datum.rawValue, "words": room.say("admin.preview.take", ["system": room.say("admin.datum.\(datum.rawValue)")]),
                ]
                if datum == chosen { row["chosen"] = true }
                return row
            },
        ]
    }

    private func told(_ room: AdminRoom) -> String {
        let vendor = room.house.vendor
        var box = points.reduce(Box.empty) { $0.union(Box(around: [$1.place])) }
        let isLight = drawing.reduce(0) { $0 + $1.shape.pointCount } <= Self.most
        let shapes = isLight ? drawing.filter { !$0.shape.isEmpty } : []
        for (_, shape) in shapes { box = box.union(shape.box) }
        if box.isEmpty { box = Box(around: [Coordinate(lon: 0, lat: 0)]).grown(meters: 1000) }
        let head: [String: any Sendable] = [
            "bounds": [box.west, box.south, box.east, box.north], "library": vendor.address(MapLibrary.main) ?? "",
            "style": vendor.address(MapLibrary.style) ?? "", "worker": vendor.address(MapLibrary.worker) ?? "",
            "revision": room.land.revision, "least": Tiles.zooms.lowerBound,
            "tiles": Dictionary(
                uniqueKeysWithValues: Tiles.Layer.allCases.filter { $0 != .matters }.map { ($0.rawValue, Paths.adminMapGround($0)) }),
            "points": points.map { point in
                [
                    "number": point.number, "system": room.say("admin.datum.short.\(point.datum.rawValue)"), "lon": point.place.lon,
                    "lat": point.place.lat, "chosen": point.datum == chosen,
                ] as [String: any Sendable]
            },
        ]
        let data = (try? JSONSerialization.data(withJSONObject: head, options: [.sortedKeys, .withoutEscapingSlashes])) ?? Data("{}".utf8)
        func collection(_ shapes: [MultiPolygon]) -> String {
            let features = shapes.map { "{\"type\":\"Feature\",\"properties\":{},\"geometry\":\(GeoJSON.text(of: $0))}" }
            return "{\"type\":\"FeatureCollection\",\"features\":[\(features.joined(separator: ","))]}"
        }
        return String(decoding: data, as: UTF8.self).dropLast()
            + ",\"grids\":\(collection(shapes.map(\.shape))),\"findings\":\(collection(findings.map(\.outline).filter { !$0.isEmpty }))}"
    }
}
