import Basics
import Foundation
import Geo
import Matters
import Posts
import Store
import Support
import Testing

@testable import Web

extension WebTown {
    /// A client with an api key of its own.
    func key(_ name: String = "other city", rate: Int = 0, verbs: Set<String> = ["report"]) async throws -> String {
        let key = Secret.token()
        let id = ClientID(at: clock.now)
        let now = clock.now
        let act = Act.system("test", id: UUIDv7(at: now), at: now)
        try await database.write { [posts = house.posts] tx in
            try posts.addClient(id, name: name, key: key, rate: rate, verbs: verbs, act: act, in: tx)
        }
        return key
    }

    /// Does one of the kind's actions as the platform would never: by the first person and post there are.
    func act(_ verb: String, _ number: String, _ fill: @escaping @Sendable (inout ActInput) -> Void = { _ in }) async throws {
        let now = clock.now
        let id = UUIDv7(at: now)
        try await database.write { [house] tx in
            let book = try house.posts.book(in: tx)
            guard let matter = try house.matters.matter(number: number, in: tx),
                let person = try tx.first("SELECT person_id FROM holding LIMIT 1", { try $0[0] as PersonID })
            else { throw MatterRefusal.unknown }
            var input = ActInput()
            fill(&input)
            _ = try house.matters.perform(
                verb, on: matter.id, input: input, act: Act(id: id, at: now, actor: book.actor(person, at: now)), in: tx)
        }
        clock.advance(.minutes(1))
    }
}

extension WebClient.Answer {
    var json: Any { (try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)) ?? NSNull() }
    var rows: [[String: Any]] { json as? [[String: Any]] ?? [] }
    var object: [String: Any] { json as? [String: Any] ?? [:] }
}

@Suite struct Open311Tests {
    static let place = [("lat", "34.750000"), ("long", "113.620000")]
    static let base = "/open311/v2"

    static func fields(_ key: String, _ more: [(String, String)] = []) -> [(String, String)] {
        [("api_key", key), ("service_code", "exposed_rubbish"), ("description", "垃圾 <b>&\"'")] + place + more
    }

