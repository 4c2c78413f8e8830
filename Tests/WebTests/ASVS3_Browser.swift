import Basics
import Foundation
import Posts
import Store
import Support
import Testing

@testable import Web

/// OWASP ASVS 5.0, chapters 3, 4, 13 and 15: what every answer holds, and what a request may not.
@Suite struct ASVS3_Browser {
    @Test("ASVS-3.4.1 ASVS-3.4.3 ASVS-3.4.4 ASVS-3.4.5 ASVS-3.4.6 behind https every answer, also an error, has every header")
    func headers() async throws {
        try await withWeb(.sqlite, publicURL: "https://grid.example.cn") { town in
            let client = town.client()
            for path in ["/", "/sign-in", "/nowhere", "/desk", "/api/matters", "/health", "/assets/none", "/open311/v2/services.xml"] {
                let answer = try await client.get(path)
                #expect(answer.header("strict-transport-security") == "max-age=31536000; includeSubDomains", "\(path)")
                let policy = answer.header("content-security-policy") ?? ""
                #expect(
                    policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
                    "\(path)")
                #expect(
                    answer.header("x-content-type-options") == "nosniff" && answer.header("referrer-policy") == "no-referrer", "\(path)")
            }
        }
    }

    @Test("ASVS-3.4.2 a foreign origin is never echoed, and never with cookies", arguments: Backend.all)
    func origins(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let officer = try await town.signedIn()
            for route in WebApp.routes.all where "\(route.method)" == "GET" && !route.path.contains(":") && !route.path.hasSuffix("/live") {
                let answer = try await officer.get(route.path, headers: [("Origin", "https://evil.example")])
                let allowed = answer.header("access-control-allow-origin")
                #expect(allowed == nil || allowed == "*", "\(route.path)")
                #expect(answer.header("access-control-allow-credentials") == nil, "\(route.path)")
            }
        }
    }

    @Test("ASVS-4.1.1 what an answer says of its type is true, and a text says its charset", arguments: Backend.all)
    func types(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let officer = try await town.signedIn()
            for route in WebApp.routes.all where "\(route.method)" == "GET" && !route.path.contains(":") && !route.path.hasSuffix("/live") {
                let answer = try await officer.get(route.path)
                guard answer.status != 303 else { continue }
                let type = answer.header("content-type") ?? ""
                let start = answer.text.drop { $0.isWhitespace || $0 == "\u{feff}" }
                #expect(!type.isEmpty, "\(route.path)")
                if start.hasPrefix("<!doctype html") { #expect(type == "text/html; charset=utf-8", "\(route.path)") }
                if type.hasPrefix("application/json") {
                    #expect((try? JSONSerialization.jsonObject(with: Data(answer.body))) != nil, "\(route.path)")
                }
                if type.hasPrefix("text/") { #expect(type.contains("charset=utf-8"), "\(route.path) \(type)") }
            }
        }
    }

    @Test("ASVS-13.4.2 ASVS-13.4.4 ASVS-13.4.5 no trace, no debug page, no figures of the inside")
    func inside() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            for path in ["/", "/sign-in", "/desk", "/health"] {
                #expect(try await client.send("TRACE", path, body: []).status == 405, "\(path)")
            }
            for path in [
                "/debug", "/metrics", "/actuator", "/.git/HEAD", "/.env", "/phpinfo.php", "/server-status", "/swagger", "/console",
            ] {
                let answer = try await client.get(path)
                #expect(answer.status == 404 && !answer.text.contains("Sources/"), "\(path)")
            }
            let health = try await client.get("/health").text
            for word in ["password", town.house.scratch, "postgres://", NSHomeDirectory() + "/"] {
                #expect(!health.contains(word), "\(word)")
            }
        }
    }

    @Test("ASVS-3.7.2 nobody is led to another site after signing in", arguments: Backend.all)
    func redirects(on backend: Backend) async throws {
        for next in [
            "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://evil.example", "///evil.example",
            "/\t/evil.example", "/%09/evil.example\n", "javascript:alert(1)", "\u{0}//evil.example", "%2f%2fevil.example",
            " //evil.example",
            "/\r\nLocation: https://evil.example",
        ] { #expect(SignInPage.safe(next) == nil, "\(next)") }
        try await withWeb(backend) { town in
            for next in ["//evil.example", "%2f%2fevil.example", "https:evil.example"] {
                let client = town.client()
                let csrf = try await client.get(Paths.signIn).input("csrf") ?? ""
                let answer = try await client.post(
                    Paths.signIn, [("csrf", csrf), ("name", "officer"), ("password", WebTown.password), ("next", next)])
                #expect(answer.status == 303 && answer.location == "/command", "\(next) \(answer.location)")
            }
        }
    }

    @Test("ASVS-15.3.3 fields that no form has are not taken: id, post, person, state, times", arguments: Backend.all)
    func massAssignment(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let page = try await client.get("/report")
            let evil = "0193a000-0000-7000-8000-00000000000e"
            let extra: [(String, String)] = [
                ("role", "admin"), ("grid_id", evil), ("created_by", evil), ("person_id", evil), ("closed_at", "1"), ("opened_at", "1"),
                ("state", "closed"), ("number", "2020-0101-0001"), ("post_id", evil), ("privacy", "confidential"), ("supervised", "1"),
                ("matter", evil), ("channel", "hotline"), ("kind", "other"), ("due_at", "1"), ("urgency", "critical"), ("mark", "green"),
            ]
            let sent = try await client.post(
                "/report",
                [
                    ("csrf", page.input("csrf") ?? ""), ("id", page.input("id") ?? ""), ("lon", "113.62"), ("lat", "34.75"),
                    ("placed", "tap"), ("words", "路灯不亮"),
                ] + extra)
            #expect(sent.status == 303)
            let row = try await town.database.read { tx in
                try tx.first("SELECT number, state, privacy, supervised, opened_at, urgency FROM matter") {
                    (
                        number: try $0["number"] as String, state: try $0["state"] as String, privacy: try $0["privacy"] as String,
                        supervised: try $0["supervised"] as Bool, at: try $0["opened_at"] as Instant, urgency: try $0["urgency"] as String
                    )
                }
            }
            let matter = try #require(row)
            #expect(matter.number != "2020-0101-0001" && matter.state == "open" && matter.privacy == "open" && !matter.supervised)
            #expect(matter.at == town.clock.now && matter.urgency != "critical")
            // One's own settings change nobody's post or name.
            let officer = try await town.signedIn()
            let before = try await town.database.read { tx in try tx.count("SELECT COUNT(*) FROM holding") }
            let csrf = try await officer.get(Paths.me).input("csrf") ?? ""
            #expect(
                try await officer.post(Paths.me, [("csrf", csrf), ("language", "en"), ("name", "root"), ("disabled", "false")] + extra)
                    .status == 303)
            #expect(try await officer.get(Paths.me).text.contains("林晓静"))
            #expect(try await town.database.read { tx in try tx.count("SELECT COUNT(*) FROM holding") } == before)
        }
    }

    @Test("ASVS-15.3.7 a field given twice counts once, the same one for the check and for the act", arguments: Backend.all)
    func twice(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let csrf = try await client.get(Paths.signIn).input("csrf") ?? ""
            let fields = [("csrf", csrf), ("name", "officer"), ("password", "wrong"), ("password", WebTown.password)]
            #expect(try await client.post(Paths.signIn, fields).status == 403, "the first password counts")
            #expect(try await client.post(Paths.signIn, [("csrf", "x"), ("csrf", csrf)] + fields.dropFirst()).status == 403)
            #expect(client.cookies["weiwang"] == nil)
        }
    }

    @Test(
        "ASVS-1.4.2 numbers too large, negative or endless in every number of a query are an answer, never a fall", arguments: Backend.all)
    func numbers(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let officer = try await town.signedIn()
            let names = [
                "page", "lon", "lat", "zoom", "limit", "at", "z", "x", "y", "minutes", "days", "from", "to", "width", "lat1", "box", "bbox",
                "near",
            ]
            for value in [
                "9223372036854775808", "-1", "1e400", "-1e400", "nan", "0x10", "1e18", "99999999999999999999999999", "2147483648",
            ] {
                let query = names.map { "\($0)=\(value)" }.joined(separator: "&")
                for route in WebApp.routes.all
                where "\(route.method)" == "GET" && !route.path.contains(":") && !route.path.hasSuffix("/live") {
                    let status = try await officer.get(route.path + "?" + query).status
                    #expect(status < 500, "\(route.path)?…=\(value): \(status)")
                }
                for path in ["/tiles/matters/\(value)/\(value)/\(value).mvt", "/tiles/matters/14/\(value)/0.mvt"] {
                    #expect(try await officer.get(path).status < 500, "\(path)")
                }
            }
            #expect(try await officer.get("/health").status == 200)
        }
    }
}
