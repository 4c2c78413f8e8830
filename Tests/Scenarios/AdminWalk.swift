import Basics
import Catalog
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
            #expect(refused.status == 422 && refused.text.contains("不是完整的 GeoJSON"))
            #expect(try await admin.upload("/admin/division", fields, files: []).status == 422)
            let officer = try await town.browser("何雨")
            #expect(try await officer.get("/admin/division").status == 403)
        }
    }

    @Test("any format that the command takes: a Shapefile as a zip with GBK names and texts, GeoPackage, KML", arguments: Backend.all)
    func formats(on backend: Backend) async throws {
        let folder = NSTemporaryDirectory() + "weiwang-formats-\(UUIDv7(at: .systemNow))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(Self.set).write(to: URL(fileURLWithPath: folder + "/set.geojson"))
        func run(_ words: [String]) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = words
            process.currentDirectoryURL = URL(fileURLWithPath: folder)
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        try run(["ogr2ogr", "-f", "ESRI Shapefile", "-lco", "ENCODING=GBK", "微网格.shp", "set.geojson"])
        try run(["ogr2ogr", "-f", "GPKG", "set.gpkg", "set.geojson"])
        try run(["ogr2ogr", "-f", "KML", "set.kml", "set.geojson"])
        try run(["/usr/bin/python3", "-m", "zipfile", "-c", "set.zip", "微网格.shp", "微网格.shx", "微网格.dbf", "微网格.prj"])
        try await inTown(backend) { town in
            let admin = try await town.browser("安平")
            let form = try await admin.get("/admin/division?lang=zh-Hans")
            let fields = [
                ("csrf", form.input("csrf") ?? ""), ("level", "micro"), ("replace", "1"), ("coordinates", "wgs84"), ("encoding", ""),
            ]
            func check(_ name: String) async throws -> WebClient.Answer {
                let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
                return try await admin.upload(
                    "/admin/division", fields, files: [(field: "set", name: name, type: "application/octet-stream", bytes: bytes)])
            }
            for name in ["set.gpkg", "set.kml", "set.zip"] {
                let checked = try await check(name)
                #expect(checked.status == 200, "\(name)")
                for words in ["新增 1，变更 2", "1.1.1.9 春晖1-3", "按此执行"] { #expect(checked.text.contains(words), "\(name): \(words)") }
                #expect(checked.text.contains("读取") == (name == "set.zip"), "the guessed encoding is said")
            }
            let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/set.zip")))
            let torn = Array(whole.prefix(whole.count / 2))
            for language in Language.allCases {
                let refused = try await admin.upload(
                    "/admin/division?lang=\(language.rawValue)", fields,
                    files: [(field: "set", name: "set.zip", type: "application/zip", bytes: torn)])
                let said = town.engines.catalog.current.strings.text("refusal.land.file.archive_broken", language)
                #expect(refused.status == 422 && refused.text.contains(said) && !refused.text.contains("⟦"))
            }
            #expect(town.engines.grids.land.on().grid(level: "micro", code: "1.1.1.9") == nil)
            _ = try await admin.get("/admin?lang=zh-Hans")
            let checked = try await check("set.zip")
            let names = ["csrf", "file", "revision", "level", "replace", "coordinates", "encoding"]
            let done = try await admin.post(
                "/admin/division/carry-out", names.map { ($0, checked.input($0) ?? "") } + [("parent", ""), ("from", "")])
            #expect(done.status == 303)
            #expect(town.engines.grids.land.on().grid(level: "micro", code: "1.1.1.9")?.name == "春晖1-3")
        }
    }

    @Test("GCJ-02 given as WGS-84 is said with what to do, and can be insisted on", arguments: Backend.all)
    func datum(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let admin = try await town.browser("安平")
            let form = try await admin.get("/admin/division?lang=zh-Hans")
            func feature(_ code: String, _ box: Box) -> String {
                let shape = MultiPolygon(box).map { ChineseDatum.gcj02.fromWGS84($0) }
                return #"{"type":"Feature","properties":{"code":"\#(code)"},"geometry":\#(GeoJSON.text(of: shape))}"#
            }
            let set =
                #"{"type":"FeatureCollection","features":["#
                + feature("1.1.1.1", Box(west: 113.60, south: 34.74, east: 113.61, north: 34.745))
                + "," + feature("1.1.1.2", Box(west: 113.60, south: 34.745, east: 113.61, north: 34.75)) + "]}"
            func check(_ more: [(String, String)]) async throws -> WebClient.Answer {
                try await admin.upload(
                    "/admin/division", [("csrf", form.input("csrf") ?? ""), ("level", "micro"), ("parent", "1.1.1")] + more,
                    files: [(field: "set", name: "a.geojson", type: "application/geo+json", bytes: Array(set.utf8))])
            }
            let refused = try await check([("coordinates", "wgs84")])
            #expect(refused.status == 422 && refused.text.contains("GCJ-02（火星坐标）") && refused.text.contains("value=\"coordinates\""))
            // On the map it is seen three ways, and one press checks it as another system.
            let told = try #require(refused.text.firstMatch(of: #/data-preview="([^"]*)"/#)).1.replacing("&quot;", with: "\"")
            let map = try #require(try JSONSerialization.jsonObject(with: Data(told.utf8)) as? [String: Any])
            let points = map["points"] as? [[String: Any]] ?? []
            #expect(points.count == 9 && points.count { $0["chosen"] as? Bool == true } == 3)
            let corner = Coordinate(lon: 113.60, lat: 34.74)
            #expect(
                points.contains { point in
                    guard point["system"] as? String == "GCJ-02", let lon = point["lon"] as? Double, let lat = point["lat"] as? Double
                    else {
                        return false
                    }
                    return Coordinate(lon: lon, lat: lat).distance(to: corner) < 0.1
                })
            let pressed = try await admin.post(
                "/admin/division",
                [("coordinates", "gcj02")]
                    + ["csrf", "file", "revision", "level", "parent", "coordinates"].map { ($0, refused.input($0) ?? "") })
            #expect(pressed.status == 200 && pressed.text.contains("data-preview"))
            #expect(try await check([("coordinates", "gcj02")]).status == 200)
            #expect(try await check([("coordinates", "wgs84"), ("accept", "coordinates")]).status == 200)
        }
    }
}
