import Basics
import Catalog
import Foundation
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

/// The administrator's map over HTTP: what the page asks while somebody draws, and what comes of it.
@Suite struct A3_DrawnNet {
    typealias T = Town

    /// One page with its draft.
    private struct Sheet {
        let browser: WebClient
        let csrf: String
        let grid: String
        let id: String
        var steps: [[String: Any]] = []
        var from = ""

        func ask(_ what: String, _ more: [(String, String)] = [], language: Language = .chinese) async throws -> WebClient.Answer {
            let text = String(decoding: try JSONSerialization.data(withJSONObject: steps), as: UTF8.self)
            return try await browser.post(
                "/admin/map/\(what)?lang=\(language.rawValue)",
                [("csrf", csrf), ("grid", grid), ("id", id), ("from", from), ("steps", text)] + more,
                headers: [("Accept", "application/json")])
        }
    }

    private func sheet(_ town: Town, _ code: String, by name: String = "安平", label: String = "draft") async throws -> Sheet {
        Sheet(
            browser: try await town.browser(name), csrf: Town.csrf(name), grid: try town.grid(code).id.description,
            id: Town.id(label).description)
    }

    private func collection(_ answer: WebClient.Answer, _ name: String) -> [[String: Any]] {
        ((answer.document[name] as? [String: Any])?["features"] as? [[String: Any]])?.compactMap { $0["properties"] as? [String: Any] }
            ?? []
    }

    /// 春晖 1-1 along a line from its western to its eastern border: the southern three fifths keep the name.
    private static func split(_ town: Town) throws -> [String: Any] {
        ["do": "split", "grid": try town.grid("1.1.1.1").id.description, "line": [[113.5999, 34.743], [113.6101, 34.743]], "within": 1]
    }
    private static let south = Coordinate(lon: 113.605, lat: 34.7425)
    /// Within ten metres of the border to 春晖 1-2.
    private static let north = Coordinate(lon: 113.605, lat: 34.74495)
    private static let beyond = Coordinate(lon: 113.605, lat: 34.74505)