    @Test("discovery, services and a definition in both formats", arguments: Backend.all)
    func services(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let discovery = try await client.get(Self.base + "/discovery.json")
            #expect(discovery.status == 200 && discovery.header("content-type") == "application/json; charset=utf-8")
            let endpoint = (discovery.object["endpoints"] as? [[String: Any]])?.first
            #expect(endpoint?["url"] as? String == "http://localhost/open311/v2")
            #expect(endpoint?["formats"] as? [String] == ["text/xml", "application/json"])
            let xml = try await client.get("/open311/discovery.xml")
            #expect(xml.header("content-type") == "text/xml; charset=utf-8")
            #expect(xml.text.hasPrefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<discovery><changeset>"))
            #expect(xml.text.contains("<formats><format>text/xml</format><format>application/json</format></formats>"))

            let services = try await client.get(Self.base + "/services.json?jurisdiction_id=weiwang").rows
            #expect(services.count > 50)
            #expect(
                Set(services.compactMap { $0["metadata"] as? Bool }) == [true, false] && services.first?["type"] as? String == "realtime")
            let list = try await client.get(Self.base + "/services.xml")
            #expect(list.text.contains("<services><service><service_code>"))
            #expect(list.text.contains("<service_code>exposed_rubbish</service_code><service_name>"))
            let definition = try await client.get(Self.base + "/services/exposed_rubbish.xml")
            #expect(
                definition.text.hasSuffix(
                    "<service_definition><service_code>exposed_rubbish</service_code><attributes></attributes></service_definition>"))
            #expect(try await client.get(Self.base + "/services/exposed_rubbish.json").object["attributes"] as? [String] == [])
            // Without an ending the client's wish decides, and XML is what must be there.
            #expect(try await client.get(Self.base + "/services", headers: [("Accept", "application/json")]).rows.count == services.count)
            #expect(try await client.get(Self.base + "/services").text.hasPrefix("<?xml"))
        }
    }

    @Test("what does not exist is 404 with the errors document", arguments: Backend.all)
    func missing(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            for path in [
                "/services/none.xml", "/requests/2026-0101-9999.xml", "/tokens/none.xml", "/services.xml?jurisdiction_id=elsewhere",
                "/nothing.xml",
                "/services.yaml", "/requests/a/b.xml",
            ] {
                let answer = try await client.get(Self.base + path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.text.contains("<errors><error><code>404</code><description>"), "\(path)")
            }
            let json = try await client.get(Self.base + "/requests/none.json")
            #expect(json.status == 404 && json.rows.first?["code"] as? Int == 404)
            #expect(try await client.get(Self.base + "/requests.json?jurisdiction_id=").status == 200)
        }
    }

    @Test("a report is readable by id and in lists at once", arguments: Backend.all)
    func post(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let key = try await town.key()
            let posted = try await client.post(
                Self.base + "/requests.json",
                Self.fields(
                    key,
                    [
                        ("account_id", "42"), ("email", "a@b.c"), ("address_string", "槐荫路 <8> 号"), ("jurisdiction_id", "weiwang"),
                        ("attribute[WHISPAWN]", "1"),
                    ]))
            #expect(posted.status == 200, "\(posted.text)")
            let number = try #require(posted.rows.first?["service_request_id"] as? String)
            #expect(number == "2026-1119-0001" && posted.rows.first?["account_id"] as? String == "42")

            let one = try await client.get(Self.base + "/requests/\(number).json")
            let row = try #require(one.rows.first)
            #expect(row["status"] as? String == "open" && row["service_code"] as? String == "exposed_rubbish")
            #expect(row["lat"] as? Double == 34.75 && row["long"] as? Double == 113.62)
            #expect(row["requested_datetime"] as? String == "2026-11-19T10:00:00+08:00")
            #expect(row["expected_datetime"] as? String != nil && row["agency_responsible"] as? String != nil)
            #expect(
                row["description"] as? String == "垃圾 <b>&\"'" && row["media_url"] is NSNull, "as posted; a photo is public once accepted")
            #expect((row["extended_attributes"] as? [String: Any])?["state"] as? String == "open")
            #expect(!one.text.contains("a@b.c") && !one.text.contains("林晓静"))
            let xml = try await client.get(Self.base + "/requests/\(number).xml")
            let names = xml.text.matches(of: #/<([a-z_]+)>/#).map { String($0.1) }
            #expect(
                names.starts(with: [
                    "service_requests", "request", "service_request_id", "status", "status_notes", "service_name", "service_code",
                    "description",
                    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
                    "address_id",
                    "zipcode", "lat", "long", "media_url",
                ]))
            #expect(xml.text.contains("<address>槐荫路 &lt;8&gt; 号</address>") && xml.text.contains("<zipcode></zipcode>"))
            #expect(try await client.get(Self.base + "/requests.json").rows.map { $0["service_request_id"] as? String } == [number])
        }
    }

    @Test("the same report again is one matter and the same answer; multipart too; a token by the own id", arguments: Backend.all)
    func again(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let key = try await town.key()
            let fields = Self.fields(key, [("id", "0193b1a2-0000-7000-8000-0123456789AB")])
            let first = try await client.post(Self.base + "/requests.xml", fields)
            let second = try await client.upload(Self.base + "/requests.xml", fields, files: [])
            #expect(first.status == 200 && first.text == second.text)
            #expect(try await town.database.read { tx in try tx.count("SELECT COUNT(*) FROM matter") } == 1)
            #expect(
                first.text.hasPrefix(
                    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<service_requests><request><service_request_id>2026-1119-0001</service_request_id><service_notice>"
                ))
            let token = try await client.get(Self.base + "/tokens/0193b1a2-0000-7000-8000-0123456789AB.json")
            #expect(token.rows.first?["service_request_id"] as? String == "2026-1119-0001")
            // Another client with the same id means another report.
            let other = try await town.key("third city")
            let third = try await client.post(
                Self.base + "/requests.xml", Self.fields(other, [("id", "0193b1a2-0000-7000-8000-0123456789AB")]))
            #expect(third.text.contains("2026-1119-0003") || third.text.contains("2026-1119-0004"), "\(third.text)")
        }
    }

    @Test("keys: none, wrong, revoked, in a header, too fast", arguments: Backend.all)
    func keys(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let key = try await town.key(rate: 3)
            #expect(try await client.post(Self.base + "/requests.xml", Self.fields("")).status == 403)
            let wrong = try await client.post(Self.base + "/requests.xml", Self.fields("nonsense"))
            #expect(wrong.status == 403 && wrong.text.contains("<code>403</code>"))
            #expect(try await client.post(Self.base + "/requests.json", Self.fields(""), headers: [("X-API-Key", key)]).status == 200)
            #expect(try await client.post(Self.base + "/requests.json?api_key=\(key)", Self.fields("")).status == 200)
            #expect(try await client.post(Self.base + "/requests.json", Self.fields(key)).status == 200)
            let fast = try await client.post(Self.base + "/requests.json", Self.fields(key))
            #expect(fast.status == 429 && fast.rows.first?["code"] as? Int == 429)
            town.clock.advance(.seconds(2))
            let now = town.clock.now
            try await town.database.write { [posts = town.house.posts] tx in
                for client in try posts.clients(in: tx) {
                    try posts.revokeClient(client.id, act: Act.system("test", id: client.id.uuid.derived("revoke"), at: now), in: tx)
                }
            }
            #expect(try await client.post(Self.base + "/requests.json", Self.fields(key)).status == 403)
            #expect(try await town.database.read { tx in try tx.count("SELECT COUNT(*) FROM matter") } == 3)
        }
    }

    @Test("ASVS-2.2.1 a wrong report is refused with all that is wrong; nothing is kept", arguments: Backend.all)
    func wrong(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let key = try await town.key()
            func post(_ fields: [(String, String)]) async throws -> WebClient.Answer {
                try await client.post(Self.base + "/requests.json", [("api_key", key)] + fields)
            }
            let empty = try await post([])
            #expect(empty.status == 400 && empty.rows.count == 2)
            #expect(try await post([("service_code", "none")] + Self.place).status == 404)
            #expect(try await post([("service_code", "exposed_rubbish"), ("lat", "34.7")]).status == 400)
            #expect(try await post([("service_code", "exposed_rubbish"), ("lat", "99"), ("long", "1")]).status == 400)
            #expect(try await post([("service_code", "exposed_rubbish"), ("lat", "nan"), ("long", "1")]).status == 400)
            #expect(
                try await post([("service_code", "exposed_rubbish"), ("description", String(repeating: "长", count: 4001))] + Self.place)
                    .status == 400)
            #expect(try await post([("service_code", "exposed_rubbish"), ("jurisdiction_id", "elsewhere")] + Self.place).status == 404)
            let odd = try await client.send(
                "POST", Self.base + "/requests.json", headers: [("Content-Type", "text/plain")], body: Array("x".utf8))
            #expect(odd.status == 400)
            #expect(try await client.send("DELETE", Self.base + "/requests.json", body: []).status >= 400)
            #expect(try await town.database.read { tx in try tx.count("SELECT COUNT(*) FROM matter") } == 0)
            // An address alone is a place; so is a point in the sea.
            #expect(try await post([("service_code", "exposed_rubbish"), ("address_string", "槐荫路"), ("description", "👩‍🚒𠮷")]).status == 200)
            #expect(try await post([("service_code", "exposed_rubbish"), ("lat", "0"), ("long", "0")]).status == 200)
            let rows = try await client.get(Self.base + "/requests.json").rows
            #expect(rows.count == 2 && rows.contains { $0["lat"] is NSNull } && rows.contains { $0["lat"] as? Int == 0 })
        }
    }

    @Test("lists by state, category, time, place and page", arguments: Backend.all)
    func lists(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let key = try await town.key()
            let categories = ["exposed_rubbish", "dirty_road", "exposed_rubbish"]
            for (index, category) in categories.enumerated() {
                let fields = [("api_key", key), ("service_code", category), ("lat", "34.75"), ("long", "\(113.62 + Double(index) * 0.01)")]
                #expect(try await client.post(Self.base + "/requests.json", fields).status == 200)
                town.clock.advance(.hours(1))
            }
            let all = try await client.get(Self.base + "/requests.json").rows.compactMap { $0["service_request_id"] as? String }
            #expect(all == ["2026-1119-0003", "2026-1119-0002", "2026-1119-0001"])
            func list(_ query: String) async throws -> [String] {
                let answer = try await client.get(Self.base + "/requests.json?" + query)
                #expect(answer.status == 200, "\(query): \(answer.text)")
                return answer.rows.compactMap { $0["service_request_id"] as? String }
            }
            #expect(try await list("service_code=dirty_road") == [all[1]])
            #expect(try await list("service_code=dirty_road,exposed_rubbish") == all)
            #expect(try await list("service_request_id=\(all[0]),\(all[2])&status=closed") == [all[0], all[2]])
            #expect(try await list("start_date=2026-11-19T10:30:00+08:00&end_date=2026-11-19T03:30:00Z") == [all[1]])
            #expect(try await list("start_date=2026-11-19T10:30:00%2B08:00") == [all[0], all[1]])
            #expect(try await list("end_date=2026-01-01T00:00:00Z") == [])
            #expect(try await list("page_size=2&page=2") == [all[2]])
            #expect(try await list("lat=34.75&long=113.62&radius=300") == [all[2]])
            #expect(try await list("lat=34.75&long=113.62&radius=1000") == [all[1], all[2]])
            #expect(try await list("status=open&status=closed") == all)
            try await town.act("fix_on_spot", all[0])
            #expect(try await list("status=open") == [all[1], all[2]])
            #expect(try await list("status=closed") == [all[0]])
            for wrong in ["status=odd", "start_date=yesterday", "lat=1", "start_date=2026-01-01T00:00:00Z&end_date=2026-11-19T00:00:00Z"] {
                #expect(try await client.get(Self.base + "/requests.json?" + wrong).status == 400, "\(wrong)")
            }
        }
    }

    @Test("a merged request keeps its number and stands as the main one does", arguments: Backend.all)
    func merged(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let key = try await town.key()
            for _ in 0..<2 {
                _ = try await client.post(Self.base + "/requests.json", Self.fields(key, [("id", "twin \(town.clock.now.milliseconds)")]));
                town.clock.advance(.minutes(1))
            }
            let main = try await town.database.read { [matters = town.house.matters] tx in
                try matters.matter(number: "2026-1119-0001", in: tx)?.id
            }
            try await town.act("merge", "2026-1119-0002") { $0.other = main }
            let row = try await client.get(Self.base + "/requests/2026-1119-0002.json").rows.first
            #expect(row?["service_request_id"] as? String == "2026-1119-0002" && row?["status"] as? String == "open")
            #expect((row?["extended_attributes"] as? [String: Any])?["main"] as? String == "2026-1119-0001")
            try await town.act("fix_on_spot", "2026-1119-0001")
            #expect(try await client.get(Self.base + "/requests/2026-1119-0002.json").rows.first?["status"] as? String == "closed")
        }
    }

    @Test("updates: what happened, and a word from the client", arguments: Backend.all)
    func updates(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let key = try await town.key()
            let number =
                try await client.post(Self.base + "/requests.json", Self.fields(key)).rows.first?["service_request_id"] as? String ?? ""
            town.clock.advance(.minutes(5))
            let from = town.clock.now.iso(in: .gmt)
            try await town.act("accept", number)
            try await town.act("fix_on_spot", number)
            func updates(_ query: String) async throws -> [[String: Any]] {
                try await client.get(Self.base + "/servicerequestupdates.json?" + query).rows
            }
            let all = try await updates("")
            #expect(all.compactMap { $0["status"] as? String } == ["open", "open", "closed"])
            #expect(all.allSatisfy { $0["service_request_id"] as? String == number && $0["update_id"] as? String != nil })
            #expect(try await updates("start_date=\(from)").count == 2)
            let xml = try await client.get(Self.base + "/servicerequestupdates.xml").text
            #expect(xml.contains("<service_request_updates><request_update><update_id>"))

            let word = [
                ("api_key", key), ("service_request_id", number), ("update_id", "7"), ("status", "OPEN"), ("description", "还在"),
                ("updated_datetime", "2026-11-19T12:00:00+08:00"),
            ]
            let said = try await client.post(Self.base + "/servicerequestupdates.xml", word)
            #expect(said.status == 200 && said.text.contains("<request_update><update_id>"), "\(said.text)")
            #expect(try await client.post(Self.base + "/servicerequestupdates.xml", word).text == said.text)
            #expect(
                try await client.get(Self.base + "/requests/\(number).json").rows.first?["status"] as? String == "open",
                "not fixed, so it is open again")
            let reopened = try await town.database.read { [matters = town.house.matters] tx in
                try matters.matter(number: number, in: tx)?.reopened
            }
            #expect(reopened == 1)
            let other = try await town.key("third city")
            #expect(try await client.post(Self.base + "/servicerequestupdates.xml", [("api_key", other)] + word.dropFirst()).status == 403)
        }
    }

    @Test("a photo that comes along is public once somebody has accepted the report", arguments: Backend.all)
    func photo(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let key = try await town.key()
            let picture = [UInt8](try Data(contentsOf: URL(fileURLWithPath: WebTown.home + "/examples/demo/photos/sewer.jpg")))
            let posted = try await client.upload(
                Self.base + "/requests.json", Self.fields(key),
                files: [("media", "../../x.jpg", "image/jpeg", picture), ("media", "b.jpg", "image/jpeg", Array("no photo".utf8))])
            let number = posted.rows.first?["service_request_id"] as? String ?? ""
            #expect(try await client.get(Self.base + "/requests/\(number).json").rows.first?["media_url"] is NSNull)
            try await town.act("accept", number)
            let url = try await client.get(Self.base + "/requests/\(number).json").rows.first?["media_url"] as? String
            #expect(url?.hasPrefix("http://localhost/photos/") == true)
            let shown = try await client.get(String((url ?? "").dropFirst("http://localhost".count)))
            #expect(shown.status == 200 && shown.header("content-type") == "image/jpeg")
        }
    }
}
