import Basics
import Catalog
import Foundation
import Geo
import Grids
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

/// The sign of a grid: who answers, what for, a code that leads to the grid's own address for as long as the grid lives, and then to
/// whoever has its land.
@Suite struct B7_Card {
    @Test(
        "name, people by post, numbers to call, and a code that leads to the grid; names only where the role is public",
        arguments: Backend.all)
    func card(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await town.call("周禾", at: "000-1234 1003")
            try await town.call("林小满", at: "000-1234 1999")
            var files = town.engines.catalog.current.files
            let platform = try #require(files.texts["catalog/platform.yaml"])
            files.texts["catalog/platform.yaml"] = platform.replacing(
                #"supervision_phone: """#, with: #"supervision_phone: "000-1234 5678""#)
            #expect(town.engines.catalog.reload(files))
            let before = try await town.landEntries()
            let grid = try town.grid("1.1.1.1")
            let page = try await town.browser().get("/g/\(grid.id)/card")
            #expect(page.status == 200)
            for wanted in [
                "春晖1-1", "建安街道 · 春晖社区 · 春晖第1网格", "http://town.test/g/\(grid.id)", "周禾", "000-1234 1003", "tel:00012341003", "何雨",
                "秦岭", "119", "120", "110", "监督电话", "000-1234 5678", "2026年11月20日", "审",
            ] { #expect(page.text.contains(wanted), "\(wanted)") }
            // A micro-grid leader is a neighbor: the post stands there, neither name nor number.
            #expect(page.text.contains("微网格长") && !page.text.contains("林小满") && !page.text.contains("1999"))
            let vacant = try await town.browser().get("/g/\(try town.grid("1.1.1.2").id)/card").text
            #expect(vacant.contains("现空缺"))
            #expect(try await town.landEntries() == before)
        }
    }

    @Test(
        "all grids of a community in one print, a page each; a level chosen; nobody prints a whole district at once", arguments: Backend.all
    )
    func all(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let browser = try await town.browser()
            let community = try town.grid("1.1").id
            func names(_ query: String) async throws -> [String] {
                let text = try await browser.get("/g/\(community)/cards\(query)").text
                return text.matches(of: #/class="big-name">([^<]*)</#).map { String($0.1) }
            }
            #expect(try await names("") == ["春晖第1网格", "春晖第2网格"])
            #expect(try await names("?level=micro") == ["春晖1-1", "春晖1-2", "春晖2-1", "春晖2-2"])
            #expect(try await names("?level=nonsense") == ["春晖第1网格", "春晖第2网格"])
        }
    }

    @Test("one sign and all of a community as PDF: a sheet each; all of them only for who is signed in", arguments: Backend.all)
    func paper(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let community = try town.grid("1.1").id
            let stranger = try await town.browser()
            let one = try await stranger.get("/g/\(try town.grid("1.1.1.1").id)/card.pdf")
            #expect(one.status == 200 && one.header("content-type") == "application/pdf")
            #expect(one.header("content-disposition")?.contains("filename*=UTF-8''%E6%98%A5%E6%99%961-1") == true)
            #expect(sheets(one.body) == 1)
            #expect(try await stranger.get("/g/\(community)/cards.pdf?level=micro").status == 303)
            #expect(try await !stranger.get("/g/\(community)/cards?level=micro").text.contains("cards.pdf"))
            let officer = try await town.browser("安平")
            #expect(try await officer.get("/g/\(community)/cards?level=micro").text.contains("/g/\(community)/cards.pdf?level=micro"))
            let all = try await officer.get("/g/\(community)/cards.pdf?level=micro")
            #expect(all.status == 200)
            #expect(sheets(all.body) == 4)
        }
    }

    private func sheets(_ pdf: [UInt8]) -> Int {
        String(decoding: pdf, as: UTF8.self).matches(of: #/\/Type \/Page\b(?!s)/#).count
    }

    @Test("a sign outlives its grid: address, card and report lead to the heir", arguments: Backend.all)
    func heirs(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let (old, second) = (try town.grid("1.1.1.1").id, try town.grid("1.1.1.2").id)
            // Both halves of the third-level grid become one micro-grid.
            try await town.take(
                "micro", [Town.feature("1.1.1.9", Town.block(113.60, 34.74, 113.61, 34.75), ["name": "春晖1-9"])]
            ) { $0.replace = true }
            let heir = try town.grid("1.1.1.9").id
            let browser = try await town.browser()
            for sign in [old, second] {
                let card = try await browser.get("/g/\(sign)/card")
                #expect(card.status == 303 && card.location == "/g/\(sign)")
                #expect(try await browser.get("/g/\(sign)").location == "/g/\(heir)")
                let form = try await browser.get("/report?grid=\(sign)")
                #expect(form.input("grid") == "\(heir)" && form.input("placed") == "grid" && form.text.contains("春晖1-9"))
            }
            let sent = try await browser.post(
                "/report", [("id", "\(UUIDv7(at: .systemNow))"), ("grid", "\(old)"), ("words", "路灯不亮")],
                headers: [("Origin", town.house.settings.publicURL)])
            #expect(sent.status == 303)
            #expect(try await town.matters().map(\.grid) == [heir])
            #expect(try await browser.get("/g/\(UUIDv7(at: .systemNow))/card").status == 303)
        }
    }
}

extension Town {
    /// Gives somebody a number of service.
    func call(_ name: String, at phone: String) async throws {
        let (posts, now) = (engines.posts, clock.time.now)
        try await engines.database.write { tx in
            try posts.renamePerson(
                Self.person(name), to: name, phone: phone, act: .system("test", id: Self.id("phone \(name)"), at: now), in: tx)
        }
    }
}
