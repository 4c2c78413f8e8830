import Basics
import Geo
import Grids
import Ledger
import Matters
import Store
import Hummingbird
import HummingbirdCore

/// `GET /map.svg?view=lon,lat,zoom[&pin=lon,lat][&grid=ID][&around=METERS][&marks=1]`: the plain map, for everybody, without any personal fact.
enum MapSVG {
    static func show(_ call: Call) async throws -> Response {
        guard let frame = MapFrame(call.query("view")) else { throw Call.missing }
        let (house, now) = (call.house, call.now)
        let pin = pin(call.query("pin"))
        let grid = GridID(call.query("grid"))
        let wantsMarks = call.query("marks") == "1"
        let around = call.number("around").map { min(max($0, 0), 20_000) }
        let title = call.say("report.where.map")
        let text = try await house.database.read { tx in
            var picture = try picture(house, frame, pin: pin, grid: grid, marks: wantsMarks, at: now, in: tx)
            picture.around = around
            return picture.svg(title: title, standsAlone: true)
        }
        return call.svg(text, cache: "private, max-age=60")
    }

    static func picture(
        _ house: House, _ frame: MapFrame, pin: Coordinate? = nil, grid: GridID? = nil, marks: Bool = false, at now: Instant,
        in tx: Transaction
    ) throws -> MapPicture {
        var picture = MapPicture(frame: frame)
        let land = try LandView(house, in: tx)
        let isNear = frame.scale <= 1.2
        let deepest = frame.scale <= 1.2 ? 4 : frame.scale <= 5 ? 3 : frame.scale <= 20 ? 2 : 1
        picture.land = land.shapes(in: frame.box, deepest: deepest).map { ($0.shape, max(1, 4.5 - Double($0.rank))) }
        if frame.scale <= 5 {
            let shapes = try house.ledger.shapes(in: frame.box, on: now.day(in: house.zone), areas: isNear, in: tx)
            picture.streets = shapes.lines.flatMap { line in line.shape.map { ($0, 11) } }
            picture.buildings = shapes.areas
            picture.grounds = shapes.grounds
            if isNear { picture.names = names(shapes, frame) }
        }
        if marks, isNear {
            let reach = frame.center.distance(to: frame.place(x: 0, y: 0))
            picture.marks = try house.matters.twins(near: frame.center, category: nil, meters: reach, limit: 20, publicOnly: true, in: tx)
                .compactMap { twin in twin.matter.point.map { (color(twin.matter.mark), $0) } }
        }
        if let grid { picture.outline = land.shape(of: grid) }
        picture.pin = pin
        return picture
    }

    static func color(_ mark: Mark) -> MapPicture.MarkColor {
        switch mark {
        case .none: .hollow
        case .red: .red
        case .yellow: .yellow
        case .green: .green
        }
    }

    /// A street's name once, where on it: the points nearest the middle first, well inside what a phone shows of the picture.
    private static func names(_ shapes: MapShapes, _ frame: MapFrame) -> [(text: String, at: [Coordinate])] {
        var seen: Set<String> = []
        let inner = MapFrame(center: frame.center, zoom: frame.zoom, width: min(frame.width - 120, 320), height: frame.height - 40).box
        return shapes.lines.compactMap { line in
            guard !seen.contains(line.name) else { return nil }
            let along = line.shape.flatMap { zip($0, $0.dropFirst()).map { Box(around: [$0, $1]).center } + $0 }
            let places = along.filter(inner.contains).sorted { $0.distance(to: frame.center) < $1.distance(to: frame.center) }
            guard !places.isEmpty else { return nil }
            seen.insert(line.name)
            return (line.name, Array(places.prefix(6)))
        }.prefix(12).map { $0 }
    }

    private static func pin(_ text: String) -> Coordinate? {
        let parts = text.split(separator: ",").compactMap { Double($0) }
        guard parts.count == 2, parts.allSatisfy(\.isFinite) else { return nil }
        let place = Coordinate(lon: parts[0], lat: parts[1])
        return place.isOnEarth ? place : nil
    }
}
