import Basics
import Foundation
import Geo

/// A picture of a set of boundaries with its findings, numbered as in the list.
package struct LandDrawing: Sendable {
    let shapes: [(code: String, shape: MultiPolygon)]
    let findings: [LandFinding]

    package init(_ plan: LandPlan) {
        shapes = plan.drawing
        findings = plan.findings
    }

    private static let width = 1600.0

    /// SVG 1.1; colours stand in the file itself, so that it opens anywhere.
    package var svg: String {
        let box = (shapes.map(\.shape.box) + findings.map(\.outline.box)).reduce(Box.empty) { $0.union($1) }
        guard !box.isEmpty else { return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\"/>\n" }
        let plane = LocalPlane(at: box.center)
        let scale = (Self.width - 40) / max(1, box.width * plane.perLon)
        let height = box.height * plane.perLat * scale + 40
        func at(_ c: Coordinate) -> (x: Double, y: Double) {
            (20 + (c.lon - box.west) * plane.perLon * scale, 20 + (box.north - c.lat) * plane.perLat * scale)
        }
        func path(_ shape: MultiPolygon) -> String {
            shape.rings.map { ring in
                "M"
                    + ring.points.map {
                        let (x, y) = at($0); return "\(Self.short(x)) \(Self.short(y))"
                    }.joined(separator: "L") + "Z"
            }.joined()
        }
        var out = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(height.rounded(.up)))" font-family="sans-serif">
            <rect width="100%" height="100%" fill="#fff"/>
            <g fill="#eef2f5" stroke="#8899a6" stroke-width="1" fill-rule="evenodd">

            """
        for (code, shape) in shapes where !shape.isEmpty {
            out += "<path d=\"\(path(shape))\"><title>\(code.markupEscaped)</title></path>\n"
        }
        out += "</g>\n<g font-size=\"9\" fill=\"#5b6770\" text-anchor=\"middle\">\n"
        for (code, shape) in shapes {
            guard shapes.count <= 2000, let label = shape.labelPoint else { continue }
            let (x, y) = at(label)
            out += "<text x=\"\(Self.short(x))\" y=\"\(Self.short(y))\">\(code.markupEscaped)</text>\n"
        }
        out += "</g>\n<g stroke-width=\"1.5\" fill-rule=\"evenodd\" font-size=\"12\">\n"
        for finding in findings {
            let color = finding.isRepaired ? "#2e7d32" : finding.isAccepted ? "#b26a00" : "#c62828"
            let title = "\(finding.id) \(finding.codes.joined(separator: ", "))".markupEscaped
            if !finding.outline.isEmpty {
                out +=
                    "<path d=\"\(path(finding.outline))\" fill=\"\(color)\" fill-opacity=\"0.35\" stroke=\"\(color)\"><title>\(title)</title></path>\n"
            }
            guard let place = finding.place else { continue }
            let (x, y) = at(place)
            out += "<circle cx=\"\(Self.short(x))\" cy=\"\(Self.short(y))\" r=\"7\" fill=\"none\" stroke=\"\(color)\"/>"
            out += "<text x=\"\(Self.short(x + 9))\" y=\"\(Self.short(y - 5))\" fill=\"\(color)\">\(finding.id.markupEscaped)</text>\n"
        }
        return out + "</g>\n</svg>\n"
    }

    private static func short(_ value: Double) -> String { ((value * 10).rounded() / 10).description }

}
