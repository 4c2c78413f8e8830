import Basics
import Catalog
import Foundation
import Geo

extension LandFinding {
    /// What is wrong, where and how large, as a sentence for a person; without its id and state.
    package func words(_ strings: Strings, _ language: Language) -> String {
        let place = place.map { String(format: "%.6f,%.6f", $0.lon, $0.lat) } ?? "-"
        let codes = codes.prefix(8).joined(separator: ", ") + (codes.count > 8 ? ", …" : "")
        return strings.text(
            "land.finding." + key, language,
            [
                "codes": codes.isEmpty ? "-" : codes, "place": place, "area": Self.short(area), "width": Self.short(width),
                "length": Self.short(length), "detail": detail,
            ])
    }

    /// What a sliver was, a gap or an overlap, is in its detail; a gap may have nobody beside it.
    private var key: String {
        switch sort {
        case .sliver: "sliver_" + detail
        case .gap where codes.isEmpty: "gap_alone"
        default: sort.rawValue
        }
    }

    /// Whether it is dealt with: a key below `land.`.
    package var stateKey: String { isRepaired ? "land.repaired" : isAccepted ? "land.accepted" : "land.open" }

    private static func short(_ value: Double) -> String {
        value >= 100 ? String(Int(value.rounded())) : String(format: value < 0.1 ? "%.3f" : value < 1 ? "%.2f" : "%.1f", value)
    }
}
