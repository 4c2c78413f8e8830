import Basics
import Foundation
import Posts
import Store
import Support
import Testing

@testable import Web

/// OWASP ASVS 5.0, chapter 6: who comes in, over HTTP as a phone would.
@Suite struct ASVS6_SignIn {
    private func password(_ client: WebClient, _ town: WebTown, next: String = "") async throws -> WebClient.Answer {
        let csrf = try await client.get(Paths.signIn).input("csrf") ?? ""
        return try await client.post(
            Paths.signIn, [("csrf", csrf), ("name", "officer"), ("password", WebTown.password), ("next", next)])
    }

    /// The secret that the page says for typing by hand.
    private func app(_ page: WebClient.Answer) throws -> TOTP {
        let text = try #require(page.text.firstMatch(of: #/<code>([A-Z2-7 ]{32,})<\/code>/#)).1.filter { $0 != " " }
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = text.flatMap { letter -> [Int] in
            let value = letters.firstIndex(of: letter) ?? 0
            return (0..<5).map { value >> (4 - $0) & 1 }
        }
        return TOTP(secret: (0..<bits.count / 8).map { byte in UInt8(bits[byte * 8..<byte * 8 + 8].reduce(0) { $0 << 1 | $1 }) })
    }

    private func send(_ client: WebClient, _ path: String, _ fields: [(String, String)]) async throws -> WebClient.Answer {
        let csrf = try await client.get(path).input("csrf") ?? ""
        return try await client.post(path, [("csrf", csrf)] + fields)
    }

