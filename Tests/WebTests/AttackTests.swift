import Basics
import Foundation
import NIOCore
import NIOPosix
import Posts
import Store
import Support
import Testing

@testable import Web

/// What somebody with ill will sends.
@Suite struct AttackTests {
    /// Sends bytes as they are and returns what came back until the server closed or fell silent.
    private func raw(_ town: WebTown, _ text: String) async throws -> String {
        try await raw(town, Array(text.utf8))
    }

    private func raw(_ town: WebTown, _ bytes: [UInt8]) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: town.port) {
            channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            try? await outbound.write(ByteBuffer(bytes: bytes))
            let silence = Task {
                try await Task.sleep(for: .seconds(6))
                channel.channel.close(promise: nil)
            }
            defer { silence.cancel() }
            var text = ""
            do { for try await buffer in inbound { text += String(buffer: buffer) } } catch {}
            return text
        }
    }

    @Test("ASVS-4.2.1 one request is one request, however its length is told")
    func smuggling() async throws {
        try await withWeb(.sqlite) { town in
            let hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
            for head in [
                "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 0", "Content-Length: 5, 5", "Content-Length: +5", "Content-Length: -1",
                "Content-Length: 99999999999999999999", "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding : chunked", "X-A: b\r\n c\r\nContent-Length: 0",
            ] {
                let answer = try await raw(town, "POST /find HTTP/1.1\r\nHost: x\r\n\(head)\r\n\r\n0\r\n\r\n" + hidden)
                #expect(answer.hasPrefix("HTTP/1.1 4"), "\(head): \(answer.prefix(40))")
                #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2, "\(head) was two requests")
            }
            for chunk in ["ZZ\r\nhello", "FFFFFFFFFFFFFFFFF\r\nhello"] {
                let answer = try await raw(
                    town, "POST /find HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)\r\n0\r\n\r\n" + hidden)
                #expect(!answer.hasPrefix("HTTP/1.1 5") && !answer.contains(" 404 "), "\(chunk): \(answer.prefix(40))")
            }
            let many = (0..<5000).map { "X-\($0): a\r\n" }.joined()
            #expect(try await raw(town, "GET /health HTTP/1.1\r\nHost: x\r\n\(many)\r\n").hasPrefix("HTTP/1.1 4"))
            #expect(
                try await raw(town, "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: x\r\n\r\n").hasPrefix("HTTP/1.1 4"))
            #expect(try await town.client().get("/health").status == 200)
        }
    }

    @Test("a head without end is refused, and the line is not held for it")
    func endlessHeads() async throws {
        try await withWeb(.sqlite) { town in
            let long = String(repeating: "b", count: 4 << 20)
            for head in ["GET /report HTTP/1.1\r\nHost: x\r\nX-A: \(long)", "GET /\(long)", "GET /desk HTTP/1.1\r\nCookie: a=\(long)"] {
                let line = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                let channel = try await line.connect(host: "127.0.0.1", port: town.port).get()
                // Never ended by us: the server hangs up, long before the ninety seconds that silence has.
                channel.writeAndFlush(ByteBuffer(string: head), promise: nil)
                let closed = Task { try await channel.closeFuture.get() }
                let patience = Task {
                    try await Task.sleep(for: .seconds(20))
                    Issue.record("the line is still open: \(head.prefix(20))")
                    try await channel.close()
                }
                _ = try? await closed.value
                patience.cancel()
            }
            #expect(try await town.client().get("/health").status == 200)
        }
    }

    @Test("ASVS-5.2.1 bodies too deep, too many, too large, packed or broken cost little and change nothing", arguments: Backend.all)
    func bodies(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let path = Open311Tests.base + "/requests.json"
            let key = try await town.key()
            let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
            let parts = String(repeating: "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n", count: 2000)
            let head = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
            let bodies: [(type: String, body: String)] = [
                ("application/json", "{\"a\":\(deep)}"), ("application/json", "[1]"), ("application/json", "{\"a\":1"),
                ("application/x-www-form-urlencoded", "a=" + String(repeating: "x", count: 3 << 20)),
                ("multipart/form-data; boundary=b", parts + "--b--"), ("multipart/form-data; boundary=b", head + "1"),
                ("multipart/form-data", "x"), ("multipart/form-data; boundary=" + String(repeating: "b", count: 5000), "x"),
                ("multipart/form-data; boundary=b", head + String(repeating: "\r\n--", count: 100_000)), ("text/xml", "<a/>"),
                ("application/x-www-form-urlencoded\r\nX: y", "a"),
            ]
            for (type, body) in bodies {
                let answer = try await raw(
                    town,
                    "POST \(path)?api_key=\(key) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                )
                #expect(answer.hasPrefix("HTTP/1.1 400"), "\(type) \(body.prefix(30)): \(answer.prefix(60))")
            }
            #expect(try await town.database.read { tx in try tx.count("SELECT COUNT(*) FROM matter") } == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: town.house.scratch).isEmpty, "a torn upload leaves nothing")
        }
    }

    @Test("no address leads out of the folders, and none writes a header")
    func paths() async throws {
        try await withWeb(.sqlite) { town in
            for path in [
                "/../../etc/passwd", "/assets/..%2f..%2fPackage.swift", "/assets/x/..%5c..%5cPackage.swift",
                "/assets/x/....//....//Package.swift",
                "/photos/..%2f..%2fetc", "/%c0%ae%c0%ae/etc", "//evil.example/x", "/assets/%00", "/a%0d%0aX-Evil:1",
                "/?lang=en%0d%0aX-Evil:1",
                "/sign-in?next=%0d%0aX-Evil:1", "/?type=large%0d%0aX-Evil:%201", "/api/export/matters.csv%0d%0aX-Evil:1",
            ] {
                let answer = try await raw(town, "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                let head = answer.components(separatedBy: "\r\n\r\n").first ?? ""
                #expect(!head.contains("\r\nX-Evil") && !answer.contains("root:") && !answer.contains("swift-tools-version"), "\(path)")
                #expect(head.hasPrefix("HTTP/1.1 4") || path.hasPrefix("/?") || path.hasPrefix("/sign-in"), "\(path) \(head.prefix(20))")
            }
        }
    }

    @Test(
        "ASVS-3.3.4 ASVS-3.5.1 every POST needs the session's own token, whoever is signed in; every cookie is out of reach of scripts",
        arguments: Backend.all)
    func tokens(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let officer = try await town.signedIn()
            // That it was refused is written down; nothing else is.
            let done: @Sendable (Transaction) throws -> Int = { try $0.count("SELECT COUNT(*) FROM entry WHERE verb <> 'access.refused'") }
            let before = try await town.database.read(done)
            for route in WebApp.routes.all where "\(route.method)" == "POST" && route.need != .client {
                let path =
                    "/"
                    + route.path.split(separator: "/").map { $0.hasPrefix(":") ? "0193a000-0000-7000-8000-000000000009" : String($0) }
                    .joined(separator: "/")
                for fields in [[], [("csrf", "")], [("csrf", "x")]] as [[(String, String)]] {
                    #expect(try await officer.post(path, fields).status == 403, "\(path)")
                }
                #expect(try await town.client().post(path, []).status == 403, "\(path)")
            }
            #expect(try await town.database.read(done) == before)
            for path in ["/sign-in", "/?lang=en", "/?type=large", "/report"] {
                for cookie in try await town.client().get(path).all("set-cookie") {
                    #expect(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=") && cookie.contains("Path=/"), "\(cookie)")
                }
            }
        }
    }

    @Test(
        "ASVS-7.2.3 ASVS-7.2.4 a session somebody else planted is not taken over; signing in again ends the one before",
        arguments: Backend.all)
    func fixation(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let planted = town.client()
            planted.cookies["weiwang"] = "0123456789012345678901234567890a"
            let page = try await planted.get(Paths.signIn)
            let fields = [("csrf", page.input("csrf") ?? ""), ("name", "officer"), ("password", WebTown.password)]
            #expect(try await planted.post(Paths.signIn, fields).status == 303)
            let first = try #require(planted.cookies["weiwang"])
            #expect(first != "0123456789012345678901234567890a" && first.count >= 32)
            let csrf = try await planted.get(Paths.me).input("csrf") ?? ""
            #expect(try await planted.post(Paths.signIn, [("csrf", csrf)] + fields.dropFirst()).status == 303)
            #expect(planted.cookies["weiwang"] != first)
            let old = town.client()
            old.cookies["weiwang"] = first
            #expect(try await old.get(Paths.me).status == 303)
        }
    }

    @Test("ASVS-14.3.2 personal pages are kept by no cache", arguments: Backend.all)
    func caches(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let key = try await town.key()
            _ = try await town.client().post(Open311Tests.base + "/requests.json", Open311Tests.fields(key))
            let officer = try await town.signedIn()
            for route in WebApp.routes.all where "\(route.method)" == "GET" && !route.path.contains(":") && route.path != "/live" {
                guard !route.path.hasPrefix("/assets"), route.path != Paths.favicon else { continue }
                let answer = try await officer.get(route.path)
                #expect(answer.header("cache-control") == "no-store", "\(route.path) \(answer.header("cache-control") ?? "")")
            }
        }
    }

    @Test("ASVS-6.3.1 guesses at a name count together, however it is written and wherever they come from", arguments: Backend.all)
    func guesses(on backend: Backend) async throws {
        try await withWeb(backend, proxies: ["127.0.0.1"]) { town in
            let client = town.client()
            let csrf = try await client.get(Paths.signIn).input("csrf") ?? ""
            func tries(_ name: String, _ password: String, from peer: String) async throws -> Int {
                let fields = [("csrf", csrf), ("name", name), ("password", password)]
                return try await client.post(Paths.signIn, fields, headers: [("X-Forwarded-For", peer)]).status
            }
            for (index, name) in ["officer", "OFFICER", " Officer ", "ｏｆｆｉｃｅｒ", "oﬃcer"].enumerated() {
                #expect(try await tries(name, "guess \(index)", from: "10.0.0.\(index)") == 403, "\(name)")
            }
            #expect(try await tries("officer", WebTown.password, from: "10.9.9.9") == 429, "locked, also for the right one")
            town.clock.advance(.minutes(2))
            #expect(try await tries("ＯＦＦＩＣＥＲ", WebTown.password, from: "10.9.9.9") == 303)
        }
    }

    @Test("ASVS-2.4.1 a query code is not found by going through all of them from many addresses", arguments: Backend.all)
    func codes(on backend: Backend) async throws {
        try await withWeb(backend, proxies: ["127.0.0.1"]) { town in
            let key = try await town.key()
            _ = try await town.client().post(Open311Tests.base + "/requests.json", Open311Tests.fields(key))
            let number = "2026-1119-0001"
            let code = try await town.database.read { tx in try tx.first("SELECT query_code FROM report") { try $0[0] as String } } ?? ""
            func find(_ number: String, _ code: String, from peer: String) async throws -> Int {
                try await town.client().post(
                    "/find", [("number", number), ("code", code)],
                    headers: [("X-Forwarded-For", peer), ("Origin", "http://localhost:\(town.port)")]
                ).status
            }
            for index in 0..<30 {
                let wrong = code == "00000\(index % 10)" ? "111111" : "00000\(index % 10)"
                #expect(try await find(index % 2 == 0 ? number : "２０２６－１１１９－０００１", wrong, from: "10.0.\(index).1") == 422)
            }
            #expect(try await find(number, code, from: "10.1.1.1") == 429)
            #expect(try await find("2026-1119-0002", code, from: "10.1.1.1") == 422, "another number is not held up")
            town.clock.advance(.hours(1))
            #expect(try await find(number, code, from: "10.1.1.1") == 303)
        }
    }

    @Test("who is one sender")
    func senders() {
        #expect(Peer.network(of: "10.1.2.3") == "10.1.2.3" && Peer.network(of: "unknown") == "unknown")
        #expect(Peer.network(of: "2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64")
        #expect(Peer.network(of: "2001:0db8:0001:0002::9") == "2001:db8:1:2::/64")
        #expect(Peer.network(of: "2001:db8::1") == "2001:db8:0:0::/64" && Peer.network(of: "::1") == "0:0:0:0::/64")
        #expect(Peer.network(of: "fe80::1%eth0") == Peer.network(of: "fe80::2"))
        #expect(Peer.network(of: "::ffff:10.1.2.3") == "::ffff:10.1.2.3")
    }
}
