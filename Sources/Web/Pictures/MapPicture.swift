import Basics
import Geo

/// A plain map as SVG: land, streets, buildings, marks, one pin. It is a picture, so it works everywhere; colour belongs to pin and marks.
package struct MapPicture {
    package enum MarkColor: String, Sendable { case hollow, red, yellow, green }

    package let frame: MapFrame
    /// Outlines of grids, the finest last.
    package var land: [(shape: MultiPolygon, width: Double)] = []
    package var buildings: [MultiPolygon] = []
    /// Compounds and the like, under everything.
    package var grounds: [MultiPolygon] = []
    package var streets: [(line: [Coordinate], meters: Double)] = []
    /// Each with the places where it may stand, the best first; one that would cover another is left out.
    package var names: [(text: String, at: [Coordinate])] = []
    package var marks: [(color: MarkColor, at: Coordinate)] = []
    package var outline: MultiPolygon?
    /// A card tints its own grid, under the houses; elsewhere colour belongs to pin and marks.
    package var tinted = false
    package var pin: Coordinate?
    /// Metres about the pin within which the place lies.
    package var around: Double?

    package init(frame: MapFrame) { self.frame = frame }

    /// The colours of the light tokens; inside a page its own, by the same names. As a file of its own it follows the reader's system.
    private static let dark = """
        --sunk:#0c0f13;--line:#262d35;--paper:#39424d;--ink:#eef1f4;--ink-2:#d3d9df;--mute:#5d6873;--act:#8fb8f5;--act-fill:#2f6bc4;--halo:#0c0f13;\
        --red:#ff6b5e;--red-on:#1a0503;--yellow:#ffc93c;--yellow-edge:#ffc93c;--green:#4fcf8d;--green-on:#04180d
        """

    /// - Parameter standsAlone: a file of its own, not a piece of a page (whose policy would refuse its style).
    package func svg(title: String, standsAlone: Bool = false) -> String {
        let (w, h) = (Int(frame.width), Int(frame.height))
        var out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(w) \(h)\" width=\"\(w)\" height=\"\(h)\" role=\"img\">"
        out += "<title>\(title.markupEscaped)</title>"
        if standsAlone { out += "<style>@media(prefers-color-scheme:dark){svg{\(Self.dark)}}</style>" }
        // Beyond its own edges, for where it stands in a box of another shape.
        out += "<rect x=\"\(-w)\" y=\"\(-h)\" width=\"\(3 * w)\" height=\"\(3 * h)\" fill=\"var(--sunk,#eaece9)\"/>"
        for ground in grounds {
            let d = path(ground)
            if !d.isEmpty { out += "<path d=\"\(d)\" fill=\"var(--line,#d9dcd8)\"/>" }
        }
        if tinted, let outline { out += "<path d=\"\(path(outline))\" fill=\"var(--g3,#e9f3c1)\"/>" }
        for (line, meters) in streets {
            let d = path(line, closed: false)
            guard !d.isEmpty else { continue }
            out +=
                "<path d=\"\(d)\" fill=\"none\" stroke=\"var(--paper,#fff)\" stroke-width=\"\(number(max(1.5, meters / frame.scale)))\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"
        }
        for building in buildings {
            let d = path(building)
            if !d.isEmpty { out += "<path d=\"\(d)\" fill=\"var(--ink,#16191d)\" fill-opacity=\".17\"/>" }
        }
        for (shape, width) in land {
            let d = path(shape)
            if !d.isEmpty {
                out +=
                    "<path d=\"\(d)\" fill=\"none\" stroke=\"var(\(streets.isEmpty ? "--paper,#fff" : "--mute,#aeb5bd"))\" stroke-width=\"\(number(width))\" stroke-linejoin=\"round\"/>"
            }
        }
        if let outline {
            out +=
                "<path d=\"\(path(outline))\" fill=\"var(--act,#0f4fa8)\" fill-opacity=\"\(tinted ? "0" : ".08")\" stroke=\"var(--act,#0f4fa8)\" stroke-width=\"3\" stroke-linejoin=\"round\"/>"
        }
        if let pin, let around {
            let at = frame.pixel(pin)
            out +=
                "<circle cx=\"\(number(at.x))\" cy=\"\(number(at.y))\" r=\"\(number(around / frame.scale))\" fill=\"var(--act,#0f4fa8)\" fill-opacity=\".12\" stroke=\"var(--act,#0f4fa8)\" stroke-width=\"2\"/>"
        }
        for (text, at) in spacedNames {
            out +=
                "<text x=\"\(number(at.x))\" y=\"\(number(at.y))\" font-size=\"14\" font-family=\"sans-serif\" fill=\"var(--ink-2,#474e57)\" text-anchor=\"middle\" stroke=\"var(--sunk,#fff)\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\">\(text.markupEscaped)</text>"
        }
        for mark in marks.sorted(by: { $0.color.drawn < $1.color.drawn }) {
            let at = frame.pixel(mark.at)
            out += "<g transform=\"translate(\(number(at.x - 10)) \(number(at.y - 10)))\">\(mark.color.shape)</g>"
        }
        if let pin {
            let at = frame.pixel(pin)
            out +=
                "<g transform=\"translate(\(number(at.x)) \(number(at.y)))\"><path d=\"M0 0C-4-9-12-15-12-24a12 12 0 0 1 24 0c0 9-8 15-12 24z\" fill=\"var(--act-fill,#0f4fa8)\" stroke=\"#fff\" stroke-width=\"2\"/><circle cy=\"-24\" r=\"4.5\" fill=\"#fff\"/></g>"
        }
        return out + "</svg>"
    }

    /// Names where they cover neither each other nor the pin nor a mark.
    var spacedNames: [(text: String, at: (x: Double, y: Double))] {
        struct Patch {
            let x: ClosedRange<Double>, y: ClosedRange<Double>
            func meets(_ other: Patch) -> Bool { x.overlaps(other.x) && y.overlaps(other.y) }
        }
        var taken = marks.map { mark in
            let at = frame.pixel(mark.at)
            return Patch(x: at.x - 12...at.x + 12, y: at.y - 12...at.y + 12)
        }
        if let pin {
            let at = frame.pixel(pin)
            taken.append(Patch(x: at.x - 15...at.x + 15, y: at.y - 40...at.y + 4))
        }
        var placed: [(String, (x: Double, y: Double))] = []
        for name in names {
            let half = name.text.unicodeScalars.reduce(0.0) { $0 + ($1.value > 0x2E80 ? 7 : 4) } + 3
            for place in name.at {
                let at = frame.pixel(place)
                let patch = Patch(x: at.x - half...at.x + half, y: at.y - 14...at.y + 6)
                guard !taken.contains(where: patch.meets) else { continue }
                taken.append(patch)
                placed.append((name.text, at))
                break
            }
        }
        return placed
    }

    private func path(_ shape: MultiPolygon) -> String {
        shape.polygons.flatMap(\.rings).map { path($0.points, closed: true) }.joined()
    }

    /// Points nearer than half a pixel to the one before are left out; what lies outside the window altogether is not drawn.
    private func path(_ points: [Coordinate], closed: Bool) -> String {
        guard Box(around: points).intersects(frame.box) else { return "" }
        var d = ""
        var last: (x: Double, y: Double)?
        for (index, point) in points.enumerated() {
            let at = frame.pixel(point)
            if let before = last, index != points.count - 1, abs(at.x - before.x) < 0.5, abs(at.y - before.y) < 0.5 { continue }
            d += (last == nil ? "M" : "L") + number(at.x) + " " + number(at.y)
            last = at
        }
        return closed ? d + "z" : d
    }

    private func number(_ value: Double) -> String {
        // Far outside is cut: some renderers stumble over huge figures.
        let clipped = min(max(value, -20_000), 20_000)
        let rounded = (clipped * 10).rounded() / 10
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}

extension MapPicture.MarkColor {
    /// Red last, on top.
    var drawn: Int {
        switch self {
        case .green: 0
        case .yellow: 1
        case .hollow: 2
        case .red: 3
        }
    }

    /// 20 × 20, the shapes of the sprite with the light colours as they fall back.
    var shape: String {
        switch self {
        case .red:
            "<path d=\"M10 1.2L19.3 18H.7z\" fill=\"var(--red,#c8281e)\" stroke=\"var(--halo,#fff)\" stroke-width=\"1.2\" stroke-linejoin=\"round\"/><path d=\"M10 15.2V9.2M7.4 11.3L10 8.7l2.6 2.6\" fill=\"none\" stroke=\"var(--red-on,#fff)\" stroke-width=\"1.7\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"
        case .hollow:
            "<path d=\"M10 1.2L19.3 18H.7z\" fill=\"var(--sunk,#fff)\" stroke=\"var(--red,#c8281e)\" stroke-width=\"2\" stroke-linejoin=\"round\"/>"
        case .yellow:
            "<rect x=\"1.8\" y=\"1.8\" width=\"16.4\" height=\"16.4\" rx=\"1.5\" fill=\"var(--yellow,#f2b200)\" stroke=\"var(--yellow-edge,#8a5a00)\" stroke-width=\"1.2\"/><path d=\"M11.2 3.8L6 11h3.6l-.8 5.2L14 9h-3.6z\" fill=\"#16191d\"/>"
        case .green:
            "<circle cx=\"10\" cy=\"10\" r=\"8.8\" fill=\"var(--green,#1a7448)\" stroke=\"var(--halo,#fff)\" stroke-width=\"1.2\"/><path d=\"M6 10.3l2.9 2.9 5.2-5.7\" fill=\"none\" stroke=\"var(--green-on,#fff)\" stroke-width=\"1.9\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"
        }
    }
}