    @Test("ASVS-6.3.3 who sees personal data sets up an app, and gives its code; nothing opens before", arguments: Backend.all)
    func enrolsAndSignsIn(on backend: Backend) async throws {
        try await withWeb(backend, asksForCodes: true) { town in
            let phone = town.client()
            let led = try await password(phone, town, next: "/desk?tab=all")
            #expect(led.status == 303 && led.location == "/sign-in/app?next=%2Fdesk%3Ftab%3Dall", "\(led.location)")
            #expect(phone.cookies["weiwang"] == nil && phone.cookies["weiwang_step"] != nil)
            for route in WebApp.routes.all where "\(route.method)" == "GET" && Permission.asksForSession(route) && !route.path.contains(":")
            {
                let answer = try await phone.get(route.path)
                #expect(answer.status == 303 && answer.location.hasPrefix("/sign-in"), "\(route.path) \(answer.status)")
            }
            for path in ["/api/matters", "/live"] { #expect(try await phone.get(path).status == 403) }
            let page = try await phone.get(led.location)
            #expect(page.status == 200 && page.text.contains("<svg") && page.header("cache-control") == "no-store")
            let app = try app(page)
            #expect(page.text.contains("secret=\(app.text)&amp;"))
            #expect(try await send(phone, led.location, [("code", "000000")]).status == 403)
            #expect(try self.app(try await phone.get(led.location)).text == app.text, "a wrong code changes nothing")
            let done = try await send(
                phone, led.location, [("code", app.code(at: TOTP.step(at: town.clock.now))), ("next", "/desk?tab=all"), ("trust", "1")])
            let codes = done.text.matches(of: #/<code>([0-9][a-z2-9]{4}-[a-z2-9]{5})<\/code>/#).map { String($0.1) }
            #expect(done.status == 200 && codes.count == 10 && done.text.contains("href=\"/desk?tab=all\""))
            #expect(try await phone.get("/desk").status == 200)
            #expect(try await phone.get("/sign-in/app").status == 303, "the step is over")
            try await database(town, keepsNone: codes + [app.text])

            // Another browser: the code is asked for; the one of before is no longer good.
            town.clock.advance(.minutes(3))
            let desk = town.client()
            let asked = try await password(desk, town)
            #expect(asked.location == "/sign-in/code" && desk.cookies["weiwang"] == nil)
            #expect(try await desk.get("/desk").status == 303)
            #expect(try await send(desk, asked.location, [("code", app.code(at: TOTP.step(at: town.clock.now) - 5))]).status == 403)
            let code = app.code(at: TOTP.step(at: town.clock.now))
            let inside = try await send(desk, asked.location, [("code", " \(code.prefix(3)) \(code.suffix(3)) ")])
            #expect(inside.status == 303 && inside.location == "/command")
            #expect(desk.cookies["weiwang_device"] == nil && desk.cookies["weiwang_step"] == nil)
            let replay = town.client()
            _ = try await password(replay, town)
            #expect(try await send(replay, "/sign-in/code", [("code", code)]).status == 403)
            #expect(try await send(replay, "/sign-in/code", [("code", codes[3])]).status == 303)
            #expect(try await replay.get("/me").text.contains("还有 9 个备用码"))

            // The trusted phone: password alone, until it is taken off the list.
            _ = try await phone.post("/sign-out", [("csrf", try await phone.get("/me").input("csrf") ?? "")])
            #expect(try await password(phone, town).location == "/command")
            let me = try await phone.get("/me")
            #expect(me.text.contains("<span class=\"chip\">"))
            let device = try #require(me.input("device"))
            #expect(try await phone.post("/me/account/distrust", [("csrf", me.input("csrf") ?? ""), ("device", device)]).status == 303)
            _ = try await phone.post("/sign-out", [("csrf", try await phone.get("/me").input("csrf") ?? "")])
            #expect(try await password(phone, town).location == "/sign-in/code")
        }
    }

    private func database(_ town: WebTown, keepsNone secrets: [String]) async throws {
        let text = try await town.database.read { tx in
            try ["second_factor", "recovery_code", "sign_in_step", "entry", "session", "trusted_device"].flatMap { table in
                try tx.all("SELECT * FROM \(sql: SQL(stringLiteral: table))") { "\($0.values)" }
            }.joined()
        }
        for secret in secrets { #expect(!text.contains(secret) && !text.contains(secret.filter { $0 != "-" })) }
    }

    @Test("a step belongs to the browser that gave the password", arguments: Backend.all)
    func stepIsOwn(on backend: Backend) async throws {
        try await withWeb(backend, asksForCodes: true) { town in
            let client = town.client()
            _ = try await password(client, town)
            let app = try app(try await client.get(Paths.signInApp))
            let stranger = town.client()
            stranger.cookies["weiwang_step"] = "0123456789012345678901234567890a"
            for path in [Paths.signInApp, Paths.signInCode] { #expect(try await stranger.get(path).status == 303) }
            let csrf = try await stranger.get(Paths.signIn).input("csrf") ?? ""
            let code = app.code(at: TOTP.step(at: town.clock.now))
            #expect(try await stranger.post(Paths.signInApp, [("csrf", csrf), ("code", code)]).status == 403)
            #expect(stranger.cookies["weiwang"] == nil)
            #expect(try await client.post(Paths.signInApp, [("code", code)]).status == 403, "nor without the form's token")
        }
    }

    @Test("a demo asks nobody, says so, and lets who wants to", arguments: Backend.all)
    func demo(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let note = town.house.wording.say("entry.demo", .chinese, [:])
            #expect(try await town.client().get(Paths.signIn).text.contains(note))
            let officer = try await town.signedIn()
            let me = try await officer.get("/me")
            #expect(me.text.contains(note))
            func press(_ verb: String, _ password: String) async throws -> WebClient.Answer {
                try await officer.post(
                    "/me/account/\(verb)", [("csrf", try await officer.get("/me").input("csrf") ?? ""), ("password", password)])
            }
            #expect(try await press("app", "wrong wrong").status == 403)
            #expect(try await press("app", WebTown.password).location == "/sign-in/app?next=%2Fme")
            let app = try app(try await officer.get(Paths.signInApp))
            let done = try await send(officer, Paths.signInApp, [("code", app.code(at: TOTP.step(at: town.clock.now)))])
            #expect(done.status == 200)
            #expect(try await password(town.client(), town).location == "/sign-in/code")
            #expect(try await press("remove_app", WebTown.password).location == "/me?did=remove_app")
            #expect(try await password(town.client(), town).location == "/command")
        }
    }

    @Test("ASVS-6.2.2 ASVS-6.2.3 one changes one's own password with the present one; other sessions end", arguments: Backend.all)
    func ownPassword(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let (here, elsewhere) = (try await town.signedIn(), try await town.signedIn())
            func change(_ old: String, _ new: String) async throws -> Int {
                let csrf = try await here.get("/me").input("csrf") ?? ""
                return try await here.post("/me/account/password", [("csrf", csrf), ("password", old), ("new", new)]).status
            }
            #expect(try await change("not it at all", "tango ivy 9 lamps") == 403)
            for weak in ["short", "Officer2026"] { #expect(try await change(WebTown.password, weak) == 422) }
            #expect(try await change(WebTown.password, "tango ivy 9 lamps") == 303)
            #expect(try await here.get("/me").status == 200)
            #expect(try await elsewhere.get("/me").status == 303)
            #expect(try await password(town.client(), town).status == 403)
        }
    }

    @Test(
        "ASVS-6.3.1 a thousand guesses over many accounts from one address, and over many addresses at one account", arguments: Backend.all)
    func guesses(on backend: Backend) async throws {
        try await withWeb(backend, proxies: ["127.0.0.1"]) { town in
            let client = town.client()
            let csrf = try await client.get(Paths.signIn).input("csrf") ?? ""
            func guess(_ name: String, from peer: String) async throws -> Int {
                try await client.post(
                    Paths.signIn, [("csrf", csrf), ("name", name), ("password", "Spring2026!")], headers: [("X-Forwarded-For", peer)]
                ).status
            }
            // One address, an account a try (spraying): twenty are answered, then none is tried.
            var tried = 0
            for index in 0..<500 where try await guess("person\(index)", from: "10.0.0.1") != 429 { tried += 1 }
            #expect(tried == 20)
            #expect(try await guess("officer", from: "2001:db8::1") == 403)
            // One account, an address a try: five are tried, then one more each time the lock ends.
            var guessed = 1
            for index in 0..<500 where try await guess("officer", from: "10.1.\(index / 250).\(index % 250)") != 429 { guessed += 1 }
            #expect(guessed == 5)
            town.clock.advance(.seconds(31))
            #expect(try await guess("officer", from: "10.2.0.1") == 403)
            #expect(try await guess("officer", from: "10.2.0.2") == 429)
            let noted = try await town.database.read { tx in
                try tx.all("SELECT verb, detail FROM entry WHERE subject = 'account' AND verb <> 'account.added' ORDER BY seq") {
                    (try $0["verb"] as String, try $0["detail"] as String)
                }
            }
            #expect(noted.filter { $0.0 == "account.sign_in_refused" }.count == 6 && noted.filter { $0.0 == "account.locked" }.count == 2)
            #expect(noted.allSatisfy { $0.1.contains("from") && !$0.1.contains("10.1") }, "where from is a mark, never the address")
        }
    }

    @Test("a house full of people signs in behind one address", arguments: Backend.all)
    func manyBehindOne(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            for _ in 0..<30 {
                let answer = try await password(town.client(), town)
                #expect(answer.status == 303)
            }
        }
    }
}
