import Basics
import Geo
import Grids
import Matters

/// The battle map as one picture: base colours, outlines, marks with their rings. For browsers without WebGL or scripts, and while the map loads.
struct BattlePicture {
    private let room: CommandRoom
    private let frame: MapFrame
    private let marks: [MapMark]
    private let isLight: Bool

    private static let width = 1000.0
    private static let height = 900.0

    init(_ room: CommandRoom) throws {
        self.room = room
        isLight = !room.themed.isEmpty
        frame = MapFrame(showing: room.box, width: Self.width, height: Self.height)
        let today = Instant(room.ask.today, in: room.call.house.zone)
        // Of the tiles that hold the picture: the one zoom at which it needs few.
        let box = frame.box
        let zoom = 13
        let (a, b) = (
            Tile(holding: Coordinate(lon: box.west, lat: box.north), zoom: zoom),
            Tile(holding: Coordinate(lon: box.east, lat: box.south), zoom: zoom)
        )
        var marks: [MapMark] = []
        if b.x - a.x < 40, b.y - a.y < 40, a.x <= b.x, a.y <= b.y {
            for x in a.x...b.x {
                for y in a.y...b.y {
                    marks += try room.desk.matters.marks(
                        in: Tile(z: zoom, x: x, y: y), since: today, for: room.desk.actor, at: room.desk.now, in: room.desk.tx)
                }
            }
        }
        self.marks = marks.filter { box.contains($0.place) }
    }

    // The tokens of the style sheet, written out: a picture reads none.
    private var tints: [String] {
        isLight
            ? ["#ebd8c2", "#d8c696", "#e9f3c1", "#baccc9", "#d9f3f5", "#c0c3f2", "#ddd8f5"]
            : ["#362108", "#54461d", "#2f3a27", "#1e5248", "#112b31", "#384669", "#2f2e52"]
    }
    private var ground: String { isLight ? "#eaece9" : "#0c0f13" }
    private var ink: String { isLight ? "#16191d" : "#eef1f4" }
    private var halo: String { isLight ? "#fff" : "#0c0f13" }

    func svg(title: String) -> String {
        var out =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\"><title>\(Templates.escaped(title))</title><rect width=\"100%\" height=\"100%\" fill=\"\(ground)\"/>"
        let day = room.day
        let deepest = day.refs.map(\.rank).max() ?? 0
        let here = day.meeting(frame.box).filter { day.refs[$0].rank > 0 }.sorted { (day.refs[$0].rank, $0) < (day.refs[$1].rank, $1) }
        let leavesSeen = frame.scale <= 5
        for place in here where day.refs[place].rank < deepest || deepest == 1 {
            out += path(
                day.shapes[place],
                "fill=\"\(tints[day.tints[place] % tints.count])\" stroke=\"\(ground)\" stroke-width=\"\(max(1, 5 - day.refs[place].rank))\""
            )
        }
        for place in here where day.refs[place].rank == deepest && deepest > 1 && leavesSeen {
            let dashed =
                day.refs[place].nature == nil
                ? "stroke=\"\(ground)\" stroke-width=\"1.5\"" : "stroke=\"\(ink)\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\""
            out += path(day.shapes[place], "fill=\"none\" \(dashed)")
        }
        out += path(day.shape(of: room.land.chosen.id), "fill=\"none\" stroke=\"\(ink)\" stroke-width=\"2.5\"")
        for mark in marks.sorted(by: { MapSVG.color($0.mark).drawn < MapSVG.color($1.mark).drawn }) {
            let at = frame.pixel(mark.place)
            out += "<g transform=\"translate(\(short(at.x - 8)) \(short(at.y - 8))) scale(.8)\">\(MapSVG.color(mark.mark).shape)</g>"
            if mark.isLate {
                out += "<circle cx=\"\(short(at.x))\" cy=\"\(short(at.y))\" r=\"14\" fill=\"none\" stroke=\"#ff6b5e\" stroke-width=\"3\"/>"
            }
        }
        for line in room.land.inside.prefix(40) {
            guard let place = day.shape(of: line.id).labelPoint else { continue }
            let at = frame.pixel(place)
            out +=
                "<text x=\"\(short(at.x))\" y=\"\(short(at.y))\" font-size=\"19\" font-weight=\"600\" font-family=\"sans-serif\" fill=\"\(ink)\" text-anchor=\"middle\" stroke=\"\(halo)\" stroke-width=\"4\" paint-order=\"stroke\">\(Templates.escaped(room.name(line.grid)))</text>"
        }
        return out + "</svg>"
    }

    private func path(_ shape: MultiPolygon, _ style: String) -> String {
        var d = ""
        for ring in shape.rings {
            for (index, point) in ring.points.enumerated() {
                let at = frame.pixel(point)
                d += (index == 0 ? "M" : "L") + short(at.x) + " " + short(at.y)
            }
            d += "z"
        }
        return d.isEmpty ? "" : "<path d=\"\(d)\" \(style) stroke-linejoin=\"round\"/>"
    }

    private func short(_ value: Double) -> String {
        let rounded = (min(max(value, -20_000), 20_000) * 10).rounded() / 10
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}
