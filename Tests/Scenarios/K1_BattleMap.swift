import Basics
import Foundation
import Geo
import Grids
import Matters
import Store
import Support
import Testing

@testable import weiwang

/// The battle map: tiles of what one may see, figures beside it that count the same, and the way down.
@Suite struct K1_BattleMap {
    /// Marks of a layer over the whole town at one zoom: every tile that has any land.
    static func marks(
        _ browser: WebClient, zoom: Int, under address: String = "", query: String = ""
    ) async throws -> [TileReader.Feature] {
        var marks: [TileReader.Feature] = []
        let (a, b) = (
            Tile(holding: Coordinate(lon: 113.58, lat: 34.77), zoom: zoom), Tile(holding: Coordinate(lon: 113.66, lat: 34.72), zoom: zoom)
        )
        for x in a.x...b.x {
            for y in a.y...b.y {
                let answer = try await browser.get("\(address)/tiles/matters/\(zoom)/\(x)/\(y).mvt\(query)")
                #expect(answer.status == 200 && answer.header("content-type") == "application/vnd.mapbox-vector-tile")
                marks += try TileReader(answer.body).layers["matters"] ?? []
            }
        }
        return marks
    }

    static func count(_ marks: [TileReader.Feature], _ name: String) -> Int {
        marks.reduce(0) { sum, mark in
            sum + (mark.values["mark"] == name ? 1 : 0) + (mark.values["count"] == nil ? 0 : Int(mark.values[name] ?? "") ?? 0)
        }
    }

    @Test("marks as one may see them, at every zoom each once, alone or in a cluster; the figures count the same", arguments: Backend.all)
    func marks(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let old = try await town.report("昨天就办完了", at: Town.micro)
            try await town.perform("林小满", "fix_on_spot", old.matter.id)
            town.clock.advance(.days(1))
            let new = try await town.report("井盖松了", at: Town.micro)
            let passed = try await town.report("路灯不亮", at: Town.micro)
            try await town.perform("林小满", "accept", passed.matter.id)
            try await town.perform("林小满", "report_up", passed.matter.id)
            let spot = try await town.report("纸箱堵在门口", at: Town.micro)
            try await town.perform("林小满", "fix_on_spot", spot.matter.id)
            let done = try await town.report("树枝断了", at: Town.otherMicro)
            try await town.perform("周禾", "finish", done.matter.id)
            let other = try await town.report("隔壁街道的事", at: Town.otherSubdistrict)
            try await town.settle()

            let center = try await town.browser("苏城")
            for zoom in [11, 14, 17, 18] {
                let marks = try await Self.marks(center, zoom: zoom)
                for (mark, count) in [("none", 1), ("red", 1), ("yellow", 1), ("green", 1)] {
                    #expect(Self.count(marks, mark) == count, "\(mark) at \(zoom): \(marks.map(\.values))")
                }
                #expect(!marks.contains { $0.values["id"] == other.matter.id.description || $0.values["id"] == old.matter.id.description })
            }
            let near = try await Self.marks(center, zoom: 18)
            #expect(
                Set(near.compactMap { $0.values["id"] }) == Set([new, passed, spot, done].map(\.matter.id.description)))
            // From afar the three at one place are one cluster.
            let far = try await Self.marks(center, zoom: 14)
            #expect(far.contains { $0.values["count"] == "3" && $0.values["late"] == "0" })

