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

/// Posts on duty: what the platform knows without asking anybody.
@Suite struct K1_OnDuty {
    private static func dots(_ browser: WebClient, _ query: String = "") async throws -> [String: String] {
        var dots: [String: String] = [:]
        let middle = Tile(holding: Town.micro, zoom: 12)
        for x in middle.x - 3...middle.x + 3 {
            for y in middle.y - 3...middle.y + 3 {
                let answer = try await browser.get("/tiles/duty/12/\(x)/\(y).mvt\(query)")
                for dot in try TileReader(answer.body).layers["duty"] ?? [] {
                    let grid = try #require(dot.values["grid"])
                    #expect(dots[grid] == nil, "one dot a grid")
                    dots[grid] = dot.values["posts"]
                    #expect(Set(dot.values.keys) == ["grid", "rank", "posts"])
                }
            }
        }
        return dots
    }

    @Test("by the rota and by what was done; the figure opens to its list; nobody's time or place is told", arguments: Backend.all)
    func onDuty(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let center = try await town.browser("苏城")
            #expect(try await center.get("/command/duty").total == 0)
            let posts = town.engines.posts
            let start = town.clock.time.now
            try await town.engines.database.write { tx in
                try posts.beginHolding(
                    Holding(
                        id: HoldingID(Town.id("night")), post: Town.post("secretary"), person: Town.person("秦岭"), from: start - .hours(2),
                        to: start + .hours(6), sort: .duty), act: .system("demo", id: Town.id("act night"), at: start - .days(1)), in: tx)
            }
            let opened = try await town.report("路灯不亮", at: Town.micro)
            try await town.perform("林小满", "accept", opened.matter.id)
            _ = try await town.report("隔壁的事", at: Town.otherSubdistrict)
            try await town.settle()

            let page = try await center.get("/command/map?lang=zh-Hans")
            let (href, count) = try #require(
                page.text.firstMatch(of: #/<a href="(/command/duty[^"]*)" data-count="(\d+)"/#).map { (String($0.1), Int($0.2)) })
            let list = try await center.get(href.replacing("&amp;", with: "&"))
            #expect(count == 2 && list.total == 2 && list.text.contains("林小满") && list.text.contains("秦岭"))
            #expect(list.text.contains("值班到") && list.text.contains("两小时内办过事") && list.text.contains("不打卡"))
            #expect(!list.text.contains("10:00"))
            let dots = try await Self.dots(center)
            #expect(dots == [try town.grid("1.1").id.description: "1", try town.grid("1.1.1.1").id.description: "1"])
            // Its own land only.
            #expect(try await town.browser("江帆").get("/command/duty").total == 0)
            #expect(try await Self.dots(town.browser("江帆")).isEmpty)
            let here = try town.grid("1.1").id
            #expect(try await town.browser("江帆").get("/command/duty?grid=\(here)").status == 404)

            // Two hours on, only the shift is left; after it nobody. The moment itself can be looked at again.
            town.clock.advance(.hours(3))
            #expect(try await center.get("/command/duty").total == 1)
            town.clock.advance(.hours(4))
            #expect(try await center.get("/command/duty").total == 0)
            #expect(try await center.get("/command/duty?at=2026-11-20T10:00").total == 2)
            #expect(try await Self.dots(center, "?at=2026-11-20T10:00").count == 2)
        }
    }
}
