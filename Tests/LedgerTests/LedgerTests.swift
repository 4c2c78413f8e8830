import Basics
import Catalog
import Foundation
import Geo
import Grids
import Ledger
import Posts
import Store
import Support
import Testing

/// A ledger over a root grid and one community.
private struct House: Sendable {
    static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path
    static let noon = Instant(iso: "2026-11-20T12:00:00+08:00", zone: .gmt) ?? Instant(milliseconds: 0)
    static let community = Path.root.child(1)
    static let base = Coordinate(lon: 113.62, lat: 34.75)

    static func id(_ label: String) -> UUIDv7 { UUIDv7(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000).derived(label) }
    static func record(_ label: String) -> RecordID { RecordID(id(label)) }
    static func act(_ label: String, _ actor: Actor = .system("test")) -> Act { Act(id: id("act \(label)"), at: noon, actor: actor) }
    static func east(_ meters: Double, north: Double = 0) -> Coordinate { LocalPlane(at: base).coordinate(x: meters, y: north) }

    let ledger: Ledger
    var day: Day { Self.noon.day(in: ledger.posts.zone) }

    init() throws {
        let catalog = try LiveCatalog(CatalogFiles.load(home: Self.home))
        ledger = Ledger(catalog: catalog, posts: Posts(catalog: catalog, time: TimeSource { House.noon }))
    }

    func build(_ tx: Transaction) throws {
        try tx.run(
            """
            INSERT INTO grid (id, code, name, level, nature, attributes, from_day, to_day)
            VALUES (\(GridID(Self.id("root"))), NULL, 'root', \(Level.root), NULL, '{}', \(Day.beginning), \(Day.end))
            """)
        try tx.run(
            """
            INSERT INTO grid_path (grid_id, parent_id, path, from_day, to_day)
            VALUES (\(GridID(Self.id("root"))), NULL, \(Path.root), \(Day.beginning), \(Day.end))
            """)
        try ledger.posts.bootstrap(at: Self.noon, in: tx)
        try put("槐荫小区", "compound", Self.east(0), in: tx)
        try put("3 号楼", "building", Self.east(20), ["address": .text("槐荫路 88 号"), "floors": .number(6)], in: tx)
        try put("5 号楼", "building", Self.east(90), in: tx)
        try put("槐荫路", "street", nil, shape: .lines([[Self.east(-500, north: 60), Self.east(500, north: 60)]]), in: tx)
        try put("化工路", "street", nil, shape: .lines([[Self.east(-500, north: -300), Self.east(500, north: -300)]]), in: tx)
    }

    func put(
        _ name: String, _ register: String, _ point: Coordinate?, _ values: [String: FactValue?] = [:], shape: RecordShape? = nil,
        act: String? = nil, in tx: Transaction
    ) throws {
        let new = NewRecord(
            id: Self.record(name), register: register, name: name, values: values, point: point, shape: shape, path: Self.community)
        try ledger.put(new, source: "demo", act: Self.act(act ?? name), in: tx)
    }
}

private func withHouse<T>(_ backend: Backend, _ body: (House, Database) async throws -> T) async throws -> T {
    let house = try House()
    return try await withDatabase(backend) { database in
        try await database.write { tx in try house.build(tx) }
        return try await body(house, database)
    }
}

@Suite struct LedgerTests {
    @Test(arguments: Backend.all) func aPlaceIsSaidInTheWordsOfWhatIsNearest(on backend: Backend) async throws {
        try await withHouse(backend) { house, database in
            try await database.read { tx throws in
                #expect(try house.ledger.placeWords(House.east(30), in: tx) == "槐荫路 88 号")
                #expect(try house.ledger.placeWords(House.east(85), in: tx) == "5 号楼")
                #expect(try house.ledger.placeWords(House.east(-60), in: tx) == "槐荫小区")
                #expect(try house.ledger.placeWords(House.east(-300, north: 100), in: tx) == "槐荫路")
                #expect(try house.ledger.placeWords(House.east(-300, north: -290), in: tx) == "化工路")
                #expect(try house.ledger.placeWords(House.east(-300, north: -150), in: tx) == nil)
                #expect(try house.ledger.placeWords(Coordinate(lon: 0, lat: 0), in: tx) == nil)
            }
            // A street that ends is told no more.
            try await database.write { tx in try house.ledger.end(House.record("化工路"), on: house.day, act: House.act("end"), in: tx) }
            #expect(try await database.read { tx in try house.ledger.placeWords(House.east(-300, north: -290), in: tx) } == nil)
        }
    }

