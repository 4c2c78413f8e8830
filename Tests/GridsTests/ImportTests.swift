import Basics
import Geo
import Grids
import Store
import Support
import Testing

@Suite struct ImportTests {
    typealias T = LandTown

    private var four: [GeoJSON.Feature] {
        [
            T.feature("01", T.block(0, 0, 500, 500)), T.feature("02", T.block(500, 0, 500, 500)),
            T.feature("03", T.block(0, 500, 500, 500)),
            T.feature("04", T.block(500, 500, 500, 500)),
        ]
    }

    @Test("a set is made once, and the same file again changes nothing", arguments: Backend.all)
    func twice(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await LandTown(database)
            let first = try await town.take("community", four)
            #expect(first.made == 4 && first.findings.isEmpty && !first.isRefused)
            #expect(town.codes(100, 100) == "01" && town.codes(900, 900) == "04" && town.codes(-50, 100) == "")
            // Before anybody counted days it was so.
            #expect(town.codes(100, 100, on: "1990-01-01") == "01")
            let again = try await town.take("community", four)
            #expect(again.changesNothing && again.unchanged == 4)
            let entries = try await database.read {
                try $0.count("SELECT COUNT(*) FROM entry WHERE verb LIKE 'grid.%' OR verb LIKE 'land.%'")
            }
            #expect(entries == 6)
        }
    }

    @Test("parents: by code, by property, or the smallest that holds 99 %; codes keep their zeros", arguments: Backend.all)
    func parents(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await LandTown(database)
            try await town.take("subdistrict", [T.feature("1", T.block(0, 0, 1000, 1000))])
            try await town.take("community", four)
            #expect(town.codes(100, 100) == "1,01")
            try await town.take("micro", [T.feature("0113", T.block(500, 500, 500, 500)), T.feature("0114", T.block(500, 0, 500, 500))]) {
                $0.accept = ["gap"]
            }
            #expect(town.codes(700, 700) == "1,04,0113" && town.codes(700, 100) == "1,02,0114" && town.codes(100, 100) == "1,01")
            // Whatever the parents' outlines say.
            try await town.take("third", [T.feature("9", T.block(1000, 0, 100, 100), ["up": "04"])]) {
                $0.parent = .field("up")
                $0.accept = ["all"]
            }
            #expect(town.codes(1050, 50) == "1,04,9")
            #expect(throws: LandRefusal.unknownParent(["77"])) {
                try town.plan("third", [T.feature("8", T.block(0, 0, 10, 10))]) { $0.parent = .code("77") }
            }
            let counts = town.grids.land.on().counts()
            #expect(
                counts.map { [$0.level, String($0.grids)] } == [
                    ["subdistrict", "1"], ["community", "4"], ["third", "1"], ["micro", "2"],
                ])
        }
    }

    @Test("every fault is named, refuses, and can be accepted", arguments: Backend.all)
    func faults(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await LandTown(database)
            let bow = MultiPolygon([Polygon(outer: Ring([T.at(2000, 0), T.at(2100, 100), T.at(2100, 0), T.at(2000, 100)]))])
            var features = four
            features[3] = T.feature("04", T.block(480, 500, 520, 500))  // 20 m over 03
            features += [
                T.feature("01", T.block(0, 0, 500, 500)), T.feature("", T.block(3000, 0, 50, 50)), T.feature("06", nil),
                T.feature("07", bow),
                T.feature("08", T.block(1003, 0, 500, 1000)),  // a strip of 3 m east of 02 and 04
            ]
            let plan = try town.plan("community", features)
            #expect(plan.isRefused)
            #expect(Set(plan.findings.map(\.sort)) == [.overlap, .sliver, .invalid, .duplicate, .nameless, .shapeless])
            #expect(plan.findings.first { $0.sort == .overlap }?.codes == ["03", "04"])
            #expect(abs((plan.findings.first { $0.sort == .overlap }?.width ?? 0) - 20) < 0.2)
            let grids = town.grids
            await #expect(throws: LandRefusal.self) {
                try await town.database.write { try grids.apply(plan, by: .system("test"), at: Instant(milliseconds: 0), in: $0) }
            }
            try await town.reload()
            #expect(town.grids.land.grids.count == 1)
            let accepted = try await town.take("community", features) { $0.accept = ["all"] }
            #expect(!accepted.isRefused && accepted.made == 6)
            #expect(town.codes(490, 700) == "03" && town.codes(1001.5, 700) != "" && town.codes(2005, 50) == "07")
            #expect(try await town.take("community", features) { $0.accept = ["all"] }.changesNothing)
            #expect(try town.plan("community", features) { $0.accept = Set(plan.findings.map(\.id)) }.isRefused == false)
            #expect(LandDrawing(plan).svg.contains("overlap-1"))
        }
    }

    @Test("a hole in the set and a parent that is not filled are gaps", arguments: Backend.all)
    func gaps(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await LandTown(database)
            try await town.take("subdistrict", [T.feature("1", T.block(0, 0, 1000, 1000))])
            let plan = try town.plan("community", Array(four.prefix(3)))
            #expect(plan.isRefused && plan.findings.map(\.sort) == [.gap])
            #expect(abs((plan.findings.first?.area ?? 0) - 250_000) < 500)
            let narrow = try town.plan("community", [T.feature("01", T.block(2, 1, 996, 998))])
            #expect(!narrow.isRefused && narrow.findings.map(\.sort) == [.sliver])
            #expect(try town.plan("community", [T.feature("01", T.block(2, 1, 996, 998))]) { $0.tolerance = 0 }.isRefused)
        }
    }

    @Test("GCJ-02 given as WGS-84 stops the import when the parents show it", arguments: Backend.all)
    func datum(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await LandTown(database)
            let alone = try town.plan("subdistrict", [T.feature("1", T.block(0, 0, 1000, 1000))])
            #expect(alone.notices.map(\.key).contains("datum_unknown"))
            try await town.take("subdistrict", [T.feature("1", T.block(0, 0, 1000, 1000))])
            let shifted = four.map { T.feature($0.properties["code"] ?? "", $0.shape.map { $0.map { ChineseDatum.gcj02.fromWGS84($0) } }) }
            #expect {
                try town.plan("community", shifted) { $0.parent = .code("1") }
            } throws: { error in
                if case .looksLikeGCJ02? = error as? LandRefusal { true } else { false }
            }
            #expect(throws: LandRefusal.self) { try town.plan("community", shifted) }
            let converted = try await town.take("community", shifted) { $0.datum = .gcj02 }
            #expect(converted.made == 4 && !converted.isRefused)
            #expect(town.codes(100, 100) == "1,01")
        }
    }

    @Test("coordinates that are no degrees are refused, whatever is accepted; a set that lost its land is no grid", arguments: Backend.all)
    func withoutLand(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await LandTown(database)
            let meters = MultiPolygon(Box(west: 463_351, south: 3_841_384, east: 464_268, north: 3_842_493))
            #expect(throws: LandRefusal.offTheEarth(2)) {
                try town.plan("community", [four[0], T.feature("02", meters)]) { $0.accept = ["all"] }
            }
            let line = MultiPolygon([Polygon(outer: Ring([T.at(0, 0), T.at(0, 0), T.at(0, 0)]))])
            let bad = Array(four.prefix(3)) + [T.feature("04", line), T.feature("05", nil)]
            #expect(try town.plan("community", bad).isRefused)
            let plan = try await town.take("community", bad) { $0.accept = ["all"] }
            #expect(plan.made == 3 && plan.findings.map(\.sort).contains(.invalid) && plan.findings.map(\.sort).contains(.shapeless))
            // What the file names without being able to draw it is not lacking.
            try await town.take("community", four)
            let again = try await town.take("community", bad) {
                $0.accept = ["all"]
                $0.replace = true
            }
            #expect(again.ended == 0 && town.codes(700, 700) == "04")
        }
    }

    @Test("a code given twice is a finding, even where the names would tell the features apart")
    func codeTwice() async throws {
        try await withDatabase(.sqlite) { database in
            let town = try await LandTown(database)
            let names = ["甲", "乙", "丙", "丁"]
            let features = zip(four, names).map {
                GeoJSON.Feature(
                    shape: $0.shape, sort: "Polygon",
                    properties: ["code": $0.properties["code"] == "04" ? "03" : $0.properties["code"] ?? "", "name": $1])
            }
            let plan = try town.plan("community", features)
            #expect(plan.codeField == "code" && plan.findings.map(\.sort) == [.duplicate] && plan.findings.first?.codes == ["03"])
            // One and the same for all is no code.
            let same = zip(four, names).map { GeoJSON.Feature(shape: $0.shape, sort: "Polygon", properties: ["code": "7", "name": $1]) }
            #expect(try town.plan("community", same).codeField == "name")
        }
    }

    @Test("fields are guessed, and a wrong name is said")
    func fields() async throws {
        try await withDatabase(.sqlite) { database in
            let town = try await LandTown(database)
            func features(_ properties: [[String: String]]) -> [GeoJSON.Feature] {
                properties.enumerated().map {
                    GeoJSON.Feature(shape: T.block(Double($0) * 100, 0, 100, 100), sort: "Polygon", properties: $1)
                }
            }
            let plan = try town.plan("community", features([["ward": "1", "precinct": "0101"], ["ward": "1", "precinct": "0102"]]))
            #expect(plan.codeField == "precinct" && plan.nameField == nil)
            let named = try town.plan("community", features([["adcode": "410102", "name": "中原区"], ["adcode": "410103", "name": "二七区"]]))
            #expect(named.codeField == "adcode" && named.nameField == "name")
            #expect(throws: LandRefusal.noSuchField("kode", known: "name")) {
                try town.plan("community", features([["name": "a"]])) { $0.codeField = "kode" }
            }
            #expect(throws: LandRefusal.unknownLevel("village", known: "subdistrict, community, third, micro")) {
                try town.plan("village", four)
            }
        }
    }
}
