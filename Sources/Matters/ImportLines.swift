import Basics
import Foundation
import Geo

/// Why a line of an export cannot be taken over.
package enum ImportRefusal: Refusal, Equatable {
    case unreadable(CSVFault)
    case numberMissing
    case numberTooLong
    case timeUnreadable(column: String, text: String)
    case placeUnreadable(String)
    case stateUnknown(String)
    case fileMissing(String)
    case fileEmpty(String)

    package var key: String {
        switch self {
        case .unreadable(.quoteNeverEnds): "import.quote_never_ends"
        case .unreadable(.textAfterQuote): "import.text_after_quote"
        case .unreadable(.tooLong): "import.too_long"
        case .unreadable(.fieldCount): "import.field_count"
        case .unreadable(.notUTF8): "import.not_utf8"
        case .unreadable(.zeroByte): "import.zero_byte"
        case .numberMissing: "import.number_missing"
        case .numberTooLong: "import.number_too_long"
        case .timeUnreadable: "import.time_unreadable"
        case .placeUnreadable: "import.place_unreadable"
        case .stateUnknown: "import.state_unknown"
        case .fileMissing: "import.file_missing"
        case .fileEmpty: "import.file_empty"
        }
    }

    package var values: [String: String] {
        switch self {
        case .unreadable(.fieldCount(let found, let expected)): ["found": String(found), "expected": String(expected)]
        case .unreadable(.tooLong(let bytes)): ["bytes": String(bytes)]
        case .unreadable, .numberMissing, .numberTooLong: [:]
        case .timeUnreadable(let column, let text): ["column": column, "text": String(text.prefix(80))]
        case .placeUnreadable(let text), .stateUnknown(let text): ["text": String(text.prefix(80))]
        case .fileMissing(let file), .fileEmpty(let file): ["file": file]
        }
    }
}

