import Basics
import Foundation
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

@Suite struct M1_Open {
    private static let base = "/open311/v2"

    private static func key(_ town: Town) async throws -> String {
        let (key, now, posts) = (Secret.token(), town.clock.time.now, town.engines.posts)
        try await town.engines.database.write { tx in
            try posts.addClient(
                ClientID(Town.id("other city")), name: "other city", key: key, rate: 0, verbs: ["report", "see"],
                act: .system("test", id: Town.id("client"), at: now), in: tx)
        }
        return key
    }

    @Test(
        "another city's client reports, the town fixes it, the client reads the end; all by Open311, in both formats",
        arguments: Backend.all)
    func open311(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let client = try await town.browser()
            let key = try await Self.key(town)
            #expect(try await client.get(Self.base + "/discovery.json").text.contains("http://town.test/open311/v2"))
            #expect(try await client.get(Self.base + "/services.xml").text.contains("<service_code>exposed_rubbish</service_code>"))
            let own = "0193b1a2-0000-7000-8000-0123456789ab"
            let fields = [
                ("api_key", key), ("service_code", "exposed_rubbish"), ("lat", "\(Town.micro.lat)"), ("long", "\(Town.micro.lon)"),
                ("description", "路口垃圾"), ("id", own),
            ]
            #expect(try await client.post(Self.base + "/requests.json", fields.filter { $0.0 != "api_key" }).status == 403)
            let posted = try await client.post(Self.base + "/requests.xml", fields)
            let number = try #require(posted.text.firstMatch(of: #/<service_request_id>([^<]+)</#).map { String($0.1) })
            #expect(try await client.get(Self.base + "/tokens/\(own).xml").text.contains(number))
            let matter = try #require(try await town.matters().first)
            let here = try town.grid("1.1.1.1").id
            #expect(matter.number == number && matter.grid == here && matter.channel == "open311")
            #expect(try await client.get(Self.base + "/requests/\(number).json").text.contains("\"status\":\"open\""))
            #expect(try await town.queue(.toTake, of: "林小满") == [number])

            try await town.perform("林小满", "accept", matter.id)
            try await town.perform("林小满", "fix_on_spot", matter.id) { $0.reason = "nothing_to_see" }
            for (format, closed) in [("json", "\"status\":\"closed\""), ("xml", "<status>closed</status>")] {
                #expect(try await client.get(Self.base + "/requests/\(number).\(format)").text.contains(closed))
                #expect(try await client.get(Self.base + "/requests.\(format)?status=closed").text.contains(number))
                #expect(try await !client.get(Self.base + "/requests.\(format)?status=open").text.contains(number))
            }
        }
    }

    @Test("REST by key, GeoJSON, CSV and Excel by right; a formula leaves as text", arguments: Backend.all)
    func files(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let client = try await town.browser()
            let key = try await Self.key(town)
            let formula = "=HYPERLINK(\"http://evil.example\",\"x\")"
            let posted = try await client.post(
                Self.base + "/requests.json",
                [
                    ("api_key", key), ("service_code", "exposed_rubbish"), ("lat", "\(Town.micro.lat)"), ("long", "\(Town.micro.lon)"),
                    ("address_string", formula), ("description", "@SUM(A1)"),
                ])
            #expect(posted.status == 200)
            let rest = try await client.get("/api/matters", headers: [("X-API-Key", key)])
            #expect(rest.status == 200 && rest.document["count"] as? Int == 1)
            #expect(try await client.get("/api/matters").status == 403)
            #expect(try await client.get("/api/export/matters.csv").status == 403)

            let desk = try await town.browser("唐原")
            let csv = try await desk.get("/api/export/matters.csv")
            #expect(csv.status == 200 && csv.text.contains("'=HYPERLINK") && !csv.text.contains(",\"=HYPERLINK"))
            let shapes = try await desk.get("/api/export/matters.geojson").features
            #expect(shapes.count == 1 && (shapes.first?["geometry"] as? [String: Any])?["type"] as? String == "Point")
            let grids = try await desk.get("/api/export/grids.geojson?level=micro").features
            #expect(grids.count == 9)
            let xlsx = try await desk.get("/api/export/matters.xlsx")
            let inside = try Self.unzipped(xlsx.body)
            #expect(inside.contains("=HYPERLINK") && !inside.contains("<f>") && !inside.contains("<f "))
            #expect(inside.contains("t=\"s\"") || inside.contains("t=\"inlineStr\""))
        }
    }

    /// All XML of a workbook in one text.
    private static func unzipped(_ bytes: [UInt8]) throws -> String {
        let path = NSTemporaryDirectory() + "m1-\(UUIDv7(at: .systemNow)).xlsx"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nfor n in z.namelist(): print(n); sys.stdout.buffer.flush(); sys.stdout.buffer.write(z.read(n))",
            path,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
