import Basics
import Geo
import Ledger
import Store

/// One copy of a demo city.
struct DemoCopy {
    /// The root's own grid, unit and post are there once.
    let shared: Set<UUIDv7>
    /// First-level grids of the demo: the copy's come after those of all before it.
    let firstLevel: Int
    /// Matters that are over: what earlier years keep.
    let over: Set<SQLValue>
    let district: Int
    let year: Int

    private static let ofYears: Set<String> = ["matter", "report", "part", "entry"]

    /// Whether each year has rows of its own in this table.
    static func isOfYears(_ rows: BulkRows) -> Bool { ofYears.contains(rows.table) }

    /// Columns that name something of a year, in these tables.
    private static let yearly: Set<String> = ["id", "matter_id", "first_matter_id", "merged_into", "ask_id", "subject_id"]
    /// What would ring or count for two.
    private static let once: Set<String> = ["timer", "number_block", "photo", "remark", "milestone", "clock"]

    func rows(_ rows: BulkRows) -> BulkRows? {
        guard !Self.once.contains(rows.table), year == 0 || Self.isOfYears(rows) else { return nil }
        let isOfYears = Self.isOfYears(rows)
        let owner = rows.columns.firstIndex(of: ["matter": "id", "entry": "subject_id"][rows.table] ?? "matter_id")
        let verb = rows.table == "entry" ? rows.columns.firstIndex(of: "verb") : nil
        let change = rows.columns.map { column in self.change(column, isOfYear: isOfYears && Self.yearly.contains(column)) }
        return rows.changed { row in
            let start = row.startIndex
            if let verb, row[start + verb] != .text("matter.opened") { return false }
            if year > 0, let owner, !over.contains(row[start + owner]) { return false }
            for (index, change) in change.enumerated() { change(&row[start + index]) }
            place(&row, rows.columns)
            return true
        }
    }

    /// - Parameter documents: what each subject of the demo is found by.
    func texts(_ texts: [IndexedText], _ documents: [UUIDv7: SearchDocument]) -> [IndexedText] {
        texts.filter { year == 0 || over.contains(.id($0.subject)) }.map { text in
            let document = documents[text.subject]
            // Records are of the district, matters of its year; in the first year that is the same.
            return text.of(moved(text.subject, isOfYear: true), marks: Set((document?.marks ?? []).map(moved)))
        }
    }

    private func moved(_ mark: SearchMark) -> SearchMark {
        switch mark {
        case .land(let path): .land(Path(moved(path.text)))
        case .person(let id): .person(moved(id, isOfYear: false))
        case .post(let id): .post(moved(id, isOfYear: false))
        case .category: mark
        }
    }

    private func change(_ column: String, isOfYear: Bool) -> (inout SQLValue) -> Void {
        let back = Int64(year) * 364 * 86_400_000
        switch column {
        case "path", "path_now", "path_then":
            return { if case .text(let path) = $0 { $0 = .text(moved(path)) } }
        case "number", "code":
            return { if case .text(let text) = $0, !text.isEmpty { $0 = .text("\(text)-\(district * 100 + year)") } }
        case _ where column == "at" || column.hasSuffix("_at"):
            return { if case .int(let at) = $0, year > 0 { $0 = .int(at - back) } }
        case "lon": return { if case .double(let lon) = $0 { $0 = .double(lon + east) } }
        case "lat": return { if case .double(let lat) = $0 { $0 = .double(lat + north) } }
        case "shape": return { if case .bytes(let wkb) = $0, district > 0 { $0 = .bytes(moved(wkb)) } }
        default: return { if case .id(let id) = $0 { $0 = .id(moved(id, isOfYear: isOfYear)) } }
        }
    }

    /// The cell follows the place.
    private func place(_ row: inout ArraySlice<SQLValue>, _ columns: [String]) {
        guard let cell = columns.firstIndex(of: "cell"), let lon = columns.firstIndex(of: "lon"), let lat = columns.firstIndex(of: "lat"),
            case .double(let x) = row[row.startIndex + lon], case .double(let y) = row[row.startIndex + lat]
        else { return }
        row[row.startIndex + cell] = .int(DemoCity.cell(x, y))
    }

    // Eight districts to a row, with room between them.
    private var east: Double { Double(district % 8) * 0.25 }
    private var north: Double { Double(district / 8) * 0.2 }

    private func moved(_ id: UUIDv7, isOfYear: Bool) -> UUIDv7 {
        if shared.contains(id) { return id }
        let mark = UInt64(district) << 40 | UInt64(isOfYear ? year : 0) << 32
        return UUIDv7(high: id.high, low: id.low ^ mark)
    }

    private func moved(_ path: String) -> String {
        let root = Path.root.text.utf8.count
        guard district > 0, path.utf8.count >= root + Path.segmentLength else { return path }
        let first = path.dropFirst(root).prefix(Path.segmentLength)
        guard let number = Int(first, radix: 36) else { return path }
        return Path.root.child(number + district * firstLevel).text + path.dropFirst(root + Path.segmentLength)
    }

    private func moved(_ wkb: [UInt8]) -> [UInt8] {
        guard let shape = try? RecordShape(wkb: wkb) else { return wkb }
        func moved(_ places: [Coordinate]) -> [Coordinate] { places.map { Coordinate(lon: $0.lon + east, lat: $0.lat + north) } }
        switch shape {
        case .lines(let lines): return RecordShape.lines(lines.map(moved)).wkb
        case .area(let area):
            return WKB.bytes(
                of: MultiPolygon(
                    area.polygons.map { polygon in
                        Polygon(outer: Ring(moved(polygon.outer.points)), holes: polygon.holes.map { Ring(moved($0.points)) })
                    }))
        }
    }
}
