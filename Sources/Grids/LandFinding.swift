import Basics
import Geo

/// Something wrong with a set of boundaries, with its place and size.
package struct LandFinding: Sendable {
    package enum Sort: String, Sendable, CaseIterable {
        /// Nobody's land between or within; land of two; either of them nowhere wider than the tolerance.
        case gap, overlap, sliver
        /// An outline that crosses itself or is no area.
        case invalid
        /// One code twice.
        case duplicate
        /// A feature without a code; one that is no polygon.
        case nameless, shapeless
        /// A grid whose land all went to others, or that had none.
        case vanished
    }

    package let sort: Sort
    /// `gap-1`, …: numbered by sort in the order of the list; the same file gives the same numbers.
    package internal(set) var id = ""
    /// Of the grids concerned, in byte order.
    package let codes: [String]
    package let place: Coordinate?
    /// Square metres.
    package let area: Double
    /// Metres; zero where it means nothing.
    package let width: Double
    package let length: Double
    /// For a drawing.
    package let outline: MultiPolygon
    /// In the words of GEOS, of an invalid outline; else the number of the feature in the file, or what a sliver was.
    package let detail: String
    /// Mended without being asked: slivers.
    package let isRepaired: Bool
    /// Named by `accept`.
    package internal(set) var isAccepted = false

    /// Whether it alone keeps the import from going on.
    package var refuses: Bool { !isRepaired && !isAccepted }

    init(
        _ sort: Sort, codes: [String], place: Coordinate?, area: Double = 0, width: Double = 0, length: Double = 0,
        outline: MultiPolygon = .empty, detail: String = "", isRepaired: Bool = false
    ) {
        self.sort = sort
        self.codes = codes
        self.place = place
        self.area = area
        self.width = width
        self.length = length
        self.outline = outline
        self.detail = detail
        self.isRepaired = isRepaired
    }

    init(_ finding: Coverage.Finding, codes: [String], mends: Bool = true) {
        self.init(
            finding.isSliver ? .sliver : finding.sort == .gap ? .gap : .overlap, codes: finding.shapes.map { codes[$0] },
            place: finding.place, area: finding.area, width: finding.width, length: finding.length, outline: finding.outline,
            detail: finding.sort.rawValue, isRepaired: mends && finding.isSliver)
    }

    /// Numbers and marks a list: `all`, a sort (`gap`), or an id (`gap-3`) accepts.
    static func numbered(_ findings: [LandFinding], accept: Set<String>) -> [LandFinding] {
        var counts: [Sort: Int] = [:]
        let order = Dictionary(Sort.allCases.enumerated().map { ($1, $0) }) { first, _ in first }
        return findings.sorted {
            (order[$0.sort] ?? 0, -$0.area, $0.codes.first ?? "") < (order[$1.sort] ?? 0, -$1.area, $1.codes.first ?? "")
        }
        .map { finding in
            var finding = finding
            counts[finding.sort, default: 0] += 1
            finding.id = "\(finding.sort.rawValue)-\(counts[finding.sort] ?? 0)"
            finding.isAccepted =
                finding.isAccepted || accept.contains("all") || accept.contains(finding.sort.rawValue) || accept.contains(finding.id)
            return finding
        }
    }
}