            // The figures are the same query, and each opens to its list.
            let page = try await center.get("/command/map?lang=zh-Hans")
            #expect(page.status == 200)
            for measure in ["mark_red", "mark_red_outline", "mark_yellow", "mark_green"] {
                #expect(
                    page.text.firstMatch(of: try Regex("data-measure=\"\(measure)\"[^>]*><a href=\"[^\"]*\" data-count=\"1\"")) != nil,
                    "\(measure)")
            }
            for (href, count) in page.opening { #expect(try await center.get(href).total == count, "\(href)") }
            #expect(!page.text.contains(other.matter.number) && !page.text.contains("<script>"))

            // Whole district: the other subdistrict's too. Somebody without the screen has no tiles.
            let district = try await Self.marks(town.browser("唐原"), zoom: 13)
            #expect(Self.count(district, "none") == 2)
            #expect(try await town.browser("安平").get("/tiles/matters/14/1/1.mvt").status == 403)
            #expect(try await town.browser().get("/tiles/matters/14/1/1.mvt").location.hasPrefix("/sign-in"))
            for wrong in [
                "/tiles/persons/14/1/1.mvt", "/tiles/matters/14/99999/1.mvt", "/tiles/matters/3/1/1.mvt", "/tiles/matters/14/1/1",
                "/tiles/matters/x/1/1.mvt", "/tiles/matters/14/-1/1.mvt",
            ] {
                #expect(try await center.get(wrong).status == 404, "\(wrong)")
            }
        }
    }

    @Test("a late one carries its ring; a tile asked for again is not sent again until something changed", arguments: Backend.all)
    func late(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("积水", at: Town.micro, category: "exposed_rubbish")
            var center = try await town.browser("苏城")
            let tile = Tile(holding: Town.micro, zoom: 18)
            let path = "/tiles/matters/\(tile.z)/\(tile.x)/\(tile.y).mvt"
            let id = opened.matter.id.description
            func mark(_ center: WebClient) async throws -> TileReader.Feature {
                let tile = try TileReader(try await center.get(path).body)
                return try #require(tile.layers["matters"]?.first { $0.values["id"] == id })
            }
            #expect(try await mark(center).values["late"] == "false")
            let tag = try #require(try await center.get(path).header("etag"))
            #expect(try await center.get(path, headers: [("If-None-Match", tag)]).status == 304)
            town.clock.advance(.days(5))
            try await town.settle()
            center = try await town.browser("苏城")
            let after = try await center.get(path, headers: [("If-None-Match", tag)])
            #expect(after.status == 200)
            let late = try await mark(center)
            #expect(late.values["late"] == "true" && late.values["mark"] == "none")
        }
    }

    @Test(
        "grids with level, code, name, kind and one of seven base colours; the way down from district to micro-grid", arguments: Backend.all
    )
    func grids(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let desk = try await town.browser("唐原")
            let tile = Tile(holding: Town.micro, zoom: 14)
            let answer = try await desk.get("/tiles/grids/\(tile.z)/\(tile.x)/\(tile.y).mvt?land=1")
            #expect(answer.header("cache-control")?.contains("max-age") == true)
            let grids = try #require(try TileReader(answer.body).layers["grids"])
            let (microID, thirdID) = (try town.grid("1.1.1.1").id.description, try town.grid("1.1.1").id.description)
            let micro = try #require(grids.first { $0.values["id"] == microID })
            #expect(
                micro.type == 3 && micro.values["code"] == "1.1.1.1" && micro.values["level"] == "micro" && micro.values["leaf"] == "true")
            #expect(grids.allSatisfy { (0..<7).contains(Int($0.values["color"] ?? "") ?? -1) })
            let thirds = grids.filter { $0.values["level"] == "third" }
            #expect(thirds.count > 1 && Set(thirds.compactMap { $0.values["color"] }).count > 1)
            let above = thirds.first { $0.values["id"] == thirdID }
            #expect(above?.values["color"] == micro.values["color"])
            for layer in ["streets", "buildings"] {
                #expect(try await desk.get("/tiles/\(layer)/15/\(tile.x * 2)/\(tile.y * 2).mvt").status == 200)
            }

            #expect(try await desk.get("/command").links.contains { $0.hasPrefix("/command/map") })
            var page = try await desk.get("/command/map?lang=zh-Hans")
            for name in ["建安街道", "春晖社区", "春晖第1网格", "春晖1-1"] where page.text.contains(">\(name)</a>") {
                let href = try #require(
                    page.text.firstMatch(of: try Regex("<a href=\"(/command/map[^\"]*)\">\(name)</a>"))?.output[1].substring)
                page = try await desk.get(String(href).replacing("&amp;", with: "&"))
                #expect(page.status == 200 && page.text.contains("<h1>\(name) 作战图</h1>"))
            }
            #expect(page.text.contains("<h1>春晖1-1 作战图</h1>"))
            // The picture for those without WebGL, in both themes, and pieces for the page that is open.
            for path in [
                "/command/map.svg", "/command/map.svg?theme=light", "/command/pieces/battle-figures", "/command/pieces/battle-now",
            ] {
                #expect(try await desk.get(path).status == 200, "\(path)")
            }
            #expect(try await desk.get("/command/map.svg").text.contains("<path"))
            let other = try town.grid("2").id
            #expect(try await town.browser("苏城").get("/command/map?grid=\(other)").status == 404)
            for language in ["zh-Hans", "en"] {
                let text = try await desk.get("/command/map?lang=\(language)").text
                #expect(text.contains("class=\"legend\"") && !text.contains("battle.title"), "\(language)")
            }
        }
    }
}
