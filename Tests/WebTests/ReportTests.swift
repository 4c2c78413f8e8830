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
            #expect(tapped.input("placed") == "tap" && tapped.text.contains("已收到 1 张照片") && tapped.text.contains("早上就在"))
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

    @Test("sent again with other words after a lost answer: a report of its own, once; nobody else's link is given away")
    func otherWords() async throws {
        try await withWeb(.sqlite) { town in
            let (client, stranger) = (town.client(), town.client())
            func send(_ words: String, by client: WebClient, id: String) async throws -> WebClient.Answer {
                let csrf = try await client.get("/report").input("csrf") ?? ""
                return try await client.post(
                    "/report", [("csrf", csrf), ("id", id), ("lon", "113.6"), ("lat", "34.7"), ("words", words)])
            }
            let id = try await client.get("/report").input("id") ?? ""
            let first = try await send("路灯不亮", by: client, id: id)
            let second = try await send("路灯不亮，很黑", by: client, id: id)
            #expect(first.status == 303 && second.status == 303 && first.location != second.location)
            #expect(try await send("路灯不亮，很黑", by: client, id: id).location == second.location)
            // Who knows the id alone gets a link to what he wrote himself.
            let other = try await send("不知道写了什么", by: stranger, id: id)
            #expect(![first.location, second.location].contains(other.location))
            #expect(try await town.database.read { tx in try tx.count("SELECT COUNT(*) FROM report") } == 3)
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

    @Test("without JavaScript a photo outlives a refusal: it is shown again, may be dropped, goes out with the report")
    func drafts() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            let page = try await client.get("/report")
            let base = ["csrf", "id", "view"].map { ($0, page.input($0) ?? "") }
            let script = Array("<script>alert(1)</script>".utf8)
            let refused = try await client.upload(
                "/report", base + [("words", "坑")],
                files: [("photo", "a.jpg", "image/jpeg", Self.jpeg), ("photo", "b.jpg", "image/jpeg", script)])
            #expect(refused.status == 422 && refused.text.contains("已收到 2 张照片") && refused.input("id") == page.input("id"))
            let shown = refused.text.matches(of: #/src="(\/report\/drafts\/[^"]*)"/#).map { String($0.1) }
            #expect(shown.count == 1)
            let picture = try await client.get(shown.first ?? "")
            #expect(picture.status == 200 && picture.header("content-type") == "image/jpeg" && picture.body == Self.jpeg)
            // What is no photo is never given back, under no index and no other report's id.
            let id = page.input("id") ?? ""
            for path in [
                "/report/drafts/\(id)/1", "/report/drafts/\(id)/9", "/report/drafts/\(UUIDv7(at: town.clock.now))/0", "/report/drafts/x/0",
            ] {
                #expect(try await client.get(path).status == 404, "\(path)")
            }
            let dropped = try await client.upload("/report", base + [("words", "坑"), ("drop", "1")], files: [])
            #expect(dropped.status == 200 && dropped.text.contains("已收到 1 张照片") && dropped.text.contains("坑"))
            let sent = try await client.upload("/report", base + [("lon", "113.6"), ("lat", "34.7")], files: [])
            #expect(sent.status == 303)
            #expect(try await town.database.read { try $0.count("SELECT COUNT(*) FROM photo WHERE state = 'here'") } == 1)
            #expect(try await client.get(shown.first ?? "").status == 404)
        }
    }

    @Test("a photo too large is said on the form that is refused for something else, and ends the waiting on the progress page")
    func tooLarge() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            let large = [UInt8](repeating: 0xFF, count: 26 << 20)
            let page = try await client.get("/report")
            let base = ["csrf", "id"].map { ($0, page.input($0) ?? "") }
            let refused = try await client.upload("/report", base, files: [("photo", "a.jpg", "image/jpeg", large)])
            #expect(refused.status == 422 && refused.text.contains("超过 25 MB") && refused.text.contains("点一下问题在哪里"))
            let sent = try await client.post("/report", base + [("lon", "113.6"), ("lat", "34.7"), ("awaited", "1")])
            let link = String(sent.location.dropLast("/receipt".count))
            let put = try await client.upload(
                link + "/photo", [base[0], ("slot", "0")], files: [("photo", "a.jpg", "image/jpeg", large)],
                headers: [("Accept", "application/json")])
            #expect(put.status == 413)
            let after = try await client.get(link).text
            #expect(!after.contains("照片还没送到") && after.contains("超过 25 MB"))
        }
    }

    @Test("a key pressed on the map means its middle; a tap from afar says how rough it is and comes near")
    func taps() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            let far = "view=113.6,34.7,7"
            let middle = try await client.get("/report/nearby?\(far)&tap.x=0&tap.y=0")
            #expect(middle.input("lon") == "113.6" && middle.input("lat") == "34.7")
            #expect(middle.input("view") == "113.6,34.7,3" && middle.input("accuracy") == "230")
            #expect(middle.text.contains("details class=\"wrong no-print\" open") && middle.text.contains("around=230"))
            let near = try await client.get("/report/nearby?view=113.6,34.7,2&tap.x=320&tap.y=120")
            #expect(near.input("accuracy") == "" && !near.text.contains("no-print\" open"))
        }
    }

    @Test("ASVS-16.5.1 an error says what happened, what was done instead, what to do, with a short id")
    func errors() async throws {
        try await withWeb(.sqlite) { town in
            let client = town.client()
            for (language, words) in [
                ("zh-Hans", ["没有找到", "都还在", "回到首页", "编号"]), ("en", ["no such page", "still there", "first page", "Number of this answer"]),
            ] {
                let page = try await client.get("/nope?lang=\(language)")
                #expect(page.status == 404 && page.text.contains("href=\"/find\""))
                for word in words { #expect(page.text.contains(word), "\(word)") }
                #expect(page.text.contains(page.header("x-request-id") ?? "none"))
            }
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
