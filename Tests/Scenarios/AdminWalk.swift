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

/// A new division in a browser (row A7): checked first, then done with a second press.
@Suite struct AdminWalk {
    /// The two micro-grids of 春晖's first third-level grid made into three.
    private static let set = set(second: 34.7435)

    /// - Parameter second: where the second begins; south of 34.7435 it overlaps the first.
    private static func set(second: Double) -> [UInt8] {
        func feature(_ code: String, _ name: String, _ south: Double, _ north: Double) -> String {
            let ring = [(113.60, south), (113.61, south), (113.61, north), (113.60, north), (113.60, south)].map { "[\($0.0),\($0.1)]" }
            return
                "{\"type\":\"Feature\",\"properties\":{\"code\":\"\(code)\",\"name\":\"\(name)\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[\(ring.joined(separator: ","))]]}}"
        }
        let features = [
            feature("1.1.1.1", "春晖1-1", 34.74, 34.7435), feature("1.1.1.2", "春晖1-2", second, 34.747),
            feature("1.1.1.9", "春晖1-3", 34.747, 34.75),
        ]
        return Array("{\"type\":\"FeatureCollection\",\"features\":[\(features.joined(separator: ","))]}".utf8)
    }

    @Test("what would change is shown and nothing is done; carried out, open matters go with the land", arguments: Backend.all)
    func division(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("路灯不亮", at: Town.otherMicro)
            let before = try await town.matter(opened.matter.id).path
            let admin = try await town.browser("安平")
            let form = try await admin.get("/admin/division?lang=zh-Hans")
            let file = (field: "set", name: "micro.geojson", type: "application/geo+json", bytes: Self.set)
            let checked = try await admin.upload(
                "/admin/division", [("csrf", form.input("csrf") ?? ""), ("level", "micro"), ("replace", "1"), ("coordinates", "wgs84")],
                files: [file])
            #expect(checked.status == 200)
            for words in ["新增 1，变更 2", "1.1.1.9 春晖1-3", "在办事项换网格：1 件", "按此执行"] { #expect(checked.text.contains(words), "\(words)") }
            #expect(try await town.matter(opened.matter.id).path == before)
            #expect(town.engines.grids.land.on().grid(level: "micro", code: "1.1.1.9") == nil)

            let names = ["csrf", "file", "revision", "level", "replace", "coordinates"]
            let done = try await admin.post(
                "/admin/division/carry-out", names.map { ($0, checked.input($0) ?? "") } + [("parent", ""), ("from", "")])
            #expect(done.status == 303)
            let new = try #require(town.engines.grids.land.on().grid(level: "micro", code: "1.1.1.9"))
            #expect(try await town.matter(opened.matter.id).path == new.path)
            let grid = try await admin.get("/admin/grids/\(new.id)")
            #expect(grid.text.contains("春晖1-3") && grid.text.contains("沿革"))
            // The day before has the old net.
            let third = try town.grid("1.1.1")
            let yesterday = (town.clock.time.now.day(in: town.engines.posts.zone) - 1).description
            #expect(try await admin.get("/admin/grids/\(third.id)?on=\(yesterday)").text.contains("春晖1-3") == false)
            #expect(try await admin.get("/admin/grids/\(third.id)").text.contains("春晖1-3"))
            // Sent once more it changes nothing.
            let again = try await admin.post("/admin/division/carry-out", names.map { ($0, checked.input($0) ?? "") })
            #expect(again.status == 200 && again.text.contains("没有要改的"))
        }
    }

    @Test("a set with an overlap is refused with its findings, until they are accepted", arguments: Backend.all)
    func findings(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let admin = try await town.browser("安平")
            let form = try await admin.get("/admin/division?lang=zh-Hans")
            let file = (field: "set", name: "micro.geojson", type: "application/geo+json", bytes: Self.set(second: 34.742))
            let fields = [("csrf", form.input("csrf") ?? ""), ("level", "micro"), ("coordinates", "wgs84")]
            let checked = try await admin.upload("/admin/division", fields, files: [file])
            #expect(checked.status == 200 && !checked.text.contains("/admin/division/carry-out") && checked.text.contains("overlap-1"))
            let names = ["csrf", "file", "revision", "level", "coordinates"]
            let accepted = try await admin.post("/admin/division", names.map { ($0, checked.input($0) ?? "") } + [("accept", "overlap")])
            #expect(accepted.status == 200 && accepted.text.contains("/admin/division/carry-out"))
            let broken = (field: "set", name: "micro.geojson", type: "application/geo+json", bytes: Array("{\"type\":".utf8))
            let refused = try await admin.upload("/admin/division", fields, files: [broken])
            #expect(refused.status == 422 && refused.text.contains("文件读不懂"))
            #expect(try await admin.upload("/admin/division", fields, files: []).status == 422)
            let officer = try await town.browser("何雨")
            #expect(try await officer.get("/admin/division").status == 403)
        }
    }
}
