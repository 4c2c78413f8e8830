import Basics
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

@Suite struct A2_Dedicated {
    typealias T = Town

    @Test("a school and a mall are grids of their own, counted beside the micro-grids, with their own leader", arguments: Backend.all)
    func school(on backend: Backend) async throws {
        try await inTown(backend) { town in
            // 柳林 1-1 gives up a corner each to a school and a mall.
            let whole = [
                T.feature("2.1.1.1", T.block(113.62, 34.75, 113.64, 34.76)),
                T.feature("S1", T.block(113.62, 34.74, 113.63, 34.75), ["name": "柳林小学", "nature": "school"]),
                T.feature("M1", T.block(113.63, 34.74, 113.64, 34.75), ["name": "柳林商城", "nature": "mall"]),
            ]
            let plan = try await town.take("micro", whole) { $0.from = .beginning }
            #expect(plan.made == 2 && plan.changed == 1 && plan.findings.isEmpty)
            let under = town.engines.grids.land.on().counts(under: try town.grid("2").path)
            let micro = try #require(under.last)
            #expect(micro.level == "micro" && micro.grids == 1 && micro.natures == ["school": 1, "mall": 1] && micro.dedicated == 2)
            let natures = try await town.browser().get("/api/grids?under=2&level=micro").features.compactMap {
                ($0["properties"] as? [String: Any])?["nature"] as? String
            }
            #expect(natures.sorted() == ["mall", "school"])

            let (posts, now, school) = (town.engines.posts, town.clock.time.now, try town.grid("S1").id)
            try await town.engines.database.write { tx in
                func act(_ label: String) -> Act { .system("test", id: Town.id(label), at: now) }
                try posts.addPost(
                    NewPost(id: Town.post("school"), role: "micro_leader", name: "school", seat: .grid(school)), act: act("school"), in: tx)
                try posts.addPerson(Person(id: Town.person("文墨"), name: "文墨"), act: act("文墨"), in: tx)
                try posts.beginHolding(
                    Holding(
                        id: HoldingID(Town.id("holding 文墨")), post: Town.post("school"), person: Town.person("文墨"), from: now - .days(1)),
                    act: act("holding"), in: tx)
            }
            let gate = Coordinate(lon: 113.625, lat: 34.745)
            let here = try await town.located(gate)
            #expect(here.codes == ["2", "2.1", "2.1.1", "S1"] && here.post["name"] as? String == "school")
            let opened = try await town.report("校门口垃圾成堆", at: gate)
            #expect(opened.matter.grid == school && opened.part?.post == Town.post("school"))
            #expect(try await town.queue(.toTake, of: "文墨") == [opened.matter.number])
            // The same boundary belongs to one only.
            #expect(try await town.located(Coordinate(lon: 113.63, lat: 34.745)).codes.count == 4)
        }
    }

    @Test("a nature nobody knows is kept as a word and makes no dedicated grid", arguments: Backend.all)
    func unknown(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await town.take("micro", [T.feature("2.1.1.1", T.block(113.62, 34.74, 113.64, 34.76), ["nature": "castle"])])
            let grid = try town.grid("2.1.1.1").grid
            #expect(grid.nature == nil && !grid.isDedicated && grid.attributes["nature"] == "castle")
        }
    }
}