/// Turns the records of one file into matters, by a map.
package struct ImportLines {
    private struct Positions {
        let number, opened: Int
        let closed, longitude, latitude, state, mergedInto: Int?
        let words, place, category: [Int]
    }

    private let map: ImportMap
    private let at: Positions
    private let noPlace: [(position: Int, values: Set<String>)]
    /// Values of category columns that the map does not name, and on how many lines.
    package private(set) var unknownCategories: [String: Int] = [:]
    /// How many lines lie on each point; for finding a geocoder's default.
    private var points: [Point: Int] = [:]
    /// The same for lines that the map says have no place.
    private var defaults: [Point: Int] = [:]

    /// Whole degrees × 10⁶.
    private struct Point: Hashable {
        let lon, lat: Int32

        init(lon: Double, lat: Double) {
            self.lon = Int32((lon * 1e6).rounded())
            self.lat = Int32((lat * 1e6).rounded())
        }

        var coordinate: Coordinate { Coordinate(lon: Double(lon) / 1e6, lat: Double(lat) / 1e6) }
    }

    /// - Throws: `CatalogProblem` when the file lacks a column that the map names.
    package init(map: ImportMap, header: [String]) throws {
        self.map = map
        let positions = try map.positions(in: header)
        func find(_ name: String?) -> Int? { name.flatMap { positions[$0] } }
        let columns = map.columns
        at = Positions(
            number: find(columns.number) ?? 0, opened: find(columns.opened) ?? 0, closed: find(columns.closed),
            longitude: find(columns.longitude), latitude: find(columns.latitude), state: find(columns.state),
            mergedInto: find(columns.mergedInto), words: columns.words.compactMap(find), place: columns.place.compactMap(find),
            category: columns.category.compactMap(find))
        noPlace = map.noPlace.compactMap { name, values in find(name).map { ($0, values) } }
    }

    /// - Throws: `ImportRefusal`.
    package mutating func matter(_ record: CSVRecord) throws -> ImportedMatter {
        if let fault = record.fault { throw ImportRefusal.unreadable(fault) }
        let fields = record.fields
        let number = fields[at.number].trimmingSpaces
        guard !number.isEmpty else { throw ImportRefusal.numberMissing }
        // NB: it is indexed, and PostgreSQL's indexes take no long texts.
        guard number.utf8.count <= 200 else { throw ImportRefusal.numberTooLong }
        guard let openedAt = try time(fields, at.opened, map.columns.opened) else {
            throw ImportRefusal.timeUnreadable(column: map.columns.opened, text: "")
        }
        let closedAt = try time(fields, at.closed, map.columns.closed)
        let point = try point(fields)
        let standing = try standing(fields, closed: closedAt != nil)
        var matter = ImportedMatter(source: map.source, sourceNumber: number, openedAt: openedAt)
        if standing.state == .closed {
            // NB: exports hold lines closed before they were opened; time does not run backwards here.
            matter.closedAt = max(closedAt ?? openedAt, openedAt)
            matter.outcome = standing.outcome
        }
        matter.category = category(fields)
        matter.words = joined(fields, at.words)
        matter.place = joined(fields, at.place)
        matter.point = point
        matter.mergedInto = at.mergedInto.map { fields[$0].trimmingSpaces }.flatMap { $0.isEmpty || $0 == number ? nil : $0 }
        return matter
    }

    private func time(_ fields: [String], _ position: Int?, _ column: String?) throws -> Instant? {
        guard let position, !fields[position].isEmpty else { return nil }
        let text = fields[position]
        if map.times.isEmpty, let instant = Instant(iso: text, zone: map.zone) { return instant }
        for pattern in map.times {
            if let instant = pattern.instant(text, in: map.zone) { return instant }
        }
        throw ImportRefusal.timeUnreadable(column: column ?? "", text: text)
    }

    private mutating func point(_ fields: [String]) throws -> Coordinate? {
        guard let longitude = at.longitude, let latitude = at.latitude, !fields[longitude].isEmpty, !fields[latitude].isEmpty else {
            return nil
        }
        guard let lon = Double(fields[longitude]), let lat = Double(fields[latitude]), Coordinate(lon: lon, lat: lat).isOnEarth else {
            throw ImportRefusal.placeUnreadable("\(fields[longitude]), \(fields[latitude])")
        }
        if noPlace.contains(where: { $0.values.contains(fields[$0.position]) }) {
            defaults[Point(lon: lon, lat: lat), default: 0] += 1
            return nil
        }
        points[Point(lon: lon, lat: lat), default: 0] += 1
        return map.datum.toWGS84(Coordinate(lon: lon, lat: lat))
    }

    private func standing(_ fields: [String], closed: Bool) throws -> ImportMap.Standing {
        guard let position = at.state else { return ImportMap.Standing(state: closed ? .closed : .open, outcome: nil) }
        let text = fields[position].trimmingSpaces
        guard let standing = map.states[text] ?? map.states[ImportMap.anyOther] else { throw ImportRefusal.stateUnknown(text) }
        return standing
    }

    private mutating func category(_ fields: [String]) -> String? {
        for position in at.category {
            if let known = map.categories[fields[position]] { return known }
        }
        if let other = map.categories[ImportMap.anyOther] { return other }
        if let first = at.category.first, !fields[first].isEmpty { unknownCategories[fields[first], default: 0] += 1 }
        return nil
    }

    private func joined(_ fields: [String], _ positions: [Int]) -> String {
        guard positions.count != 1 else { return fields[positions[0]].trimmingSpaces }
        return positions.map { fields[$0].trimmingSpaces }.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    /// Points so many lines share that a geocoder's default is likely: at least 20 lines and one in a hundred.
    package func piles() -> [(point: Coordinate, lines: Int)] {
        let all = points.values.reduce(0, +)
        return Self.ordered(points.filter { $0.value >= 20 && $0.value * 100 >= all })
    }

    /// Points of the lines that the map says have no place.
    package func withoutPlace() -> [(point: Coordinate, lines: Int)] { Self.ordered(defaults) }

    private static func ordered(_ points: [Point: Int]) -> [(point: Coordinate, lines: Int)] {
        points.sorted { ($1.value, $0.key.lon, $0.key.lat) < ($0.value, $1.key.lon, $1.key.lat) }.map { ($0.key.coordinate, $0.value) }
    }
}
