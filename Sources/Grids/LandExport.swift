import Basics
import Geo
import Store

/// The grids of a day as rows and as GeoJSON.
package struct LandExport: Sendable {
    /// One cell of a table.
    package enum Cell: Sendable, Equatable {
        case text(String), number(Double)
    }

    package static let columns = ["code", "name", "level", "nature", "parent", "parent_level", "from", "to", "area_m2", "lon", "lat"]

    let day: LandDay
    let refs: [(ref: GridRef, shape: MultiPolygon)]

    /// - Parameter level: nil takes all levels; the root is never among them.
    package init(_ day: LandDay, level: String? = nil) {
        self.day = day
        refs = zip(day.refs, day.shapes).filter { !$0.0.grid.isRoot && (level == nil || $0.0.level == level) }.map { ($0.0, $0.1) }
    }

    /// A row a grid, cells as in `columns`, in the order of the tree.
    package var rows: [[Cell]] {
        refs.map { ref, shape in
            let parent = ref.parent.flatMap { day[$0] }
            let label = shape.labelPoint
            return [
                .text(ref.code), .text(ref.name), .text(ref.level), .text(ref.nature ?? ""), .text(parent?.code ?? ""),
                .text(parent.map { $0.grid.isRoot ? "" : $0.level } ?? ""),
                .text(ref.grid.from == .beginning ? "" : ref.grid.from.description),
                .text(ref.grid.to == .end ? "" : ref.grid.to.description), .number((shape.area * 10).rounded() / 10),
                label.map { .number(($0.lon * 1e7).rounded() / 1e7) } ?? .text(""),
                label.map { .number(($0.lat * 1e7).rounded() / 1e7) } ?? .text(""),
            ]
        }
    }

    /// A FeatureCollection; what it writes can be imported again with `--parent-field parent`.
    package func geojson(_ write: (String) -> Void) {
        write("{\"type\":\"FeatureCollection\",\"features\":[")
        for (index, item) in refs.enumerated() {
            let (ref, shape) = item
            let parent = ref.parent.flatMap { day[$0] }
            var properties = [("code", ref.code), ("name", ref.name), ("level", ref.level), ("parent", parent?.code ?? "")]
            if let nature = ref.nature { properties.append(("nature", nature)) }
            let members = properties.map { "\(Self.json($0.0)):\(Self.json($0.1))" }.joined(separator: ",")
            write((index > 0 ? ",\n" : "\n") + "{\"type\":\"Feature\",\"properties\":{\(members)},\"geometry\":")
            write((shape.isEmpty ? "null" : GeoJSON.text(of: shape)) + "}")
        }
        write("\n]}\n")
    }

    private static func json(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where scalar.value < 32:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
