import Basics
import Catalog
import Foundation
import Geo

/// How to read one city's export: `examples/boston311.yaml` shows every key.
package struct ImportMap: Sendable {
    /// How far the other system had come; `outcome` is of a closed one, nil when it does not say.
    struct Standing: Sendable, Equatable {
        enum State: String, CaseIterable, Sendable { case open, closed }

        let state: State
        let outcome: Matter.Outcome?
    }

    /// Names of columns. `words`, `place` and `category` may be several; their values are joined, of categories the first known counts.
    package struct Columns: Sendable {
        package let number, opened: String
        package let closed, longitude, latitude, state, mergedInto: String?
        package let words, place, category: [String]
    }

    /// Name of the other system, kept with each report.
    package let source: String
    /// Of every time that names no offset.
    package let zone: TimeZone
    package let datum: ChineseDatum
    package let separator: Character
    /// Nil: as the header is written, UTF-8 or GBK.
    package let encoding: TextEncoding?
    package let columns: Columns
    /// Patterns of times; none means ISO 8601.
    package let times: [TimePattern]
    /// Value of a category column → catalog category; nil leaves it open.
    package let categories: [String: String?]
    let states: [String: Standing]
    /// A line whose column has one of the values lies on the geocoder's default and has no place.
    package let noPlace: [String: Set<String>]
    /// The whole file, for problems that show only against a header.
    private let node: CatalogNode

    /// For what stands in `categories` and `states` under no other key.
    package static let anyOther = "*"

    /// - Throws: `CatalogProblem` naming file, line and remedy.
    package init(yaml text: String, file: String, catalog: Catalog) throws {
        let node = try CatalogNode(yaml: text, file: file)
        try node.known("source", "zone", "coordinates", "separator", "encoding", "columns", "times", "categories", "states", "no_place")
        self.node = node
        source = try node.text("source")
        let zoneNode = try node.required("zone")
        guard let zone = TimeZone(identifier: try zoneNode.asText()) else {
            let known = ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "UTC"]
            throw zoneNode.problem(
                .wrongValue, ["found": try zoneNode.asText(), "nearest": known[0], "known": known.joined(separator: ", ")])
        }
        self.zone = zone
        datum = try node.choice("coordinates", or: .wgs84)
        let separator = try node.text("separator", or: ",")
        guard let first = separator.first, separator.count == 1, first.isASCII else {
            throw try node.required("separator").problem(.wrongValue, ["found": separator, "nearest": ",", "known": ", ; | (tab)"])
        }
        self.separator = first
        encoding = try node.optionalText("encoding").map { name in
            guard let encoding = TextEncoding(named: name) else {
                throw try node.required("encoding").problem(.wrongValue, ["found": name, "nearest": "gbk", "known": "utf-8, gbk, latin1"])
            }
            return encoding
        }
        columns = try Columns(node.required("columns"))
        times = try (node["times"]?.asTexts() ?? []).map { text in
            guard let pattern = TimePattern(text) else {
                throw try node.required("times").problem(
                    .wrongValue, ["found": text, "nearest": "MM/dd/yyyy hh:mm:ss a", "known": "yyyy MM dd HH hh mm ss a"])
            }
            return pattern
        }
        categories = try node.map("categories").reduce(into: [:]) { known, entry in
            known[entry.key] = .some(try Self.category(entry.value, catalog))
        }
        states = try node.map("states").reduce(into: [:]) { known, entry in
            try entry.value.known("state", "outcome")
            known[entry.key] = Standing(state: try entry.value.choice("state"), outcome: try entry.value["outcome"]?.asChoice())
        }
        noPlace = try node.map("no_place").reduce(into: [:]) { $0[$1.key] = Set(try $1.value.asTexts()) }
    }

    private static func category(_ node: CatalogNode, _ catalog: Catalog) throws -> String? {
        if node.isNull { return nil }
        let id = try node.asText()
        guard catalog.category(id) != nil else {
            let nearest = Nearest.name(to: id, among: catalog.categories.map(\.id))
            throw node.problem(.unknownId, ["found": id, "nearest": nearest, "known": "catalog/categories"])
        }
        return id
    }

    /// Where the columns stand in a file.
    /// - Throws: `CatalogProblem` at the line of the map that names a column the header lacks, with the nearest that it has.
    func positions(in header: [String]) throws -> [String: Int] {
        let positions = Dictionary(header.enumerated().map { ($1.trimmingSpaces, $0) }) { first, _ in first }
        func check(_ name: String, _ node: CatalogNode) throws {
            guard positions[name] == nil else { return }
            let known = header.joined(separator: ", ")
            throw node.problem(.unknownId, ["found": name, "nearest": Nearest.name(to: name, among: header), "known": known])
        }
        for entry in try node.map("columns") {
            for name in try entry.value.isNull ? [] : entry.value.asTexts() { try check(name, entry.value) }
        }
        for entry in try node.map("no_place") { try check(entry.key, entry.value) }
        return positions
    }
}

extension ImportMap.Columns {
    init(_ node: CatalogNode) throws {
        try node.known("number", "opened", "closed", "longitude", "latitude", "state", "merged_into", "words", "place", "category")
        number = try node.text("number")
        opened = try node.text("opened")
        closed = try node.optionalText("closed")
        longitude = try node.optionalText("longitude")
        latitude = try node.optionalText("latitude")
        state = try node.optionalText("state")
        mergedInto = try node.optionalText("merged_into")
        words = try node.texts("words")
        place = try node.texts("place")
        category = try node.texts("category")
    }
}
