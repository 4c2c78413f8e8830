import Basics
import Geo
import Grids
import Matters
import Store

/// The battle map as one picture: base colours, outlines, marks with their rings. For browsers without WebGL or scripts, and while the map loads.
struct BattlePicture {
    private let room: CommandRoom
    private let frame: MapFrame
    private var marks: [MapMark]
    private let isLight: Bool

    private static let width = 1000.0
    private static let height = 900.0
    private static let mostShapes = 4000
    private static let mostMarks = 3000
    /// Corners nearer to the one before cannot be seen; in units of the picture.
    private static let leastStep = 0.5

    init(_ room: CommandRoom) throws {
        self.room = room
        isLight = !room.themed.isEmpty
        frame = MapFrame(showing: room.box, width: Self.width, height: Self.height)
        // Of the tiles that hold the picture: the one zoom at which it needs few.
        let box = frame.box
        func corners(_ zoom: Int) -> (a: Tile, b: Tile) {
            let (a, b) = (Coordinate(lon: box.west, lat: box.north), Coordinate(lon: box.east, lat: box.south))
            return (Tile(holding: a, zoom: zoom), Tile(holding: b, zoom: zoom))
        }
        let near = (0...13).map(corners)
        let (a, b) = near.last { $0.b.x - $0.a.x < 4 && $0.b.y - $0.a.y < 4 } ?? near[0]
        var marks: [MapMark] = []
        if a.x <= b.x, a.y <= b.y {
            for x in a.x...b.x {
                for y in a.y...b.y {
                    marks += try Tiles.marks(
                        in: Tile(z: a.z, x: x, y: y), room.call, for: room.desk.actor, past: room.past.map { ($0.at, $0.course) },
                        in: room.desk.tx)
                }
            }
        }
        // The graver on top of the lighter; where many lie at one place the top one is seen.
        self.marks = marks.filter { box.contains($0.place) }.sorted {
            (MapSVG.color($0.mark).drawn, $0.isLate ? 1 : 0, $0.id) < (MapSVG.color($1.mark).drawn, $1.isLate ? 1 : 0, $1.id)
        }
        if self.marks.count > Self.mostMarks { self.marks = Self.thinned(self.marks, frame) }
    }

    /// One mark for each square that is as wide as one.
    private static func thinned(_ marks: [MapMark], _ frame: MapFrame) -> [MapMark] {
        var taken: Set<[Int]> = []
        return marks.reversed().filter { mark in
            let at = frame.pixel(mark.place)
            return taken.insert([Int(at.x / 16), Int(at.y / 16)]).inserted
        }.reversed()
    }

    // The tokens of the style sheet, written out: a picture reads none.
    private var tints: [String] {
        isLight
            ? ["#ebd8c2", "#d8c696", "#e9f3c1", "#baccc9", "#d9f3f5", "#c0c3f2", "#ddd8f5"]
            : ["#362108", "#54461d", "#2f3a27", "#1e5248", "#112b31", "#384669", "#2f2e52"]
    }
    private var ground: String { isLight ? "#eaece9" : "#0c0f13" }
    private var ink: String { isLight ? "#16191d" : "#eef1f4" }
    private var late: String { isLight ? "#c8281e" : "#ff6b5e" }
    private var halo: String { isLight ? "#fff" : "#0c0f13" }

    func svg(title: String) -> String {
        // Scales go by twos; the window is what is to be shown, and marks and names keep their size on it.
        let (low, high) = (
            frame.pixel(Coordinate(lon: room.box.west, lat: room.box.north)),
            frame.pixel(Coordinate(lon: room.box.east, lat: room.box.south))
        )
        let unit = max((high.x - low.x) / Self.width, (high.y - low.y) / Self.height, 0.05)
        let edge = 30 * unit
        let (x, y, w, h) = (low.x - edge, low.y - edge, high.x - low.x + 2 * edge, high.y - low.y + 2 * edge)
        var out =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"\(short(x)) \(short(y)) \(short(w)) \(short(h))\" role=\"img\"><title>\(title.markupEscaped)</title>"
        out += "<rect x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short(w))\" height=\"\(short(h))\" fill=\"\(ground)\"/>"
        out += land(unit)
        for mark in marks {
            let at = frame.pixel(mark.place)
            let size = 0.9 * unit
            out +=
                "<g transform=\"translate(\(short(at.x - 10 * size)) \(short(at.y - 10 * size))) scale(\(short(size * 100))e-2)\">\(MapSVG.color(mark.mark).shape)</g>"
            if mark.isLate {
                out +=
                    "<circle cx=\"\(short(at.x))\" cy=\"\(short(at.y))\" r=\"\(short(15 * unit))\" fill=\"none\" stroke=\"\(late)\" stroke-width=\"\(short(3 * unit))\"/>"
            }
        }
        for name in room.mapNames().filter({ !$0.isSmall }).prefix(40) {
            let at = frame.pixel(name.place)
            out +=
                "<text x=\"\(short(at.x))\" y=\"\(short(at.y))\" font-size=\"\(short(20 * unit))\" font-weight=\"600\" font-family=\"sans-serif\" fill=\"\(ink)\" text-anchor=\"middle\" stroke=\"\(halo)\" stroke-width=\"\(short(4 * unit))\" paint-order=\"stroke\">\(name.name.markupEscaped)</text>"
        }
        return out + "</svg>"
    }

    /// Bases and outlines; what lies outside the chosen land stands back.
    private func land(_ unit: Double) -> String {
        var out = ""
        let day = room.day
        let deepest = day.deepest
        let near = Dictionary(grouping: day.meeting(frame.box), by: day.rank).sorted { $0.key < $1.key }.filter { $0.key > 0 }
        var here: [Int] = []
        // The coarsest at any rate, finer ones while they can be told apart.
        for (_, places) in near {
            guard here.isEmpty || here.count + places.count <= Self.mostShapes else { break }
            here += places.sorted()
        }
        let base = day.tints
        func isOwn(_ place: Int) -> Bool { room.land.standing?.covers(day.refs[place].path) ?? true }
        for place in here where day.rank(place) < deepest || deepest == 1 {
            let opacity = isOwn(place) ? "" : " fill-opacity=\".28\""
            out += path(
                day.shapes[place],
                "fill=\"\(tints[base[place] % tints.count])\"\(opacity) stroke=\"\(ground)\" stroke-width=\"\(short(Double(max(1, 5 - day.rank(place))) * unit))\""
            )
        }
        for place in here where day.rank(place) == deepest && deepest > 1 && frame.scale <= 5 && isOwn(place) {
            let line =
                day.refs[place].nature == nil
                ? "stroke=\"\(ground)\" stroke-width=\"\(short(1.5 * unit))\""
                : "stroke=\"\(ink)\" stroke-width=\"\(short(1.5 * unit))\" stroke-dasharray=\"\(short(5 * unit)) \(short(3 * unit))\""
            out += path(day.shapes[place], "fill=\"none\" \(line)")
        }
        return out + path(day.shape(of: room.land.chosen.id), "fill=\"none\" stroke=\"\(ink)\" stroke-width=\"\(short(2.5 * unit))\"")
    }

    private func path(_ shape: MultiPolygon, _ style: String) -> String {
        var d = ""
        for ring in shape.rings {
            var last: (x: Double, y: Double)?
            for point in ring.points {
                let at = frame.pixel(point)
                if let last, abs(at.x - last.x) + abs(at.y - last.y) < Self.leastStep { continue }
                d += (last == nil ? "M" : "L") + short(at.x) + " " + short(at.y)
                last = at
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
