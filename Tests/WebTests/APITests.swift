import Basics
import Foundation
import Geo
import Posts
import Store
import Support
import Testing

@testable import Web

@Suite struct APITests {
    @Test("ASVS-15.3.1 the OpenAPI document and the table of routes are one", arguments: Backend.all)
    func openapi(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let answer = try await town.client().get("/api/openapi.json")
            #expect(answer.status == 200)
            let paths = answer.object["paths"] as? [String: [String: [String: Any]]] ?? [:]
            let routes = WebApp.routes.all.filter { $0.path.hasPrefix("/api/") || $0.path == "/health" }
            #expect(Set(routes.map { OpenAPI.pattern($0.path) }) == Set(paths.keys))
            #expect(answer.object["openapi"] as? String == "3.1.0")
            for (path, operations) in paths {
                #expect(Set(operations.keys) == ["get"])
                let inPath = path.matches(of: #/\{(\w+)\}/#).map { String($0.1) }
                let declared = (operations["get"]?["parameters"] as? [[String: Any]] ?? []).filter { $0["in"] as? String == "path" }
                    .compactMap { $0["name"] as? String }
                #expect(inPath == declared)
            }
            // Every sentence is there, in both languages.
            #expect(!answer.text.contains("\"api."), "a key without a sentence")
            let english = try await town.client().get("/api/openapi.json?lang=en")
            #expect(!english.text.contains("\"api.") && english.text.contains("Which grids hold a point"))
        }
    }

    @Test("health says what runs", arguments: Backend.all)
    func health(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let answer = try await town.client().get("/health")
            #expect(answer.status == 200 && answer.object["status"] as? String == "ready")
            #expect((answer.object["database"] as? String ?? "").hasPrefix(backend == .sqlite ? "SQLite 3" : "PostgreSQL"))
            #expect(answer.object["version"] as? String == Version.text && answer.object["followers"] is [Any])
        }
    }

    @Test("a point says who answers; a wrong one is refused", arguments: Backend.all)
    func locate(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let answer = try await client.get("/api/locate?lon=10&lat=10")
            #expect(answer.status == 200 && answer.object["grids"] as? [String] == [])
            #expect((answer.object["post"] as? [String: Any])?["vacant"] as? Bool == false)
            #expect(try await client.get("/api/locate?lon=x&lat=10").status == 422)
            #expect(try await client.get("/api/locate?lon=1&lat=10&on=yesterday").status == 422)
            #expect(try await client.get("/api/grids").object["type"] as? String == "FeatureCollection")
            #expect(try await client.get("/api/grids?under=none").status == 404)
        }
    }

    @Test("ASVS-8.2.3 matters: nobody without session or key with sight; words as strangers may read them", arguments: Backend.all)
    func matters(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let reporting = try await town.key()
            let seeing = try await town.key("mirror", verbs: ["see"])
            _ = try await client.post(Open311Tests.base + "/requests.json", Open311Tests.fields(reporting))
            #expect(try await client.get("/api/matters").status == 403)
            #expect(try await client.get("/api/matters?api_key=nonsense").status == 403)
            #expect(try await client.get("/api/matters?api_key=\(reporting)").status == 403)
            let seen = try await client.get("/api/matters?api_key=\(seeing)")
            #expect(seen.status == 200 && seen.object["count"] as? Int == 1)
            #expect((seen.object["matters"] as? [[String: Any]])?.first?["words"] as? String == "垃圾 <b>&\"'")
            let officer = try await town.signedIn()
            let own = try await officer.get("/api/matters?state=open&q=&order=newest")
            #expect((own.object["matters"] as? [[String: Any]])?.first?["words"] as? String == "垃圾 <b>&\"'")
            let one = try await officer.get("/api/matters/2026-1119-0001")
            #expect(one.status == 200 && (one.object["steps"] as? [[String: Any]])?.first?["verb"] as? String == "opened")
            #expect(!one.text.contains("林晓静"))
            #expect(try await officer.get("/api/matters/2026-1119-0009").status == 404)
            #expect(try await officer.get("/api/matters?state=odd").status == 422)
        }
    }

    @Test("exports by right, and safe to open in a spreadsheet", arguments: Backend.all)
    func exports(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let key = try await town.key()
            _ = try await client.post(Open311Tests.base + "/requests.json", Open311Tests.fields(key, [("address_string", "=1+1")]))
            #expect(try await client.get("/api/export/matters.csv").status == 403)
            let officer = try await town.signedIn()
            let csv = try await officer.get("/api/export/matters.csv")
            #expect(csv.status == 200 && csv.text.contains("2026-1119-0001,report,exposed_rubbish") && csv.text.contains("'=1+1"))
            let geojson = try await officer.get("/api/export/matters.geojson?opened_from=2026-11-19")
            #expect((geojson.object["features"] as? [[String: Any]])?.count == 1)
            let xlsx = try await officer.get("/api/export/matters.xlsx")
            #expect(xlsx.body.starts(with: [0x50, 0x4B]) && xlsx.header("content-disposition") == "attachment; filename=\"matters.xlsx\"")
            for name in ["grids.csv", "grids.xlsx", "grids.geojson"] {
                #expect(try await officer.get("/api/export/\(name)").status == 200, "\(name)")
            }
            for name in ["matters.pdf", "people.csv", "matters"] {
                #expect(try await officer.get("/api/export/\(name)").status == 404, "\(name)")
            }
            let left = (try? FileManager.default.contentsOfDirectory(atPath: town.house.scratch)) ?? []
            #expect(left.isEmpty)
        }
    }

    @Test("a small document in both forms")
    func tree() {
        let tree = Tree.object([
            ("a", .text("<&>\"\u{1}\r\n")), ("b", .empty), ("c", .list(item: "d", [.number(1), .number(0.1), .flag(true)])),
            ("e", .text("")),
        ])
        #expect(
            tree.xml(root: "r")
                == "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<r><a>&lt;&amp;&gt;\"&#13;\n</a><b></b><c><d>1</d><d>0.1</d><d>true</d></c><e></e></r>"
        )
        #expect(tree.json == "{\"a\":\"<&>\\\"\\u0001\\r\\n\",\"b\":null,\"c\":[1,0.1,true],\"e\":\"\"}")
        #expect(Tree.digits(1e-7) == "0.000000100" && Tree.digits(.nan) == "0" && Tree.digits(-113.62) == "-113.62")
    }
}
