import Basics
import Catalog
import Foundation
import Geo
import Glibc
import Grids
import Matters
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

/// What comes in wrong: a clear answer, nothing lost, nothing half written.
@Suite struct BadInput {
    typealias T = Town

    /// A resident's browser that has the form open.
    private static func form(_ town: Town, at point: Coordinate? = Town.micro) async throws -> (
        client: WebClient, fields: [(String, String)]
    ) {
        let client = try await town.browser()
        client.headers = [("Origin", town.house.settings.publicURL)]
        let page = try await client.get("/report")
        var fields = [("csrf", page.input("csrf") ?? ""), ("id", page.input("id") ?? "")]
        if let point { fields += [("lon", "\(point.lon)"), ("lat", "\(point.lat)"), ("placed", "phone")] }
        return (client, fields)
    }

    private static func incoming(_ town: Town) -> [String] {
        let folder = town.engines.database.files.folder + "/incoming"
        let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return found.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder) && !isFolder.boolValue
        }
    }

    // MARK: Places

    @Test("a point outside every grid is kept at the root's desk, and the reporter is told so", arguments: Backend.all)
    func outside(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let (client, fields) = try await Self.form(town, at: Town.outside)
            let sent = try await client.post("/report", fields + [("words", "郊外有人倒渣土")])
            #expect(sent.status == 303)
            let matter = try #require(try await town.matters().first)
            #expect(matter.grid == nil && matter.path == .root)
            let desk = try await town.browser("唐原").get("/desk?tab=to_take")
            #expect(desk.status == 200 && desk.text.contains(matter.number))
            let said = town.engines.catalog.current.strings.text("report.where.outside", .chinese)
            #expect(try await client.get("/report/nearby?lon=\(Town.outside.lon)&lat=\(Town.outside.lat)&placed=tap").text.contains(said))
            for odd in ["lon=nan&lat=34", "lon=1e400&lat=34", "lon=999&lat=34", "lon=&lat="] {
                #expect(try await client.get("/report?\(odd)").status == 200, "\(odd)")
                #expect(try await client.get("/api/locate?\(odd)").status == 422, "\(odd)")
            }
        }
    }

    @Test("a point on a border has one answer, always the same, by every door", arguments: Backend.all)
    func border(on backend: Backend) async throws {
        try await inTown(backend) { town in
            // Between two micro-grids, between two communities, between two subdistricts, where four meet.
            for (lon, lat) in [(113.6025, 34.745), (113.6025, 34.75), (113.62, 34.7433), (113.61, 34.745)] {
                let point = Coordinate(lon: lon, lat: lat)
                let first = try await town.located(point).codes
                #expect(first.count == 4)
                for _ in 0..<3 { #expect(try await town.located(point).codes == first) }
                let (client, fields) = try await Self.form(town, at: point)
                #expect(try await client.post("/report", fields + [("words", "井盖破了")]).status == 303)
                let matter = try #require(try await town.matters().last)
                #expect(matter.grid == (try town.grid(first.last ?? "").id) && matter.border != nil)
                town.clock.advance(.minutes(1))
            }
        }
    }

    // MARK: Words

    @Test("no words and no photo, 100,000 characters: said on the form, nothing written", arguments: Backend.all)
    func length(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let (client, fields) = try await Self.form(town)
            for language in Language.allCases {
                _ = try await client.get("/?lang=\(language.rawValue)")
                for words in ["", "   ", "\u{3000}\n", String(repeating: "长", count: 100_000)] {
                    let answer = try await client.post("/report", fields + [("words", words)])
                    #expect(answer.status == 422 && answer.text.contains("say bad") && answer.input("id") == fields[1].1)
                    #expect(!answer.text.contains("⟦"))
                }
            }
            #expect(try await town.matters().isEmpty)
        }
    }

    @Test("emoji, rare characters and both directions come back as they went in", arguments: Backend.all)
    func characters(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let words = "𬍡👍🏽👨‍👩‍👧 مياه \u{202E}עברית <b>&\"' ก้้้้ ❤️"
            let opened = try await town.report(words, at: Town.micro)
            #expect(opened.matter.words == words)
            let page = try await town.browser("林小满").get("/field/matters/\(opened.matter.id)")
            #expect(page.status == 200 && page.text.contains("𬍡👍🏽👨‍👩‍👧") && !page.text.contains("<b>&"))
            let found = try await town.browser("唐原").get("/desk?tab=all&q=%F0%AC%8D%A1")
            #expect(found.status == 200)
            let csv = try await town.browser("唐原").get("/api/export/matters.csv")
            #expect(csv.text.contains("𬍡👍🏽👨‍👩‍👧 مياه"))
        }
    }

    @Test("NUL and bytes that are no UTF-8 in any field are no error and are not kept", arguments: Backend.all)
    func bytes(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let (client, fields) = try await Self.form(town)
            let head = fields.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
            let type = [("Content-Type", "application/x-www-form-urlencoded")]
            let body = Array((head + "&words=%E4%BA%95%00%E7%9B%96%FF%FE%C0%80%08&placed%00=x&").utf8) + [0xFF, 0x00, 0xC3]
            let sent = try await client.send("POST", "/report", headers: type, body: body)
            #expect(sent.status == 303)
            let words = try #require(try await town.matters().first).words
            #expect(words.hasPrefix("井盖") && !words.unicodeScalars.contains { $0.value < 32 })
            #expect(try await client.get(sent.location).status == 200)

            let desk = try await town.browser("唐原")
            for path in [
                "/desk?tab=all&q=%00a%FF", "/desk?grid=%00", "/api/matters?q=%00&category=%00", "/find?number=%00",
                "/report?grid=%00&view=%00",
            ] {
                #expect([200, 422].contains(try await desk.get(path).status), "\(path)")
            }
            for path in ["/api/matters/%00", "/g/%00", "/r/%00%FF", "/photos/%00", "/desk/matters/%00", "/open311/v2/requests/%00.json"] {
                #expect([400, 404, 422].contains(try await desk.get(path).status), "\(path)")
            }
            let csrf = try await client.get("/find").input("csrf") ?? ""
            let wrong = try await client.send("POST", "/find", headers: type, body: Array("csrf=\(csrf)&number=%00&code=%00%FF".utf8))
            #expect(wrong.status == 422)
            let signIn = try await client.get("/sign-in").input("csrf") ?? ""
            let nobody = try await client.send(
                "POST", "/sign-in", headers: type, body: Array("csrf=\(signIn)&name=%00%FF&password=%00".utf8))
            #expect(nobody.status == 403)
            // In an action's words, too.
            let id = try #require(try await town.matters().first).id
            try await town.perform("林小满", "accept", id)
            try await town.perform("林小满", "note", id) { $0.words = "a\u{0}b" }
            try await town.settle()
            let page = try await town.browser("林小满").get("/field/matters/\(id)")
            #expect(page.status == 200 && page.text.contains("ab") && !page.text.contains("\u{0}"))
        }
    }

    // MARK: Photos

    @Test(
        "ASVS-5.3.2 a photo that is none, an empty one, one of 50 MB, a hostile name: the report stands and says so", arguments: Backend.all
    )
    func photos(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let script = Array("<script>alert(1)</script>".utf8)
            // A header that promises 60,000 × 60,000 points and gives none.
            let bomb: [UInt8] = [
                0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8,
                2, 0, 0, 0,
            ]
            let large = [UInt8](repeating: 0xD8, count: 50 << 20)
            for (name, bytes) in [
                ("a.jpg", script), ("../../../etc/passwd.png", bomb), ("x\r\nSet-Cookie: a=b; .jpg", script), ("\u{202E}gpj.exe", large),
            ] {
                let (client, fields) = try await Self.form(town)
                let sent = try await client.upload("/report", fields, files: [("photo", name, "image/jpeg", bytes)])
                if name.contains("\r\n") {
                    // A file's name that breaks out of its head is a torn form.
                    #expect([303, 400, 422].contains(sent.status))
                    continue
                }
                #expect(sent.status == 303, "\(name)")
                #expect(try await client.get(sent.location).text.contains("没有收下"))
            }
            #expect(try await town.matters().count >= 3)
            #expect(try await town.engines.database.read { try $0.count("SELECT COUNT(*) FROM photo WHERE state = 'here'") } == 0)
            #expect(Self.incoming(town).isEmpty)
            #expect(!FileManager.default.fileExists(atPath: "/etc/passwd.png"))
            #expect(try await town.browser().get("/health").status == 200)
        }
    }

    @Test("a torn upload leaves nothing, neither a matter nor a file", arguments: Backend.all)
    func torn(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let (client, fields) = try await Self.form(town)
            let boundary = "torn"
            var body = fields.map { "--torn\r\nContent-Disposition: form-data; name=\"\($0.0)\"\r\n\r\n\($0.1)\r\n" }.joined()
            body += "--torn\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
            let bytes = Array(body.utf8) + [UInt8](repeating: 0xFF, count: 200_000)
            // A body that ends without its last boundary.
            let answer = try await client.send(
                "POST", "/report", headers: [("Content-Type", "multipart/form-data; boundary=\(boundary)")], body: bytes)
            #expect([400, 422].contains(answer.status))
            // A connection that goes away in the middle.
            let cookie = client.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
            let head =
                "POST /report HTTP/1.1\r\nHost: town.test\r\nOrigin: http://town.test\r\nCookie: \(cookie)\r\n"
                + "Content-Type: multipart/form-data; boundary=torn\r\nContent-Length: 5000000\r\n\r\n"
            try Self.sendAndHangUp(Array(head.utf8) + bytes, port: town.client)
            for _ in 0..<100 where !Self.incoming(town).isEmpty { try await Task.sleep(for: .milliseconds(50)) }
            #expect(Self.incoming(town).isEmpty)
            #expect(try await town.matters().isEmpty)
            #expect(try await client.get("/health").status == 200)
        }
    }

    private static func sendAndHangUp(_ bytes: [UInt8], port: Int) throws {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(handle) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr = in_addr(s_addr: inet_addr("127.0.0.1"))
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        try #require(connected == 0)
        #expect(send(handle, bytes, bytes.count, Int32(MSG_NOSIGNAL)) > 0)
    }

    // MARK: Twice, and two at once

    @Test("the same form sent again, even at the same time, is one matter and one answer", arguments: Backend.all)
    func again(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let (client, fields) = try await Self.form(town)
            let first = try await client.post("/report", fields + [("words", "路灯不亮")])
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<6 {
                    let (port, origin, cookies) = (town.client, town.house.settings.publicURL, client.cookies)
                    group.addTask {
                        let other = WebClient(port: port)
                        other.cookies = cookies
                        return try await other.post("/report", fields + [("words", "路灯不亮")], headers: [("Origin", origin)]).location
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(answers == [first.location])
            #expect(try await town.matters().count == 1)
        }
    }

    @Test("ASVS-2.3.1 ASVS-2.3.4 two officers act at once: the second is shown what happened, in his language", arguments: Backend.all)
    func atOnce(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await town.report("垃圾成堆", at: Town.micro, category: "exposed_rubbish").matter
            for name in ["林小满", "周禾"] { try await town.perform(name, "report_up", matter.id) }
            let path = "/desk/matters/\(matter.id)/acts/close"
            let (one, two) = (try await town.browser("何雨"), try await town.browser("秦岭"))
            let (mine, theirs) = (try await one.get(path), try await two.get(path))
            #expect(mine.status == 200 && theirs.status == 200)
            func fields(_ form: WebClient.Answer) -> [(String, String)] {
                [
                    ("csrf", form.input("csrf") ?? ""), ("act", form.input("act") ?? ""), ("outcome", "not_ours"), ("reason", "不属本区"),
                    ("words", "不属本区"),
                ]
            }
            let done = try await one.post(path, fields(mine))
            #expect(done.status == 303)
            for language in Language.allCases {
                let late = try await two.post(path + "?lang=\(language.rawValue)", fields(theirs))
                #expect(late.status == 409)
                #expect(late.text.contains(matter.number) && !late.text.contains("⟦"))
            }
            #expect(try await town.verbs().filter { $0 == "matter.close" }.count == 1)
            #expect(try await town.matter(matter.id).outcome == .notOurs)
        }
    }

    // MARK: Time and people

    @Test("a limit over the spring festival waits for the first working day, make-up days counted", arguments: Backend.all)
    func springFestival(on backend: Backend) async throws {
        try await inTown(backend) { town in
            // Friday; the Saturday is a make-up day, then nine days off.
            town.clock.set(Instant(iso: "2026-02-13T16:00:00+08:00", zone: .gmt) ?? Town.morning)
            let matter = try await town.report("装修垃圾", at: Town.micro, category: "piled_rubble").matter
            let clock = try await Self.finish(matter.id, town)
            #expect(clock.due.iso(in: town.engines.catalog.current.platform.zone).hasPrefix("2026-02-24T16:00") && !clock.provisional)
        }
    }

    @Test("a year without a calendar gives a provisional limit, and says so", arguments: Backend.all)
    func noCalendar(on backend: Backend) async throws {
        try await inTown(backend) { town in
            town.clock.set(Instant(iso: "2031-05-12T10:00:00+08:00", zone: .gmt) ?? Town.morning)
            let opened = try await town.report("装修垃圾", at: Town.micro, category: "piled_rubble")
            let clock = try await Self.finish(opened.matter.id, town)
            #expect(clock.provisional && clock.due > town.clock.time.now)
            let page = try await town.browser("唐原").get("/desk/matters/\(opened.matter.id)")
            #expect(page.status == 200 && page.text.contains("暂定"))
        }
    }

    private static func finish(_ matter: MatterID, _ town: Town) async throws -> (due: Instant, provisional: Bool) {
        try #require(
            try await town.engines.database.read { tx in
                try tx.first("SELECT due_at, provisional FROM clock WHERE matter_id = \(matter) AND name = 'finish'") {
                    (try $0[0] as Instant, try $0[1] as Bool)
                }
            })
    }

    @Test("a post without a holder: its work shows above, and the address of the grid says that it is vacant", arguments: Backend.all)
    func vacant(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("井盖破了", at: Town.otherMicro)
            #expect(try await town.queue(.toTake, of: "周禾") == [opened.matter.number])
            let said = town.engines.catalog.current.strings.text("portal.grid.vacant", .chinese)
            #expect(try await town.browser().get("/g/\(town.grid("1.1.1.2").id)").text.contains(said))
        }
    }

    // MARK: Files

    @Test("a broken catalog file: the old one stays in force; file, line and remedy are named", arguments: Backend.all)
    func catalog(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let live = try LiveCatalog(town.engines.catalog.current.files)
            let good = live.current
            for (path, text) in [
                ("catalog/levels.yaml", "subdistrict: {\n"), ("catalog/classes.yaml", "at_once: { finnish: 4h }\n"),
                ("catalog/platform.yaml", ""),
                ("catalog/calendars/cn-2026.yaml", "year: 2026\nholidays: {a: {off: [2026-02-30]}}\n"),
                ("strings/portal.yaml", "a: [\u{0}"),
            ] {
                var files = good.files
                files.texts[path] = text
                #expect(!live.reload(files) && live.current === good)
                let problem = try #require(live.problems.first { $0.file == path })
                for language in Language.allCases {
                    let sentence = problem.sentence(good.strings, language)
                    #expect(
                        sentence.hasPrefix("\(path):\(problem.line)") && !sentence.contains("⟦") && !sentence.contains("{"), "\(sentence)")
                }
            }
            #expect(try await town.browser().get("/report").status == 200)
        }
    }

    @Test("a self-crossing boundary is named with its place, refused, and made valid when accepted", arguments: Backend.all)
    func crossing(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let bow = MultiPolygon([
                Polygon(
                    outer: Ring([
                        Coordinate(lon: 113.65, lat: 34.74), Coordinate(lon: 113.66, lat: 34.76), Coordinate(lon: 113.66, lat: 34.74),
                        Coordinate(lon: 113.65, lat: 34.76),
                    ]))
            ])
            let plan = try await town.plan("subdistrict", [T.feature("9", bow)])
            let finding = try #require(plan.findings.first { $0.sort == .invalid })
            #expect(
                plan.isRefused && finding.codes == ["9"]
                    && finding.place.map { abs($0.lon - 113.655) < 0.001 && abs($0.lat - 34.75) < 0.001 } == true)
            let line = FindingText(town.engines.catalog.current.strings).line(finding)
            #expect(line.hasPrefix("invalid-1") && line.contains("9"))
            try await town.take("subdistrict", [T.feature("9", bow)]) { $0.accept = ["all"] }
            #expect(try await town.located(Coordinate(lon: 113.651, lat: 34.75)).codes == ["9"])
            #expect(try await town.located(Coordinate(lon: 113.655, lat: 34.741)).codes.isEmpty)
        }
    }
}
