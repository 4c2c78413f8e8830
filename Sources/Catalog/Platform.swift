import Basics
import Foundation

/// A short text of this place in each language; Chinese stands in for what is missing.
package struct Localized: Hashable, Sendable {
    package let texts: [Language: String]

    package init(_ texts: [Language: String]) { self.texts = texts }

    init(_ node: CatalogNode?) throws {
        guard let node else {
            texts = [:]
            return
        }
        guard node.isMap else {
            texts = [.chinese: try node.asText()]
            return
        }
        try node.known(Language.allCases.map(\.rawValue))
        texts = try Language.allCases.reduce(into: [:]) { $0[$1] = try node.optionalText($1.rawValue) }
    }

    package subscript(_ language: Language) -> String { texts[language] ?? texts[.chinese] ?? texts.values.first ?? "" }
}

/// What holds for the whole place: `catalog/platform.yaml`.
package struct Platform: Hashable, Sendable {
    /// Name of the district on every page.
    package let name: Localized
    package let motto: Localized
    package let zone: TimeZone
    /// Where anybody may complain about this platform or those who use it; empty hides the line.
    package let supervisionPhone: String
    /// The number of the map review (审图号) shown on public maps; empty says so.
    package let reviewNumber: String
    package let languages: [Language]
    /// Open311 jurisdiction_id.
    package let jurisdiction: String
    /// Where the map opens before there is any grid: longitude, latitude.
    package let center: (lon: Double, lat: Double)
    /// Address of raster background tiles (`https://…/{z}/{x}/{y}.png`); nil draws no background.
    package let tiles: String?
    /// How many metres from a boundary count as the border.
    package let border: Double

    package static func == (a: Platform, b: Platform) -> Bool {
        a.name == b.name && a.motto == b.motto && a.zone == b.zone && a.supervisionPhone == b.supervisionPhone
            && a.reviewNumber == b.reviewNumber && a.languages == b.languages && a.jurisdiction == b.jurisdiction && a.center == b.center
            && a.tiles == b.tiles && a.border == b.border
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(jurisdiction) }

    init(_ node: CatalogNode) throws {
        try node.known(
            "name", "motto", "zone", "supervision_phone", "review_number", "languages", "jurisdiction", "center", "tiles", "border")
        name = try Localized(node.required("name"))
        motto = try Localized(node["motto"])
        let zoneNode = try node.required("zone")
        guard let zone = TimeZone(identifier: try zoneNode.asText()) else {
            throw zoneNode.problem(.wrongValue, ["found": try zoneNode.asText(), "nearest": "Asia/Shanghai", "known": "Asia/Shanghai"])
        }
        self.zone = zone
        supervisionPhone = try node.text("supervision_phone", or: "")
        reviewNumber = try node.text("review_number", or: "")
        let languages: [Language] = try node.list("languages").map { try $0.asChoice() }
        self.languages = languages.isEmpty ? Language.allCases : languages
        jurisdiction = try node.text("jurisdiction")
        let point = try node.list("center").map { try $0.asNumber() }
        center = point.count == 2 ? (point[0], point[1]) : (113.62, 34.75)
        tiles = try node.optionalText("tiles")
        border = try node.number("border", or: 10)
    }
}
