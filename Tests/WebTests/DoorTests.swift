import Basics
import Foundation
import Hummingbird
import Store
import Support
import Testing

@testable import Web

@Suite(.serialized) struct DoorTests {
    @Test("ASVS-8.2.1 every route has a permission, and a stranger gets no page of the staff")
    func routes() async throws {
        try await withWeb(.sqlite) { town in
            let stranger = town.client()
            for route in WebApp.routes.all where [.account, .field, .desk, .command, .admin].contains(route.need) {
                let path = route.path.split(separator: "/").map { $0.hasPrefix(":") ? "0193a000-0000-7000-8000-000000000009" : String($0) }
                let answer = try await stranger.send(route.method.rawValue, "/" + path.joined(separator: "/"), body: [])
                #expect([303, 403].contains(answer.status), "\(route.method) \(route.path): \(answer.status)")
            }
        }
    }

    @Test("headers keep foreign things out of every answer")
    func headers() async throws {
        try await withWeb(.sqlite) { town in
            for path in ["/", "/nowhere", "/report", "/sign-in", "/favicon.ico"] {
                let answer = try await town.client().get(path)
                #expect(answer.header("Content-Security-Policy")?.contains("unsafe") == false)
                #expect(answer.header("Content-Security-Policy")?.contains("frame-ancestors 'none'") == true)
                #expect(answer.header("X-Content-Type-Options") == "nosniff")
                #expect(answer.header("Referrer-Policy") == "no-referrer")
                #expect(answer.header("X-Request-ID")?.isEmpty == false)
                #expect(!answer.text.contains(" style=") && !answer.text.contains("<style") && !answer.text.contains("onclick"))
            }
            #expect(try await town.client().get("/nowhere").status == 404)
            let head = try await town.client().send("HEAD", "/", body: [])
            #expect(head.status == 200 && head.body.isEmpty)
        }
    }

