import Basics
import Store

/// The demo's district again and again, to measure with: beside itself as the districts of one city, and year before year.
///
/// A copy has land, records, units, posts and holders of its own. Of earlier years there is what is over: matters with their reports and
/// parts, and the line of the journal with which each began.
package struct DemoCopies: Sendable {
    package let districts: Int
    package let years: Int
    /// Of the one district's matters, when fewer are wanted than it has.
    let share: Double

    package init(districts: Int, years: Int, share: Double = 1) {
        self.districts = max(1, districts)
        self.years = max(1, years)
        self.share = share
    }

    /// As many as come to about so many matters, in at most eight years.
    package init(matters: Int) {
        let copies = max(1, Int((Double(matters) / Double(Life.matters)).rounded()))
        let years = min(copies, copies < 100 ? 5 : 8)
        self.init(districts: (copies + years - 1) / years, years: years, share: min(1, Double(matters) / Double(Life.matters)))
    }

    /// So many grids at least, and years enough for so many matters.
    package init(grids: Int, matters: Int) {
        let districts = max(1, (grids + Self.grids - 1) / Self.grids)
        let copies = max(1, Double(matters) / Self.matters)
        let years = max(1, Int((copies / Double(districts)).rounded()))
        self.init(districts: max(districts, Int((copies / Double(years)).rounded(.up))), years: years)
    }

    /// Of one district; an earlier year has a little fewer matters than the last one, in which some are still open.
    private static let grids = 1644
    private static let matters = 19_750.0

    /// All but the first, which is the demo itself.
    var all: [(district: Int, year: Int)] {
        (0..<districts).flatMap { district in (0..<years).map { (district, $0) } }.dropFirst().map { $0 }
    }
}

extension DemoCity {
    func copies(_ copies: DemoCopies, root: DemoRoot) -> [DemoCopy] {
        let matters = values("matter", "id", "state", "merged_into")
        var over = Set(matters.filter { $0[1] != .text("open") && $0[1] != .text("done") && $0[1] != .text("merged") }.map { $0[0] })
        over.formUnion(matters.filter { $0[1] == .text("merged") && over.contains($0[2]) }.map { $0[0] })
        let firstLevel = Set(
            values("grid_path", "path").compactMap { row in
                if case .text(let path) = row[0] { path.prefix(Path.root.text.utf8.count + Path.segmentLength) } else { nil }
            })
        let shared: Set<UUIDv7> = [root.grid, root.unit, root.post]
        return copies.all.map {
            DemoCopy(shared: shared, firstLevel: firstLevel.count, over: over, district: $0.district, year: $0.year)
        }
    }

    func values(_ table: String, _ names: String...) -> [[SQLValue]] { Self.values(tables, table, names) }

    static func values(_ tables: [BulkRows], _ table: String, _ names: [String]) -> [[SQLValue]] {
        tables.filter { $0.table == table }.flatMap { rows in
            let places = names.compactMap { rows.columns.firstIndex(of: $0) }
            guard places.count == names.count else { return [[SQLValue]]() }
            return stride(from: 0, to: rows.values.count, by: rows.columns.count).map { start in places.map { rows.values[start + $0] } }
        }
    }
}
