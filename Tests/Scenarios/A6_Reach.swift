import Basics
import Foundation
import Grids
import Ledger
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

@Suite struct A6_Reach {
    /// A building of the micro-grid 春晖 1-1, with nobody to head it.
    private static func building(_ town: Town) async throws -> RecordID {
        let id = RecordID(Town.id("building"))
        let path = try town.grid("1.1.1.1").path
        let (ledger, now) = (town.engines.ledger, town.clock.time.now)
        try await town.engines.database.write { tx in
            let new = NewRecord(id: id, register: "building", name: "槐荫里 3 号楼", point: Town.micro, path: path)
            try ledger.put(new, source: "test", act: .system("test", id: Town.id("put building"), at: now), in: tx)
        }
        return id
    }

    private static func count(_ text: String, _ name: String) -> Int? {
        guard let section = text.range(of: ">\(name)</a></h2>") else { return nil }
        return text[section.upperBound...].firstMatch(of: #/<b>(\d+)</b>/#).flatMap { Int($0.1) }
    }

    @Test(
        "the page counts grids without a leader, vacant posts and headless buildings, and says who answers meanwhile",
        arguments: Backend.all)
    func coverage(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let building = try await Self.building(town)
            let admin = try await town.browser("安平")
            let home = try await admin.get("/admin?lang=zh-Hans")
            #expect(home.status == 200 && !home.text.contains("⟦") && !home.text.contains("admin.gap"))
            // Nineteen grids and the root; eight of them have somebody.
            #expect(Self.count(home.text, "没有负责人的网格") == 12)
            #expect(Self.count(home.text, "空缺的岗位") == 2 + 1)  // the root's own first post is vacant too
            #expect(Self.count(home.text, "没有楼栋长的楼栋") == 1)
            #expect(home.text.contains("暂由“worker”负责"))
            #expect(home.links.contains("/admin/posts/\(Town.post("vacant"))#begin"))
            #expect(home.links.contains("/admin/places/\(building)#add"))
            let all = try await admin.get("/admin/gaps/leaderless?grid=\(try town.grid("2").id)")
            #expect(all.text.contains("柳林1-1") && !all.text.contains("和平1-1"))
            let english = try await admin.get("/admin?lang=en")
            #expect(english.text.contains("Grids without a leader") && english.text.contains("lang=\"en\""))
        }
    }

    @Test("each row leads straight to filling it; a filled one is gone from the list", arguments: Backend.all)
    func fill(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let building = try await Self.building(town)
            let admin = try await town.browser("安平")
            // A grid whose post is vacant.
            let post = try await admin.get("/admin/posts/\(Town.post("vacant"))?lang=zh-Hans")
            let filled = try await admin.post(
                "/admin/posts/\(Town.post("vacant"))/acts/begin_holding",
                [("csrf", post.input("csrf") ?? ""), ("act", post.input("act") ?? ""), ("name", "叶知秋"), ("phone", "13800000000")])
            #expect(filled.status == 303)
            #expect(try await admin.open(filled.location).text.contains("叶知秋"))
            // A building without even a post: add it, then put somebody there.
            let place = try await admin.get("/admin/places/\(building)")
            #expect(place.text.contains("槐荫里 3 号楼"))
            let added = try await admin.post(
                "/admin/places/\(building)/acts/add_post",
                [("csrf", place.input("csrf") ?? ""), ("act", place.input("act") ?? ""), ("role", "building_head")])
            #expect(added.status == 303)
            let head = try await admin.open(added.location)
            let path = added.location.prefix { $0 != "?" }
            let begun = try await admin.post(
                "\(path)/acts/begin_holding",
                [("csrf", head.input("csrf") ?? ""), ("act", head.input("act") ?? ""), ("person", Town.person("柳青").description)])
            #expect(begun.status == 303)
            let home = try await admin.get("/admin")
            #expect(Self.count(home.text, "没有负责人的网格") == 11)
            #expect(Self.count(home.text, "没有楼栋长的楼栋") == 0)
            #expect(!home.text.contains("/admin/posts/\(Town.post("vacant"))#begin"))
        }
    }

    @Test("an officer has no administration; an administrator reads no matter", arguments: Backend.all)
    func apart(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let officer = try await town.browser("何雨")
            #expect(try await officer.get("/admin").status == 403)
            #expect(try await officer.get("/admin/posts/\(Town.post("vacant"))").status == 403)
            let opened = try await town.report("窨井盖松动", at: Town.micro)
            let admin = try await town.browser("安平")
            #expect(try await admin.get("/desk").status == 403)
            for path in ["/admin", "/admin/grids/\(try town.grid("1.1.1.1").id)", "/admin/units", "/admin/people"] {
                let page = try await admin.get(path)
                #expect(page.status == 200 && !page.text.contains(opened.matter.number) && !page.text.contains("窨井盖松动"), "\(path)")
            }
        }
    }
}
