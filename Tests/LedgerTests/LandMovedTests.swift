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

/// A re-division: posts, remits and records follow the land (row A7).
@Suite struct LandMovedTests {
    private static func features(_ squares: [(String, Double, Double)]) -> [GeoJSON.Feature] {
        squares.map { code, west, east in
            let shape = MultiPolygon(Box(west: west, south: 34.70, east: east, north: 34.75))
            return GeoJSON.Feature(shape: shape, sort: "Polygon", properties: ["code": code, "name": code])
        }
    }

    @Test(arguments: Backend.all) func anEndedGridLeavesItsPostToItsHeir(on backend: Backend) async throws {
        let noon = Instant(iso: "2026-11-20T12:00:00+08:00", zone: .gmt) ?? Instant(milliseconds: 0)
        let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        let catalog = try LiveCatalog(CatalogFiles.load(home: home))
        let time = TimeSource { noon }
        let posts = Posts(catalog: catalog, time: time)
        let ledger = Ledger(catalog: catalog, posts: posts)
        let (levels, zone) = (catalog.current.levels, catalog.current.platform.zone)
        let grids = Grids(levels: levels, zone: zone, time: time)
        grids.move(with: [ledger, posts])
        let today = noon.day(in: zone)
        @Sendable func id(_ label: String) -> UUIDv7 { UUIDv7(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000).derived(label) }
        @Sendable func act(_ label: String) -> Act { .system("test", id: id("act \(label)"), at: noon) }
        func bring(_ squares: [(String, Double, Double)], replace: Bool = false, to database: Database) async throws -> LandDay {
            let land = try await database.read { try grids.land(in: $0) }
            var asked = LandImport(level: "subdistrict")
            asked.replace = replace
            asked.accept = ["all"]
            let plan = try asked.plan(Self.features(squares), on: land, levels: levels, today: today, at: noon)
            try await database.write { tx in try grids.apply(plan, by: .system("test"), at: noon, in: tx) }
            return try await database.read { try grids.reload(in: $0) }.on(today)
        }
        try await withDatabase(backend) { database in
            let root = GridID(id("root"))
            try await database.write { tx in
                try grids.bootstrap(id: root, name: "root", at: noon, in: tx)
                try posts.bootstrap(at: noon, in: tx)
            }
            let before = try await bring([("A", 113.50, 113.60), ("B", 113.60, 113.70)], to: database)
            let b = try #require(before.grid(level: "subdistrict", code: "B"))
            try await database.write { tx in
                try posts.addPost(
                    NewPost(id: PostID(id("center")), role: "subdistrict_center", name: "B", seat: .grid(b.id)), act: act("post"), in: tx)
                try posts.addPerson(Person(id: PersonID(id("he")), name: "何"), act: act("he"), in: tx)
                try posts.beginHolding(
                    Holding(id: HoldingID(id("h")), post: PostID(id("center")), person: PersonID(id("he")), from: noon - .days(9)),
                    act: act("h"), in: tx)
                try posts.addRemit(
                    Remit(id: RemitID(id("r")), owner: .post(PostID(id("center"))), subject: "gas", path: b.path), act: act("r"), in: tx)
                try ledger.put(
                    NewRecord(
                        id: RecordID(id("house")), register: "building", name: "house", point: Coordinate(lon: 113.69, lat: 34.72),
                        path: b.path),
                    source: "test", act: act("house"), in: tx)
                try posts.addPost(
                    NewPost(id: PostID(id("head")), role: "building_head", name: "head", seat: .place(id("house"))), act: act("head"),
                    in: tx)
            }
            let after = try await bring([("A", 113.50, 113.60), ("C", 113.60, 113.67), ("D", 113.67, 113.70)], replace: true, to: database)
            let c = try #require(after.grid(level: "subdistrict", code: "C"))
            let d = try #require(after.grid(level: "subdistrict", code: "D"))
            let holdings = try await database.read { tx in
                let book = try posts.book(in: tx)
                let answering = try #require(book.answering(at: c.path, on: noon))
                #expect(book.posts[answering.post]?.grid == c.id && answering.persons == [PersonID(id("he"))])
                // The old post's work goes along, and the other heir's post is there, with nobody on it.
                #expect(book.answering(post: PostID(id("center")), at: noon).by == answering.post)
                let other = try #require(book.answering(at: d.path, on: noon))
                #expect(book.posts[other.post]?.grid == d.id && other.isVacant)
                #expect(book.remits["gas"]?.map(\.path) == [c.path])
                #expect(try ledger.record(RecordID(id("house")), in: tx)?.path == d.path)
                #expect(book.posts[PostID(id("head"))]?.path == d.path)
                return try posts.holdings(of: PersonID(id("he")), in: tx)
            }
            #expect(holdings.count == 2 && holdings.first?.to == noon && holdings.last?.from == noon && holdings.last?.to == nil)
        }
    }
}
