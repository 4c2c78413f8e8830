import Basics
import Catalog
import Geo
import Delivery
import Foundation
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

/// OWASP ASVS 5.0, chapters 5 and 7, on a whole server with its followers.
@Suite struct ASVS7_Sessions {
    @Test(
        "ASVS-7.4.1 ASVS-7.4.2 ASVS-7.4.5 a disabled account, a new password and a reset end pages and streams within a second",
        arguments: Support.Backend.all)
    func ended(on backend: Support.Backend) async throws {
        try await inTown(backend) { town in
            let posts = town.engines.posts
            let now = town.clock.time.now
            let acts: [(String, @Sendable (PersonID, Act, Transaction) throws -> Void)] = [
                ("何雨", { person, act, tx in try posts.setDisabled(true, of: person, act: act, in: tx) }),
                ("苏城", { person, act, tx in try posts.setPassword(of: person, record: "scrypt$1$1$1$AAAA$AAAA", act: act, in: tx) }),
                (
                    "周禾",
                    { person, act, tx in
                        try tx.run(
                            "INSERT INTO second_factor (person_id, secret, made_at, step, failed) VALUES (\(person), \([UInt8](repeating: 1, count: 40)), \(now), 0, 0)"
                        )
                        try posts.resetSecondFactor(of: person, act: act, in: tx)
                    }
                ),
            ]
            for (name, end) in acts {
                let browser = try await town.browser(name)
                var pieces = browser.listen().makeAsyncIterator()
                var text = ""
                while !text.contains(": open") { text += try await pieces.next() ?? ": open" }
                #expect(try await browser.get("/me").status == 200)
                let act = Act.system("test", id: Town.id("end \(name)"), at: now)
                try await town.engines.database.write { tx in try end(Town.person(name), act, tx) }
                let began = Date()
                while let piece = try await pieces.next() { text += piece }
                #expect(text.hasSuffix("event: end\ndata: {}\n\n") && Date().timeIntervalSince(began) < 1, "\(name) \(text.suffix(40))")
                let next = try await browser.get("/me")
                #expect(next.status == 303 && next.location.hasPrefix("/sign-in"))
                #expect(try await browser.get("/api/matters").status == 403)
            }
        }
    }

    @Test(
        "ASVS-5.2.2 ASVS-1.3.4 ASVS-3.2.1 only pictures are taken, by their bytes; what they carried besides is gone",
        arguments: Support.Backend.all)
    func uploads(on backend: Support.Backend) async throws {
        try await inTown(backend) { town in
            let client = try await town.browser()
            client.headers = [("Origin", town.house.settings.publicURL)]
            let jpeg = Array(Data(base64Encoded: C11_Answered.jpeg) ?? Data())
            let script = Array("<script>alert(1)</script><!--".utf8)
            // A comment segment with a page in it, and a page behind the end.
            let comment: [UInt8] = [0xFF, 0xFE, 0, UInt8(script.count + 2)] + script
            let polyglot = Array(jpeg.prefix(2)) + comment + jpeg.dropFirst(2) + script
            let svg = Array("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".utf8)
            for (name, type, bytes, isTaken) in [
                ("a.svg", "image/svg+xml", svg, false), ("a.jpg", "image/jpeg", svg, false),
                ("a.html", "text/html", Array("<!doctype html>".utf8) + script, false),
                ("a.gif", "image/gif", Array("GIF89a".utf8) + script, false),
                ("a.pdf", "application/pdf", Array("%PDF-1.7".utf8), false), ("a.html", "text/html", polyglot, true),
            ] {
                let page = try await client.get("/report")
                let before = try await photos(town).count
                let sent = try await client.upload(
                    "/report",
                    [
                        ("csrf", page.input("csrf") ?? ""), ("id", page.input("id") ?? ""), ("lon", "\(Town.micro.lon)"),
                        ("lat", "\(Town.micro.lat)"), ("placed", "phone"), ("words", "井盖 \(name)"),
                    ], files: [("photo", name, type, bytes)])
                #expect(sent.status == 303, "\(name)")
                #expect(try await photos(town).count == before + (isTaken ? 1 : 0), "\(name) \(type)")
                guard isTaken, let digest = try await photos(town).last else { continue }
                let own = try await client.get(
                    "/" + sent.location.split(separator: "/").prefix(2).joined(separator: "/").prefix { $0 != "?" && $0 != "#" }
                        + "/photos/" + digest)
                #expect(
                    own.status == 200 && own.header("content-type") == "image/jpeg" && own.header("x-content-type-options") == "nosniff")
                #expect((own.header("content-security-policy") ?? "").contains("default-src 'none'"))
                #expect(own.body.starts(with: [0xFF, 0xD8, 0xFF]) && !own.text.contains("<script>"), "made anew")
            }
        }
    }

    private func photos(_ town: Town) async throws -> [String] {
        try await town.engines.database.read { tx in
            try tx.all("SELECT digest FROM photo WHERE state = 'here' ORDER BY at, id") { try $0[0] as String }
        }
    }

    @Test("a daily anchor is one line a day in the folder, and check holds the chain against it", arguments: Support.Backend.all)
    func anchored(on backend: Support.Backend) async throws {
        try await inTown(backend) { town in
            _ = try await town.report("路灯不亮", at: Town.micro)
            try await town.settle()
            let folder = URL(fileURLWithPath: town.engines.database.files.folder).deletingLastPathComponent().path
            let file = Anchors.file(in: folder)
            try? FileManager.default.removeItem(atPath: file)
            let anchors = Anchors(
                database: town.engines.database, folder: folder, time: town.clock.time, zone: town.engines.catalog.current.platform.zone,
                logger: .quiet)
            for _ in 0..<3 { try await anchors.note() }
            town.clock.advance(.days(1))
            try await anchors.note()
            let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 2 && lines[0].hasPrefix("2026-11-20T") && lines[1].hasPrefix("2026-11-21T"))
            let heads = Anchors.read(lines.joined(separator: "\n"))
            #expect(heads.count == 2)
            func found(_ heads: [Chain.Head]) async throws -> [String] {
                try await Check.findings(town.engines, anchors: heads).filter {
                    $0.contains("journal") || $0.contains("chain") || $0.contains("日志") || $0.contains("链")
                }
            }
            #expect(try await found(heads) == [])
            let other = Chain.Head(place: heads[0].place, hash: [UInt8](repeating: 3, count: 32))
            #expect(try await found([other]).count == 1)
            #expect(try await found([Chain.Head(place: heads[0].place + 1000, hash: other.hash)]).count == 1)
        }
    }
}
