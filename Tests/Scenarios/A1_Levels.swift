import Basics
import Geo
import Grids
import Store
import Support
import Testing

@testable import weiwang

@Suite struct A1_Levels {
    typealias T = Town

    @Test("grids are counted by level for any subtree, and the interface gives the same grids", arguments: Backend.all)
    func counts(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let land = town.engines.grids.land.on()
            func counts(_ path: Path) -> [String] { land.counts(under: path).map { "\($0.level) \($0.grids)" } }
            #expect(counts(.root) == ["subdistrict 2", "community 3", "third 5", "micro 9"])
            #expect(counts(try town.grid("1").path) == ["community 2", "third 4", "micro 8"])
            #expect(counts(try town.grid("1.1").path) == ["third 2", "micro 4"])
            #expect(counts(try town.grid("1.1.1.1").path).isEmpty)
            let browser = try await town.browser()
            for (query, expected) in [
                ("", 19), ("level=micro", 9), ("under=1.1&level=micro", 4), ("under=1.1", 7), ("under=1&level=community", 2),
            ] {
                #expect(try await browser.get("/api/grids?\(query)").features.count == expected, "\(query)")
            }
            #expect(try await browser.get("/api/grids?under=9").status == 404)
        }
    }

    @Test("a place is named from the top down, with the post that answers there", arguments: Backend.all)
    func chain(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let here = try await town.located(Town.micro)
            #expect(here.codes == ["1", "1.1", "1.1.1", "1.1.1.1"] && here.levels == ["subdistrict", "community", "third", "micro"])
            #expect(here.post["name"] as? String == "leader" && here.post["vacant"] as? Bool == false)
            let vacant = try await town.located(Town.otherMicro)
            #expect(
                vacant.codes.last == "1.1.1.2" && vacant.post["vacant"] as? Bool == true
                    && vacant.post["answered_by"] as? String == "worker")
            let outside = try await town.located(Town.outside)
            #expect(outside.codes.isEmpty && outside.post["role"] as? String == "root_center")
        }
    }

    @Test("codes are text: 03 and 0113 keep their zeros, 1 stays 1; a level may be left out", arguments: Backend.all)
    func codes(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await town.take("subdistrict", [T.feature("03", T.block(113.64, 34.74, 113.66, 34.76), ["name": "北岗街道"])])
            try await town.take("community", [T.feature("0113", T.block(113.64, 34.74, 113.66, 34.76))])
            // No third level here: the micro-grid hangs under the smallest that holds it.
            try await town.take("micro", [T.feature("0001", T.block(113.64, 34.74, 113.66, 34.76))])
            let here = try await town.located(Coordinate(lon: 113.65, lat: 34.75))
            #expect(here.codes == ["03", "0113", "0001"] && here.levels == ["subdistrict", "community", "micro"])
            #expect(try await town.located(Town.micro).codes.first == "1")
            #expect(try await town.browser().get("/api/grids?under=0113").features.count == 2)
            #expect(try await town.browser().get("/api/grids?under=113").status == 404)
        }
    }
}