    @Test(
        "split: shown as it will be, with what moves; carried out once; the past stays; the border of open work follows",
        arguments: Backend.all)
    func split(on backend: Backend) async throws {
        try await inTown(backend) { town in
            var matters: [Matter] = []
            for point in [Self.south, Self.north, Self.beyond] {
                matters.append(try await town.report("垃圾成堆", at: point, category: "exposed_rubbish").matter)
            }
            let (kept, other) = (try town.grid("1.1.1.1").id, try town.grid("1.1.1.2").id)
            #expect(matters.map(\.grid) == [kept, kept, other] && matters.map(\.border) == [nil, other, kept])

            var sheet = try await sheet(town, "1.1.1")
            sheet.steps = [try Self.split(town)]
            let before = try await town.landEntries()
            let drawn = try await sheet.ask("draft")
            #expect(drawn.status == 200 && drawn.document["sound"] as? Bool == true && drawn.document["changed"] as? Bool == true)
            let new = try #require(collection(drawn, "net").first { $0["state"] as? String == "made" })
            #expect(new["code"] as? String == "1.1.1.3" && new["name"] as? String == "春晖1-3" && new["depth"] as? Int == 1)
            let shown = try await sheet.ask("rehearse")
            #expect(shown.status == 200 && shown.text.contains("在办事项换网格：1 件") && shown.text.contains("春晖1-3"))
            let rows = shown.document["rows"] as? [[String: Any]] ?? []
            #expect(rows.compactMap { $0["matters"] as? String } == ["2 → 1", "– → 1"])
            #expect((shown.document["warnings"] as? [String] ?? []).contains { $0.contains("没有网格长") })
            #expect(try await town.landEntries() == before, "nothing is written")

            let revision = [("revision", shown.document["revision"] as? String ?? "")]
            let done = try await sheet.ask("apply", revision)
            #expect(done.status == 200 && (done.document["to"] as? String)?.hasPrefix("/admin/map?grid=") == true)
            try await town.settle()
            let made = try town.grid("1.1.1.3")
            let entries = try await town.landEntries()
            #expect(entries == before + 3)
            #expect(try await sheet.ask("apply", revision).status == 200)
            #expect(try await town.landEntries() == entries, "sent again it is done already")
            // Other steps under the same name are no repetition, and are not lost without a word.
            var more = sheet
            more.steps = [["do": "merge", "grid": kept.description, "with": made.id.description]]
            #expect(try await more.ask("rehearse").document["error"] as? String == "draft.done")
            let again = try await more.ask("apply", [("revision", town.engines.grids.land.revision)])
            #expect(again.status == 409 && again.document["error"] as? String == "draft.done")
            #expect(try await town.landEntries() == entries)

            var after: [Matter] = []
            for matter in matters { after.append(try await town.matter(matter.id)) }
            #expect(after.map(\.grid) == [kept, made.id, other])
            #expect(after.map(\.border) == [nil, other, made.id])
            #expect(try await town.located(Self.north).codes.last == "1.1.1.3")
            #expect(try await town.located(Self.north, on: "2026-11-19").codes.last == "1.1.1.1")
            for (level, findings) in try town.engines.grids.land.on().findings() { #expect(findings.isEmpty, "\(level)") }

            // The slider: the day before has the old net.
            let admin = sheet.browser
            let past = try await admin.get("/admin/map/net?grid=\(sheet.grid)&on=2026-11-19")
            #expect(collection(past, "net").filter { $0["depth"] as? Int == 1 }.count == 2)
            let now = try await admin.get("/admin/map/net?grid=\(sheet.grid)")
            #expect(collection(now, "net").filter { $0["depth"] as? Int == 1 }.count == 3)
        }
    }

    @Test("from a later day: what would move then is shown today, and nothing moves before", arguments: Backend.all)
    func later(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await town.report("垃圾成堆", at: Self.north, category: "exposed_rubbish").matter
            var sheet = try await sheet(town, "1.1.1")
            sheet.steps = [try Self.split(town), ["do": "merge", "grid": try town.grid("1.1.1.2").id.description, "with": "x"]]
            sheet.from = "2026-12-01"
            #expect(try await sheet.ask("draft").status == 422, "unreadable")
            // The new part goes to the northern neighbour: the same as moving the border.
            sheet.steps.removeLast()
            let id = try #require(
                collection(try await sheet.ask("draft"), "net").first { $0["state"] as? String == "made" }?["id"] as? String)
            sheet.steps.append(["do": "merge", "grid": try town.grid("1.1.1.2").id.description, "with": id])
            let shown = try await sheet.ask("rehearse", language: .english)
            #expect(shown.status == 200 && shown.text.contains("Open matters that change their grid: 1"))
            #expect((shown.document["rows"] as? [[String: Any]])?.count == 2)
            #expect(try await sheet.ask("apply", [("revision", shown.document["revision"] as? String ?? "")]).status == 200)
            #expect(try await town.matter(matter.id).grid == town.grid("1.1.1.1").id)
            #expect(try await town.located(Self.north, on: "2026-12-01").codes.last == "1.1.1.2")
            town.clock.set(Instant(iso: "2026-12-01T00:00:30+08:00", zone: .gmt) ?? Town.morning)
            try await town.settle()
            #expect(try await town.matter(matter.id).grid == town.grid("1.1.1.2").id)
        }
    }

    @Test("a border of two subdistricts moves on every level; what would be unsound is named and not carried out", arguments: Backend.all)
    func borders(on backend: Backend) async throws {
        try await inTown(backend) { town in
            var sheet = try await sheet(town, "1.1")
            sheet.steps = [["do": "bend", "a": [113.62, 34.745], "b": [113.62, 34.75], "to": [113.622, 34.7475]]]
            let moved = try await sheet.ask("draft")
            let changed = (moved.document["changes"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
            #expect(
                Set(changed) == ["1", "2", "1.1", "2.1", "1.1.2", "2.1.1", "1.1.2.2", "2.1.1.1"] && moved.document["sound"] as? Bool == true
            )
            #expect(try await sheet.ask("apply", [("revision", moved.document["revision"] as? String ?? "")]).status == 200)
            #expect(try await town.located(Coordinate(lon: 113.6205, lat: 34.7475)).codes == ["1", "1.1", "1.1.2", "1.1.2.2"])
            for (level, findings) in try town.engines.grids.land.on().findings() { #expect(findings.isEmpty, "\(level)") }

            // Over another district's land beyond a road: named with its place, in the reader's language, and refused.
            try await town.take("subdistrict", [T.feature("9", T.block(113.642, 34.74, 113.65, 34.76))])
            var other = try await self.sheet(town, "2.1", label: "other")
            other.steps = [["do": "bend", "a": [113.64, 34.74], "b": [113.64, 34.76], "to": [113.645, 34.75]]]
            for language in Language.allCases {
                let over = try await other.ask("draft", language: language)
                let finding = try #require(collection(over, "findings").first)
                #expect(over.document["sound"] as? Bool == false && finding["open"] as? Bool == true)
                #expect((finding["words"] as? String)?.contains(language == .english ? "overlap of 2, 9" : "2, 9 重叠") == true)
            }
            let entries = try await town.landEntries()
            for what in ["rehearse", "apply"] {
                let refused = try await other.ask(what, [("revision", town.engines.grids.land.revision)])
                #expect(refused.status == 422 && !refused.text.contains("⟦"))
            }
            #expect(try await town.landEntries() == entries)
        }
    }

    @Test("what cannot be says why and at which step; nothing is half done", arguments: Backend.all)
    func refused(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let entries = try await town.landEntries()
            var sheet = try await sheet(town, "1.1.1")
            sheet.steps = [try Self.split(town), ["do": "remove", "at": [113.60, 34.745]]]
            for language in Language.allCases {
                let junction = try await sheet.ask("draft", language: language)
                let said = town.engines.catalog.current.strings.text("refusal.draft.junction", language)
                #expect(junction.status == 422 && junction.document["step"] as? Int == 1 && junction.document["message"] as? String == said)
            }
            sheet.steps = [
                ["do": "split", "grid": try town.grid("1.1.1.1").id.description, "line": [[113.601, 34.741], [113.602, 34.742]]]
            ]
            #expect(try await sheet.ask("draft").document["error"] as? String == "draft.parts_nothing")
            sheet.steps = [
                ["do": "merge", "grid": try town.grid("1.1.1.1").id.description, "with": try town.grid("1.1.2.1").id.description]
            ]
            #expect(try await sheet.ask("rehearse").document["error"] as? String == "draft.other_parent")
            sheet.steps = [["do": "move", "from": [113.60, 34.745], "to": [999, 0]]]
            #expect(try await sheet.ask("draft").status == 422)
            for text in ["{", "[[]]", "null", "[{}]"] {
                let answer = try await sheet.browser.post(
                    "/admin/map/draft", [("csrf", sheet.csrf), ("grid", sheet.grid), ("id", sheet.id), ("steps", text)],
                    headers: [("Accept", "application/json")])
                #expect(answer.status == 422 && answer.document["error"] as? String == "draft.unreadable", "\(text)")
            }
            sheet.steps = [try Self.split(town)]
            sheet.from = "2026-11-19"
            #expect(try await sheet.ask("draft").document["error"] as? String == "draft.past_day")
            sheet.from = ""
            #expect(try await sheet.ask("apply", [("revision", "of yesterday")]).status == 409)
            let lost = Sheet(browser: sheet.browser, csrf: sheet.csrf, grid: Town.id("no grid").description, id: sheet.id)
            #expect(try await lost.ask("draft").status == 404)
            #expect(try await town.landEntries() == entries)

            // Nobody else.
            for name in ["何雨", "苏城"] {
                let officer = try await self.sheet(town, "1.1.1", by: name)
                #expect(try await officer.ask("apply").status == 403)
                #expect(try await officer.browser.get("/admin/map").status == 403)
            }
            #expect(try await town.landEntries() == entries)
        }
    }

    @Test("the page: in both languages, its picture and list without a script; what is to fill by grid", arguments: Backend.all)
    func page(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let admin = try await town.browser("安平")
            let third = try town.grid("1.1.1").id
            for language in Language.allCases {
                let page = try await admin.get("/admin/map?grid=\(third)&lang=\(language.rawValue)")
                #expect(page.status == 200 && !page.text.contains("⟦") && page.text.contains("<svg") && page.text.contains("春晖1-2"))
            }
            let community = try await admin.get("/admin/map?grid=\(try town.grid("1.1").id)")
            #expect(community.links.contains("/admin/map?grid=\(third)") && community.links.contains("/admin/grids/\(third)"))
            #expect(try await admin.get("/admin/map?on=2026-01-01").status == 200)
            #expect(try await admin.get("/admin/map?grid=\(Town.id("no grid"))").status == 404)

            let gaps = try await admin.get("/admin/map/coverage?grid=\(third)&lang=zh-Hans").document
            func words(_ code: String) throws -> [String] {
                ((gaps[try town.grid(code).id.description] as? [String: Any])?["words"] as? [String]) ?? []
            }
            #expect(try words("1.1.1.1") == ["齐全"] && words("1.1.1.2") == ["没有网格长", "空岗 1"])
            #expect(try await admin.get("/admin/map/ground/matters/14/13000/6500.mvt").status == 404, "no matter is shown here")
        }
    }
}