    @Test(arguments: Backend.all) func aFactKeepsItsHistory(on backend: Backend) async throws {
        try await withHouse(backend) { house, database in
            for _ in 0..<2 {
                try await database.write { tx in
                    try house.put("3 号楼", "building", nil, ["floors": .number(7), "lifts": .number(2)], act: "visit", in: tx)
                }
            }
            try await database.read { tx throws in
                let record = try #require(try house.ledger.record(House.record("3 号楼"), in: tx))
                #expect(record.facts["floors"]?.value == .number(7) && record.facts["address"]?.value == .text("槐荫路 88 号"))
                #expect(record.facts["floors"]?.source == "demo" && record.facts["floors"]?.at == House.noon)
                #expect(record.point == House.east(20))
                let changes = try house.ledger.changes(of: record.id, in: tx)
                #expect(changes.map(\.element).sorted() == ["address", "floors", "floors", "lifts"])
                #expect(changes.contains { $0.old == .number(6) && $0.new == .number(7) })
            }
            await #expect(throws: LedgerRefusal.unknownElement("age")) {
                try await database.write { tx in try house.put("x", "building", nil, ["age": .number(1)], in: tx) }
            }
            await #expect(throws: LedgerRefusal.unknownRegister) {
                try await database.write { tx in try house.put("x", "ship", nil, in: tx) }
            }
        }
    }

    @Test(arguments: Backend.all) func recordsAreFoundByPathNearnessNameAndLink(on backend: Backend) async throws {
        try await withHouse(backend) { house, database in
            try await database.write { tx in
                let link = Link(id: LinkID(House.id("link")), from: House.record("3 号楼"), role: "stands_in", to: House.record("槐荫小区"))
                try house.ledger.add(link, act: House.act("link"), in: tx)
            }
            try await database.read { tx throws in
                let (ledger, day) = (house.ledger, house.day)
                #expect(try ledger.records("building", under: House.community, on: day, in: tx).map(\.name) == ["3 号楼", "5 号楼"])
                #expect(
                    try ledger.records("building", under: House.community, on: day, after: ("3 号楼", House.record("3 号楼")), in: tx).count
                        == 1)
                #expect(try ledger.count("building", under: House.community.child(1), on: day, in: tx) == 0)
                #expect(try ledger.near(House.base, meters: 50, registers: ["building"], on: day, in: tx).map(\.record.name) == ["3 号楼"])
                #expect(try ledger.find("槐荫", registers: ["building", "street", "compound"], under: .root, on: day, in: tx).count == 3)
                #expect(try ledger.links(to: House.record("槐荫小区"), on: day, in: tx).map(\.from) == [House.record("3 号楼")])
            }
            await #expect(throws: LedgerRefusal.wrongLink) {
                try await database.write { tx in
                    let link = Link(id: LinkID(House.id("l2")), from: House.record("槐荫小区"), role: "stands_in", to: House.record("3 号楼"))
                    try house.ledger.add(link, act: House.act("l2"), in: tx)
                }
            }
        }
    }

    @Test(arguments: Backend.all) func buildingsWithoutAHeadAreCounted(on backend: Backend) async throws {
        try await withHouse(backend) { house, database in
            try await database.write { tx in
                let posts = house.ledger.posts
                let post = PostID(House.id("head"))
                try posts.addPost(
                    NewPost(id: post, role: "building_head", name: "head", seat: .place(House.record("3 号楼").uuid)), act: House.act("post"),
                    in: tx)
                #expect(try house.ledger.headlessPlaces(under: .root, at: House.noon, in: tx).missing == 2)
                let person = PersonID(House.id("wu"))
                try posts.addPerson(Person(id: person, name: "吴"), act: House.act("wu"), in: tx)
                try posts.beginHolding(
                    Holding(id: HoldingID(House.id("h")), post: post, person: person, from: House.noon), act: House.act("h"), in: tx)
            }
            try await database.read { tx throws in
                let gap = try house.ledger.headlessPlaces(under: .root, at: House.noon, in: tx)
                #expect(gap.total == 2 && gap.missing == 1 && gap.items.map(\.name) == ["5 号楼"])
            }
        }
    }

    @Test func aShapeComesBackAsItWas() throws {
        let lines = RecordShape.lines([[House.base, House.east(10)], [House.east(5), House.east(7), House.east(9)]])
        #expect(try RecordShape(wkb: lines.wkb) == lines)
        let area = RecordShape.area(MultiPolygon(Box(west: 1, south: 2, east: 3, north: 4)))
        #expect(try RecordShape(wkb: area.wkb) == area)
        for length in 0..<lines.wkb.count { #expect(throws: (any Error).self) { try RecordShape(wkb: Array(lines.wkb.prefix(length))) } }
    }
}
