import Basics
import Catalog
import Foundation
import Geo
import Matters
import Testing

@Suite struct ImportTests {
    static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path
    let catalog: Catalog

    init() throws { catalog = try Catalog(home: Self.home) }

    private func map(_ yaml: String) throws -> ImportMap { try ImportMap(yaml: yaml, file: "map.yaml", catalog: catalog) }

    private func read(_ csv: String, _ map: ImportMap) throws -> (matters: [ImportedMatter], bad: [String], lines: ImportLines) {
        var pieces = [Array(csv.utf8)][...]
        var reader = CSVReader(separator: map.separator) { pieces.popFirst() ?? [] }
        let header = try #require(try reader.next()).fields
        reader.columns = header.count
        var lines = try ImportLines(map: map, header: header)
        var matters: [ImportedMatter] = []
        var bad: [String] = []
        while let record = try reader.next() {
            do {
                matters.append(try lines.matter(record))
            } catch let refusal as ImportRefusal {
                bad.append("\(record.line) \(refusal.key)")
            }
        }
        return (matters, bad, lines)
    }

    @Test func readsBostonsExport() throws {
        let yaml = try String(contentsOfFile: Self.home + "/examples/boston311.yaml", encoding: .utf8)
        let map = try map(yaml)
        let csv = """
            case_id,open_dt,target_dt,closed_dt,status,reason,type,latitude,longitude,default_geocode,neighborhood,duplicate_of
            7,2011-07-01T02:18:31,2011-07-05T02:18:31,2011-07-01T06:12:43,Closed,Street Lights,Street Light Outages,42.2839,-71.1447,0,Roslindale,
            8,2011-12-01T02:18:31,,,Open,Housing,Bed Bugs,42.3594,-71.0587,1,Boston,
            9,2011-12-01T02:18:31,,2011-11-01T00:00:00,Closed,Trees,"Tree, in Park",42.3,-71.1,0,,7
            10,2011-12-32T02:18:31,,,Open,Housing,Bed Bugs,42.3594,-71.0587,0,Boston,
            ,2011-12-01T02:18:31,,,Open,Housing,Bed Bugs,42.3594,-71.0587,0,Boston,
            12,2011-12-01T02:18:31,,,Lost,Housing,Bed Bugs,42.3594,-71.0587,0,Boston,
            13,2011-12-01T02:18:31,,,Open,Housing,Bed Bugs,,,0,Boston,
            14,2011-12-01T02:18:31,,,Open,Housing,"Bed Bugs,,,0,Boston,
            15,2011-12-01T02:18:31,,,Open,Housing,Bed Bugs,92,-71.1,0,Boston,
            """
        let (matters, bad, lines) = try read(csv, map)
        #expect(matters.map(\.sourceNumber) == ["7", "8", "9", "13"])
        #expect(
            bad == [
                "5 import.time_unreadable", "6 import.number_missing", "7 import.state_unknown", "9 import.quote_never_ends",
                "10 import.place_unreadable",
            ])
        let first = matters[0]
        #expect(first.openedAt == Instant(iso: "2011-07-01T02:18:31-04:00", zone: .gmt))
        #expect(first.category == "street_lamp" && first.words == "Street Light Outages · Street Lights" && first.place == "Roslindale")
        #expect(first.point == Coordinate(lon: -71.1447, lat: 42.2839))
        #expect(matters[1].openedAt == Instant(iso: "2011-12-01T02:18:31-05:00", zone: .gmt))
        #expect(matters[1].point == nil && matters[1].category == nil && matters[1].closedAt == nil)
        #expect(matters[2].closedAt == matters[2].openedAt)
        #expect(matters.map(\.mergedInto) == [nil, nil, "7", nil])
        #expect(matters[3].point == nil)
        #expect(lines.withoutPlace().map(\.lines) == [1])
        #expect(lines.unknownCategories.isEmpty)
    }

    @Test func pointsOutAPileOfPoints() throws {
        let map = try map("{source: a, zone: UTC, columns: {number: n, opened: t, longitude: x, latitude: y}}")
        var csv = "n,t,x,y\n"
        for number in 0..<300 {
            csv += "\(number),2026-01-01,\(number % 5 == 0 ? "1.5,2.5" : "1.\(number),2.\(number)")\n"
        }
        let piles = try read(csv, map).lines.piles()
        #expect(piles.count == 1 && piles.first?.point == Coordinate(lon: 1.5, lat: 2.5) && piles.first?.lines == 60)
    }

    @Test func theMapNamesItsOwnMistakes() throws {
        func problem(_ yaml: String) -> CatalogProblem? {
            do {
                let map = try map(yaml)
                _ = try ImportLines(map: map, header: ["n", "opened_at"])
                return nil
            } catch { return error as? CatalogProblem }
        }
        #expect(problem("source: a\nzone: UTC\ncolumns: {number: n, opened: opened_at}") == nil)
        #expect(problem("source: a\nzone: Mars/Base\ncolumns: {number: n, opened: opened_at}")?.line == 2)
        let column = problem("source: a\nzone: UTC\ncolumns:\n  number: n\n  opened: openedat\n")
        #expect(column?.line == 5 && column?.values["nearest"] == "opened_at")
        let category = problem("source: a\nzone: UTC\ncolumns: {number: n, opened: opened_at}\ncategories:\n  X: street_lampp")
        #expect(category?.line == 5 && category?.values["nearest"] == "street_lamp")
        #expect(problem("source: a\nzone: UTC\ncolumns: {number: n, opened: opened_at}\nstates: {X: {state: gone}}")?.what == .wrongValue)
        #expect(problem("source: a\nzone: UTC\ncolumns: {number: n, opened: opened_at}\ntimes: [MM/dd]")?.what == .wrongValue)
    }

    @Test(arguments: [
        ("MM/dd/yyyy hh:mm:ss a", "1/2/2015 12:04:05 AM", "2015-01-02T00:04:05Z"),
        ("MM/dd/yyyy hh:mm:ss a", "12/31/2015 12:04:05 PM", "2015-12-31T12:04:05Z"),
        ("MM/dd/yyyy hh:mm:ss a", "12/31/2015", "2015-12-31T00:00:00Z"),
        ("dd.MM.yyyy HH:mm", "31.12.2015 23:59", "2015-12-31T23:59:00Z"),
        ("yyyy年MM月dd日 HH:mm", "2015年1月9日 8:05", "2015-01-09T08:05:00Z"),
        ("yyyyMMddHHmmss", "20150109080501", "2015-01-09T08:05:01Z"),
        ("MM/dd/yyyy hh:mm:ss a", "13/02/2015 10:04:05 AM", nil),
        ("MM/dd/yyyy hh:mm:ss a", "12/02/2015 13:04:05 AM", nil),
        ("MM/dd/yyyy hh:mm:ss a", "12/02/2015 10:04:05", nil),
        ("dd.MM.yyyy HH:mm", "31.12.2015 23:59 x", nil),
    ])
    func readsTimes(_ pattern: String, _ text: String, _ expected: String?) throws {
        let pattern = try #require(TimePattern(pattern))
        #expect(pattern.instant(text, in: .gmt)?.iso(in: .gmt) == expected)
    }
}
