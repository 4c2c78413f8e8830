import Basics
import Foundation
import Store
import Support
import Testing

@testable import Web

@Suite(.serialized) struct ReportTests {
    /// A 2 x 2 JPEG.
    static let jpeg: [UInt8] = Array(
        Data(
            base64Encoded:
                "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAACAAIBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q=="
        ) ?? Data())

    @Test("without JavaScript: tap the map, the photo is kept, send, read every step")
    func withoutJavaScript() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            let page = try await client.get("/report")
            #expect(page.status == 200)
            func fields(_ page: WebClient.Answer, _ more: [(String, String)]) -> [(String, String)] {
                ["csrf", "id", "grid", "lon", "lat", "accuracy", "placed", "view"].map { ($0, page.input($0) ?? "") } + more
            }
            let tapped = try await client.upload(
                "/report", fields(page, [("tap.x", "100"), ("tap.y", "50"), ("words", "早上就在")]),
                files: [("photo", "../../x.jpg", "image/jpeg", Self.jpeg)])
            #expect(tapped.status == 200)
            #expect(tapped.input("id") == page.input("id"))
            #expect(tapped.input("placed") == "tap" && tapped.input("drafted") == "1" && tapped.text.contains("早上就在"))
            let sent = try await client.upload(
                "/report", fields(tapped, [("words", "早上就在")]), files: [("photo", "", "application/octet-stream", [])])
            #expect(sent.status == 303)
            let receipt = try await client.get(sent.location)
            #expect(receipt.text.contains("2026-1119-") && receipt.text.contains("<svg"))
            // The same form again is the same report, with the same link.
            #expect(try await client.upload("/report", fields(tapped, [("words", "早上就在")]), files: []).location == sent.location)
            let progress = try await client.get(String(sent.location.dropLast("/receipt".count)))
            #expect(progress.status == 200)
            #expect(progress.text.contains("您报了这件事") && progress.text.contains("/photos/"))
            #expect(!progress.text.contains("⟦"))
            let picture = progress.text.firstMatch(of: #/src="(\/r\/[^"]*\/photos\/[0-9a-f]+)"/#).map { String($0.1) } ?? ""
            let file = try await client.get(picture)
            #expect(file.status == 200 && file.header("content-type") == "image/jpeg" && file.body.starts(with: [0xFF, 0xD8]))
        }
    }

    @Test("nothing to go by, no place, no id: the same form again with a sentence, nothing written")
    func refusals() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            let page = try await client.get("/report")
            let base = ["csrf", "id", "view"].map { ($0, page.input($0) ?? "") }
            for (more, kept) in [
                ([("words", "井盖")], "井盖"), ([("lon", "113.6"), ("lat", "34.7")], ""), ([("id", "x"), ("words", "y")], ""),
            ] {
                let answer = try await client.post("/report", base.filter { pair in !more.contains { $0.0 == pair.0 } } + more)
                #expect(answer.status == 422 && answer.text.contains("say bad") && (kept.isEmpty || answer.text.contains(kept)))
            }
            let long = try await client.post(
                "/report", base + [("lon", "113.6"), ("lat", "34.7"), ("words", String(repeating: "长", count: 100_000))])
            #expect(long.status == 422)
            #expect(try await town.database.read { tx in try tx.count("SELECT COUNT(*) FROM report") } == 0)
        }
    }

    @Test("a photo that is none, and one that is too large: the report stands and says so")
    func badPhotos() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            for bytes in [Array("<script>alert(1)</script>".utf8), [UInt8](repeating: 0xFF, count: 26 << 20)] {
                let page = try await client.get("/report")
                let sent = try await client.upload(
                    "/report", [("csrf", page.input("csrf") ?? ""), ("id", page.input("id") ?? ""), ("lon", "113.6"), ("lat", "34.7")],
                    files: [("photo", "a.jpg", "image/jpeg", bytes)])
                #expect(sent.status == 303)
                #expect(try await client.get(sent.location).text.contains("没有收下"))
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: town.house.scratch)
            #expect(left.isEmpty)
        }
    }

    @Test("accepted without its photo, which comes later; a second sending changes nothing")
    func photoLater() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            let page = try await client.get("/report")
            let sent = try await client.post(
                "/report",
                [("csrf", page.input("csrf") ?? ""), ("id", page.input("id") ?? ""), ("lon", "113.6"), ("lat", "34.7"), ("awaited", "1")])
            #expect(sent.status == 303)
            #expect(try await client.get(sent.location).text.contains("照片还没送到"))
            let link = String(sent.location.dropLast("/receipt".count))
            for _ in 0..<2 {
                let put = try await client.upload(
                    link + "/photo", [("csrf", page.input("csrf") ?? ""), ("slot", "0")], files: [("photo", "x", "image/jpeg", Self.jpeg)])
                #expect([200, 303].contains(put.status))
            }
            #expect(try await !client.get(sent.location).text.contains("照片还没送到"))
            #expect(try await town.database.read { tx in try tx.count("SELECT COUNT(*) FROM photo") } == 1)
        }
    }

    @Test("number and code open the page, wrong ones do not; a link that is none opens nothing")
    func find() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            let page = try await client.get("/report")
            let sent = try await client.post(
                "/report",
                [("csrf", page.input("csrf") ?? ""), ("id", page.input("id") ?? ""), ("lon", "113.6"), ("lat", "34.7"), ("words", "路灯不亮")])
            let receipt = try await client.get(sent.location).text
            let number = receipt.firstMatch(of: #/<dd>(2026-[0-9-]+)<\/dd>/#).map { String($0.1) } ?? ""
            let code = receipt.firstMatch(of: #/<dd>([0-9]{6})<\/dd>/#).map { String($0.1) } ?? ""
            let form = try await client.get("/find")
            let csrf = ("csrf", form.input("csrf") ?? "")
            #expect(try await client.post("/find", [csrf, ("number", number), ("code", "000000x")]).status == 422)
            let full = String(code.map { Character(UnicodeScalar(UInt32($0.wholeNumberValue ?? 0) + 0xFF10) ?? "0") })
            let found = try await client.post("/find", [csrf, ("number", " " + number), ("code", full)])
            #expect(found.status == 303 && sent.location.hasPrefix(found.location))
            #expect(try await client.get("/r/nonsense").status == 404)
        }
    }
}
