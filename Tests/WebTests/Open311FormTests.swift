import Basics
import Catalog
import Foundation
import Matters
import Store
import Support
import Testing

@testable import Web

/// What a category asks of clients, and the small print of GeoReport v2.
@Suite struct Open311FormTests {
    static let base = Open311Tests.base

    private func post(_ town: WebTown, _ key: String, _ code: String, _ more: [(String, String)], file: String = "requests.json")
        async throws
        -> WebClient.Answer
    {
        try await town.client().post(Self.base + "/" + file, [("api_key", key), ("service_code", code)] + Open311Tests.place + more)
    }

    /// What ships requires nothing, so that any client may report anything; a district may decide otherwise.
    private func requireFault(_ town: WebTown) throws {
        let catalog = town.house.matters.catalog
        var files = catalog.current.files
        let parts = try #require(files.texts["catalog/categories/parts.yaml"])
        files.texts["catalog/categories/parts.yaml"] = parts.replacing(
            "  form: [lamp_fault,", with: "  required: [lamp_fault]\n  form: [lamp_fault,")
        #expect(catalog.reload(files))
    }

    @Test("a service with a form says so, defines it in both languages and formats", arguments: Backend.all)
    func definition(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let shipped = town.house.catalog.categories.filter { !$0.required.isEmpty }.map(\.id)
            #expect(shipped == [])
            try requireFault(town)
            let services = try await client.get(Self.base + "/services.json").rows
            for service in services {
                let category = town.house.catalog.category(service["service_code"] as? String ?? "")
                #expect(service["metadata"] as? Bool == (category?.form.isEmpty == false))
            }
            let definition = try await client.get(Self.base + "/services/street_lamp.json").object
            let attributes = definition["attributes"] as? [[String: Any]] ?? []
            #expect(attributes.compactMap { $0["code"] as? String } == ["lamp_fault", "pole_number", "noticed_on"])
            #expect(attributes.compactMap { $0["datatype"] as? String } == ["singlevaluelist", "string", "datetime"])
            #expect(attributes.compactMap { $0["required"] as? Bool } == [true, false, false])
            #expect(attributes.compactMap { $0["order"] as? Int } == [1, 2, 3])
            #expect(attributes.allSatisfy { $0["variable"] as? Bool == true && ($0["description"] as? String)?.isEmpty == false })
            let values = attributes.first?["values"] as? [[String: String]]
            #expect(values?.first == ["key": "dark", "name": "不亮"] && attributes.last?["values"] == nil)
            let english = try await client.get(Self.base + "/services/street_lamp.xml?lang=en").text
            #expect(
                english.contains(
                    "<attribute><variable>true</variable><code>lamp_fault</code><datatype>singlevaluelist</datatype><required>true</required>"
                        + "<datatype_description>Choose one</datatype_description><order>1</order>"
                        + "<description>What is wrong with the lamp</description><values><value><key>dark</key><name>Dark</name></value>"))
            let many = try await client.get(Self.base + "/services/piled_rubble.json").object["attributes"] as? [[String: Any]]
            #expect(many?.compactMap { $0["datatype"] as? String } == ["number", "multivaluelist"])
        }
    }

    @Test("answers are checked, kept and shown: to clients, to the interface, at the desk", arguments: Backend.all)
    func answers(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let key = try await town.key()
            try requireFault(town)
            let missing = try await post(town, key, "street_lamp", [("attribute[pole_number]", "A-17")])
            #expect(missing.status == 400 && missing.rows.count == 1 && missing.text.contains("attribute[lamp_fault]"))
            let wrong = try await post(
                town, key, "street_lamp", [("attribute[lamp_fault]", "purple"), ("attribute[noticed_on]", "soon"), ("lat", "x")])
            #expect(wrong.status == 400 && wrong.rows.count == 2, "\(wrong.text)")
            #expect(try await town.database.read { tx in try tx.count("SELECT COUNT(*) FROM matter") } == 0)

            let sent = try await post(
                town, key, "street_lamp",
                [
                    ("attribute[lamp_fault]", "bare_wires"), ("attribute[pole_number]", "A-17 13800001234"), ("description", "路灯"),
                    ("attribute[noticed_on]", "2026-11-18T20:00:00Z"), ("attribute[easting]", "534"),
                    ("media_url", "http://x.example/a.jpg"),
                ])
            let number = try #require(sent.rows.first?["service_request_id"] as? String)
            let row = try await town.client().get(Self.base + "/requests/\(number).json").rows.first ?? [:]
            #expect(row["description"] as? String == "路灯" && row["media_url"] is NSNull)
            let given = ((row["extended_attributes"] as? [String: Any])?["attributes"] as? [[String: String]]) ?? []
            #expect(given.compactMap { $0["code"] } == ["pole_number", "lamp_fault", "noticed_on"], "in the order of the dictionary")
            #expect(given.compactMap { $0["value"] } == ["A-17 138****", "电线裸露", "2026-11-19"])

            let officer = try await town.signedIn()
            let one = try await officer.get("/api/matters/\(number)").object
            let answers = one["answers"] as? [[String: String]] ?? []
            #expect(answers.contains { $0["element"] == "lamp_fault" && $0["value"] == "bare_wires" && $0["said"] == "电线裸露" })
            #expect(answers.contains { $0["element"] == "pole_number" && $0["value"] == "A-17 13800001234" })
            #expect(answers.contains { $0["element"] == "easting" && $0["value"] == "534" })
            let partner = try await town.key("mirror", verbs: ["see"])
            let theirs = try await town.client().get("/api/matters/\(number)?api_key=\(partner)")
            #expect(theirs.status == 200 && !theirs.text.contains("13800001234") && !theirs.text.contains("easting"))
            let id = try #require(one["id"] as? String)
            let page = try await officer.get("/desk/matters/\(id)?lang=en").text
            #expect(
                page.contains("Sent along by the other system") && page.contains("Bare wires") && page.contains("http://x.example/a.jpg"))

            // A list of several, each by its own field, and as JSON.
            let several = try await post(
                town, key, "piled_rubble",
                [("attribute[blocks][]", "roadway"), ("attribute[blocks][]", "doorway"), ("attribute[rubble_volume]", "2.5")])
            let other = several.rows.first?["service_request_id"] as? String ?? ""
            let xml = try await town.client().get(Self.base + "/requests/\(other).xml").text
            #expect(xml.contains("<value>2.5 m³</value>") && xml.contains("<value>车行道 · 楼门口</value>"))
            let json = try await town.client().postJSON(
                Self.base + "/requests.json",
                "{\"api_key\":\"\(key)\",\"service_code\":\"piled_rubble\",\"lat\":34.75,\"long\":113.62,\"attribute\":{\"blocks\":[\"footway\"]}}"
            )
            #expect(json.status == 200, "\(json.text)")
            #expect(try await officer.get("/desk?tab=all").status == 200)
        }
    }

    @Test("years, months and days; one day to the same day is that day", arguments: Backend.all)
    func dates(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let key = try await town.key()
            _ = try await post(town, key, "exposed_rubbish", [])
            for (query, count) in [
                ("start_date=2026-11-19&end_date=2026-11-19", 1), ("start_date=2026-11-20&end_date=2026-11-20", 0), ("end_date=2026-11", 1),
                ("start_date=2026-11&end_date=2026-11", 1), ("start_date=2026-12", 0), ("end_date=2026", 1), ("start_date=2026", 0),
                ("start_date=2026-11-19T02:00Z", 1), ("start_date=2026-11-19T02:00:00.5Z", 0), ("start_date=2026-11-18T21:00:00-05:00", 1),
                ("end_date=2026-11-19T09:59:59%2B08:00", 0),
            ] {
                let answer = try await town.client().get(Self.base + "/requests.json?" + query)
                #expect(answer.status == 200 && answer.rows.count == count, "\(query): \(answer.status) \(answer.rows.count)")
            }
            for wrong in ["2026-13", "2026-1", "202", "26-11-19", "2026-11-31", "2026-11-19T25:00:00Z"] {
                #expect(try await town.client().get(Self.base + "/requests.json?start_date=" + wrong).status == 400, "\(wrong)")
            }
        }
    }

    @Test("other methods, no content type, packed bodies, hexadecimal degrees, pages of other sites", arguments: Backend.all)
    func smallPrint(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let client = town.client()
            let key = try await town.key()
            for (method, path) in [
                ("PUT", "/requests.json"), ("DELETE", "/requests/1.xml"), ("PATCH", "/services.json"), ("POST", "/services/a.json"),
            ] {
                let answer = try await client.send(method, Self.base + path, body: [])
                #expect(answer.status == 405 && answer.header("allow")?.contains("GET") == true, "\(method) \(path) \(answer.status)")
                #expect(answer.text.contains("405"), "\(answer.text)")
            }
            let options = try await client.send("OPTIONS", Self.base + "/requests.json", body: [])
            #expect(options.status == 204 && options.header("allow") == "GET, HEAD, OPTIONS, POST")
            let body = "api_key=\(key)&service_code=exposed_rubbish&lat=34.75&long=113.62"
            #expect(try await client.send("POST", Self.base + "/requests.json", body: Array(body.utf8)).status == 200)
            let packed = try await client.send(
                "POST", Self.base + "/requests.json",
                headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Encoding", "gzip")], body: Array(body.utf8))
            #expect(packed.status == 400)
            #expect(try await post(town, key, "exposed_rubbish", [("account_id", "")]).rows.first?["account_id"] is NSNull)
            let hex = [("api_key", key), ("service_code", "exposed_rubbish"), ("lat", "0x22"), ("long", "113.62")]
            #expect(try await client.post(Self.base + "/requests.json", hex).status == 400)
            let services = try await client.get(Self.base + "/services.json", headers: [("Origin", "https://other.example")])
            #expect(services.header("access-control-allow-origin") == "*")
            #expect(
                try await client.get("/api/openapi.json", headers: [("Origin", "https://other.example")]).header(
                    "access-control-allow-origin") == nil)
            #expect(try await town.database.read { tx in try tx.count("SELECT COUNT(*) FROM matter") } == 2)
        }
    }
}
