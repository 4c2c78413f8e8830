import Basics
import Foundation
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

/// Screens on walls: an address that reads, and nothing else.
@Suite struct K1_Walls {
    private static func form(_ town: Town, _ name: String, _ fields: [(String, String)]) -> [(String, String)] {
        [("csrf", Town.csrf(name)), ("act", UUIDv7(at: .systemNow).description)] + fields
    }

    private static func address(_ page: WebClient.Answer) throws -> String {
        let match = try #require(page.text.firstMatch(of: #/value="http://town\.test(/wall/[^"]+)"/#))
        return String(match.1)
    }

    @Test("a center makes one for its land and ends it; it shows marks and figures, no name and no way in", arguments: Backend.all)
    func wall(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let open = try await town.report("王大明的路灯不亮", at: Town.micro)
            try await town.perform("林小满", "accept", open.matter.id)
            try await town.perform("林小满", "report_up", open.matter.id)
            let inside = try await town.report("不便公开的话", at: Town.micro)
            try await town.engines.database.write { try $0.run("UPDATE matter SET privacy = 'inside' WHERE id = \(inside.matter.id)") }
            let other = try await town.report("隔壁街道的事", at: Town.otherSubdistrict)
            let (grid, otherGrid) = (try town.grid("1").id, try town.grid("2").id)
            let center = try await town.browser("苏城")
            let made = try await center.post("/walls", Self.form(town, "苏城", [("name", "一楼大厅"), ("grid", grid.description)]))
            #expect(made.status == 303)
            try await town.settle()
            let list = try await center.get("/walls?lang=zh-Hans")
            #expect(list.text.contains("一楼大厅"))
            let path = try Self.address(list)
            #expect(path.count >= 24)

            // Somebody without any account, and somebody signed in, see the same.
            let stranger = try await town.browser()
            for (who, browser) in [("nobody", stranger), ("officer of the other land", try await town.browser("柳青"))] {
                let page = try await browser.get(path)
                #expect(page.status == 200 && page.text.contains("data-map=") && page.header("set-cookie") == nil, "\(who)")
                #expect(page.links.allSatisfy { $0.hasPrefix("/assets/") || $0 == "#main" }, "\(who): \(page.links)")
                #expect(!page.text.contains("<form") && !page.text.contains("csrf") && !page.text.contains("/desk"), "\(who)")
                for piece in ["/pieces/battle-figures", "/pieces/battle-now", "/map.svg"] {
                    #expect(try await browser.get(path + piece).status == 200, "\(who) \(piece)")
                }
            }
            let page = try await stranger.get(path + "?lang=zh-Hans")
            for name in ["林小满", "周禾", "何雨", "秦岭", "苏城", "王大明", "不便公开", open.matter.number, inside.matter.number] {
                #expect(!page.text.contains(name), "\(name)")
            }
            let now = try await stranger.get(path + "/pieces/battle-now?lang=zh-Hans")
            #expect(now.text.contains("一件事项") && !now.text.contains("<a "))
            // Marks of its land: the same count as the center's, and nothing of the land beside.
            let tiles = try await K1_BattleMap.marks(stranger, zoom: 14, under: path)
            #expect(K1_BattleMap.count(tiles, "red") == 1 && K1_BattleMap.count(tiles, "none") == 1)
            let near = try await K1_BattleMap.marks(stranger, zoom: 17, under: path)
            #expect(!near.contains { $0.values["id"] == other.matter.id.description })
            #expect(try await stranger.get(path + "?grid=\(otherGrid)").text.contains("<h1>建安街道"))
            #expect(try await stranger.get(path + "/pieces/table").status == 404)

            // No session comes from it, and it is no other sort of key.
            let token = String(path.dropFirst("/wall/".count))
            #expect(stranger.cookies.keys.allSatisfy { $0 == "weiwang_language" }, "\(stranger.cookies)")
            #expect(try await stranger.get("/command/map").location.hasPrefix("/sign-in"))
            let thief = try await town.browser()
            thief.cookies["weiwang"] = token
            #expect(try await thief.get("/command/map").location.hasPrefix("/sign-in"))
            #expect(try await thief.get("/r/\(token)").status == 404)
            #expect(try await thief.get("/live").status == 403)
            #expect(try await thief.get("/api/matters", headers: [("Authorization", "Bearer \(token)")]).status >= 400)
            let before = try await town.entries()
            for target in ["", "/pieces/battle-now", "/tiles/matters/14/1/1.mvt"] {
                #expect(try await stranger.post(path + target, []).status == 405)
            }
            #expect(try await town.entries() == before)

            // Ended: nothing opens any more, and the journal says who made and ended it.
            let id = try #require(list.text.firstMatch(of: #/action="\/walls\/([^"\/]+)\/end"/#).map { String($0.1) })
            #expect(try await town.browser("江帆").post("/walls/\(id)/end", Self.form(town, "江帆", [])).status == 403)
            #expect(try await stranger.get(path).status == 200)
            #expect(try await center.post("/walls/\(id)/end", Self.form(town, "苏城", [])).status == 303)
            let ended = try await stranger.get(path + "?lang=zh-Hans")
            #expect(ended.status == 404 && ended.text.contains("已经停用"))
            for piece in ["/pieces/battle-now", "/map.svg", "/tiles/matters/14/1/1.mvt", "/live"] {
                #expect(try await stranger.get(path + piece).status == 404, "\(piece)")
            }
            let verbs = try await town.engines.database.read { tx in
                try tx.all("SELECT verb FROM entry WHERE subject = 'wall' ORDER BY seq") { try $0["verb"] as String }
            }
            #expect(verbs == ["wall.made", "wall.ended"])
        }
    }

    @Test("who may publish on the land, and nobody else; what is missing is said", arguments: Backend.all)
    func rights(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let (own, foreign) = (try town.grid("1").id, try town.grid("2").id)
            func make(_ name: String, _ fields: [(String, String)]) async throws -> WebClient.Answer {
                try await town.browser(name).post("/walls?lang=zh-Hans", Self.form(town, name, fields))
            }
            let before = try await town.entries()
            for name in ["林小满", "何雨", "秦岭", "鲁捷"] {
                #expect(try await make(name, [("name", "墙"), ("grid", own.description)]).status == 403, "\(name)")
                #expect(try await town.browser(name).get("/walls").status == 403, "\(name)")
            }
            #expect(try await make("苏城", [("name", "墙"), ("grid", foreign.description)]).status == 403)
            let unnamed = try await make("苏城", [("name", "  "), ("grid", own.description)])
            #expect(unnamed.status == 422 && unnamed.text.contains("role=\"alert\""))
            #expect(try await make("苏城", [("name", "墙"), ("grid", "none")]).status == 404)
            #expect(try await town.browser().post("/walls", [("name", "墙"), ("grid", own.description)]).status >= 300)
            #expect(try await town.entries() == before)
            #expect(try await make("安平", [("name", "区里大屏"), ("grid", foreign.description)]).status == 303)
            #expect(try await make("唐原", [("name", "总屏"), ("grid", own.description)]).status == 303)
            #expect(try await town.browser("江帆").get("/walls").text.contains("区里大屏"))
            #expect(try await !town.browser("苏城").get("/walls").text.contains("区里大屏"))
            for wrong in ["/wall/x", "/wall/\(String(repeating: "A", count: 24))", "/wall/\(own)/live"] {
                #expect(try await town.browser().get(wrong).status == 404, "\(wrong)")
            }
        }
    }
}