    @Test("language: query before cookie before the browser's wish; the choice stays; no key shows")
    func language() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            #expect(try await client.get("/").text.contains("lang=\"zh-Hans\""))
            #expect(try await client.get("/?lang=en").text.contains("Report a problem"))
            #expect(try await client.get("/find").text.contains("lang=\"en\""))
            #expect(try await client.get("/find?type=large").text.contains("data-type=\"large\""))
            #expect(try await client.get("/").text.contains("data-type=\"large\""))
            for path in ["/", "/report", "/find", "/sign-in"] {
                let text = try await client.get(path).text
                #expect(!text.contains("⟦") && !text.contains("{{"), "\(path)")
            }
        }
    }

    @Test("ASVS-3.5.1 a form from elsewhere, without token, or with another's token is refused")
    func foreignForms() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            let page = try await client.get(Paths.signIn)
            let token = page.input("csrf") ?? ""
            let fields = [("name", "officer"), ("password", WebTown.password)]
            #expect(try await town.client().post(Paths.signIn, fields).status == 403)
            #expect(try await client.post(Paths.signIn, fields + [("csrf", "x" + token)]).status == 403)
            #expect(
                try await client.post(Paths.signIn, fields + [("csrf", token)], headers: [("Origin", "https://evil.example")]).status == 403
            )
            #expect(
                try await client.post(Paths.signIn, fields + [("csrf", token)], headers: [("Sec-Fetch-Site", "cross-site")]).status == 403)
            #expect(try await client.post(Paths.signIn, fields + [("csrf", token)], headers: [("Origin", "null")]).status == 303)
        }
    }

    @Test("signing in: a new session, wrong words stay on the form, signing out ends it")
    func signIn() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            // A mark after a sign makes one Character of both, and a browser cares for the sign alone.
            let elsewhere = [
                "//evil.example", "/\\evil.example", "//\u{338}@evil.example", "/\\\u{338}@evil.example", "/\u{338}/evil.example",
            ]
            #expect(elsewhere.allSatisfy { SignInPage.safe($0) == nil } && SignInPage.safe("/desk?tab=all&q=%E4%BA%95") != nil)
            let page = try await client.get("/sign-in?next=//evil.example")
            let wrong = try await client.post(Paths.signIn, [("csrf", page.input("csrf") ?? ""), ("name", "officer"), ("password", "no")])
            #expect(wrong.status == 403)
            #expect(wrong.input("name") == "officer")
            let right = try await client.post(
                Paths.signIn,
                [("csrf", page.input("csrf") ?? ""), ("name", "officer"), ("password", WebTown.password), ("next", "//evil.example")])
            #expect(right.status == 303 && !right.location.contains("evil"))
            let cookie = right.all("set-cookie").first { $0.hasPrefix("weiwang=") } ?? ""
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
            let me = try await client.get(Paths.me)
            #expect(me.status == 200 && me.text.contains("林晓静"))
            let out = try await client.post("/sign-out", [("csrf", me.input("csrf") ?? "")])
            #expect(out.status == 303)
            #expect(try await client.get(Paths.me).status == 303)
        }
    }

    @Test("ASVS-3.3.1 ASVS-3.3.2 ASVS-3.3.3 cookies are __Host- and secure behind https")
    func secureCookies() async throws {
        try await withWeb(.sqlite, publicURL: "https://weiwang.example") { town in
            let answer = try await town.client().get(Paths.signIn)
            let cookie = answer.all("set-cookie").first ?? ""
            #expect(cookie.hasPrefix("__Host-weiwang_form=") && cookie.contains("; Secure") && cookie.contains("Path=/"))
            #expect(answer.header("Strict-Transport-Security") != nil)
        }
    }

    @Test("ASVS-4.1.3 too many tries from one address are refused; a forged X-Forwarded-For changes nothing")
    func rates() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            var statuses: [Int] = []
            for index in 0..<25 {
                let answer = try await client.post(
                    "/find", [("number", "1"), ("code", "2")],
                    headers: [
                        ("X-Forwarded-For", "10.0.0.\(index)"), ("Sec-Fetch-Site", "same-origin"),
                        ("Origin", "http://localhost:\(town.port)"),
                    ])
                statuses.append(answer.status)
            }
            #expect(statuses.prefix(20).allSatisfy { $0 == 422 })
            #expect(statuses.suffix(5).allSatisfy { $0 == 429 })
            town.clock.advance(.minutes(11))
            #expect(
                try await client.post("/find", [("number", "1"), ("code", "2")], headers: [("Origin", "http://localhost:\(town.port)")])
                    .status == 422)
        }
    }

    @Test("assets are kept for ever under their digest, and checked under another")
    func assets() async throws {
        try await withWeb(.sqlite) { town in
            let page = try await town.client().get("/")
            let sheet = page.links.first { $0.hasSuffix("tokens.css") } ?? ""
            let answer = try await town.client().get(sheet)
            #expect(answer.status == 200 && answer.header("content-type") == "text/css; charset=utf-8")
            #expect(answer.header("cache-control")?.contains("immutable") == true)
            #expect(try await town.client().get(sheet, headers: [("If-None-Match", answer.header("etag") ?? "")]).status == 304)
            #expect(try await town.client().get("/assets/old/css/tokens.css").header("cache-control") == "no-cache")
            for path in ["/assets/x/../../Package.swift", "/assets/x/%2e%2e/Package.swift", "/assets/x/nothing.css"] {
                #expect(try await town.client().get(path).status == 404)
            }
        }
    }

    @Test("an account's pages are in the browser's language until one is chosen, then in that one everywhere")
    func ownLanguage() async throws {
        try await withWeb(.sqlite) { town in
            func signedIn() async throws -> WebClient {
                let client = town.client()
                client.headers = [("Accept-Language", "en-GB,en;q=0.9")]
                let page = try await client.get("/sign-in")
                _ = try await client.post(
                    "/sign-in", [("csrf", page.input("csrf") ?? ""), ("name", "officer"), ("password", WebTown.password)])
                return client
            }
            let first = try await signedIn()
            let me = try await first.get("/me")
            #expect(me.text.contains("<html lang=\"en\""))
            _ = try await first.post("/me", [("csrf", me.input("csrf") ?? ""), ("language", "zh-Hans"), ("type", "normal")])
            #expect(try await signedIn().get("/me").text.contains("<html lang=\"zh-Hans\""))
        }
    }
}
