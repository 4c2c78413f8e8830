import Geo
import Web
import Catalog
import Basics
import Foundation
import Matters
import Store
import Support
import Testing

@testable import weiwang

// Two people at one desk, a session that ends, a list that moves.
extension DeskWalk {
    @Test("the second of two officers reads who did what", arguments: Backend.all)
    func overtaken(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await Self.waiting(town).matter.id
            let officer = try await town.browser("何雨")
            let form = try await officer.get(Self.path(id, "return"))
            try await town.perform("秦岭", "close", id) { $0.words = "重复" }
            let late = try await officer.post(
                Self.path(id, "return"), [("csrf", form.input("csrf") ?? ""), ("act", form.input("act") ?? ""), ("words", "不在我们这边")])
            #expect(late.status == 409 && late.text.contains("秦岭") && late.text.contains("不在我们这边"))
        }
    }

    @Test("who else has it open, and what was just done, without loading the page again", arguments: Backend.all)
    func others(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await Self.waiting(town).matter.id
            let (officer, secretary) = (try await town.browser("何雨"), try await town.browser("秦岭"))
            let now = Self.path(id) + "/now?version=0"
            #expect(try await officer.get(now).text.contains("秦岭") == false)
            #expect(try await secretary.get(now + "&acting=1").text.contains("何雨"))
            #expect(try await officer.get(now).text.contains("秦岭 正在办"))
            town.clock.advance(.minutes(2))
            #expect(try await officer.get(now).text.contains("秦岭 ") == false)
            try await town.perform("秦岭", "whistle", id)
            #expect(try await officer.get(now).text.contains("秦岭"))
            // Nobody of another land hears of it.
            #expect(try await town.browser("柳青").get(now).status == 404)
        }
    }

    @Test("the queue as a piece: rows, figures and forms as on the page", arguments: Backend.all)
    func queuePiece(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let officer = try await town.browser("何雨")
            #expect(try await officer.get("/desk/queue?tab=to_take").text.contains("data-row") == false)
            let id = try await Self.waiting(town).matter.id
            let piece = try await officer.get("/desk/queue?tab=to_take")
            #expect(piece.status == 200 && piece.text.contains("data-row=\"\(id)\"") && !piece.text.contains("<html"))
            try await town.perform("何雨", "whistle", id)
            let clerk = try await town.browser("鲁捷").get("/desk/queue?")
            #expect(clerk.text.contains("class=\"quick\"") && clerk.input("csrf") == Town.csrf("鲁捷"))
        }
    }

    @Test("a session that ends while typing: nothing is done, and what was typed is in the form after signing in", arguments: Backend.all)
    func sessionEnds(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await Self.waiting(town).matter.id
            let before = try await town.verbs()
            let gone = try await town.browser()
            let origin = [("Origin", town.house.settings.publicURL)]
            let fields = [("csrf", "old"), ("act", UUIDv7(at: .systemNow).description), ("list", "tab=doing"), ("words", "写了半天的话")]
            let answer = try await gone.post(Self.path(id, "return"), fields, headers: origin)
            #expect(answer.status == 403 && answer.text.contains("name=\"password\""))
            let next = try #require(answer.input("next"))
            #expect(next.hasPrefix(Self.path(id, "return") + "?tab=doing"))
            let form = try await town.browser("何雨").get(next)
            #expect(form.status == 200 && form.text.contains("写了半天的话"))
            // Longer than an address may be: shown, to be copied.
            let long = String(repeating: "很长的话", count: 400)
            #expect(
                try await gone.post(Self.path(id, "return"), fields + [("note", long), ("words", long)], headers: origin).text.contains(
                    "写了半天的话"))
            // A foreign page gets nothing shown.
            #expect(
                try await gone.post(Self.path(id, "return"), fields, headers: [("Origin", "https://evil.test")]).text.contains("写了半天")
                    == false)
            #expect(try await town.verbs() == before)
        }
    }

    @Test("what narrows the list never fills in a form", arguments: Backend.all)
    func listBesideForm(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await Self.waiting(town).matter.id
            let other = try #require(town.engines.catalog.current.categories.first { $0.id != "exposed_rubbish" }).id
            let officer = try await town.browser("何雨")
            let form = try await officer.get(Self.path(id, "classify") + "?category=\(other)&tab=all")
            #expect(form.text.contains("value=\"exposed_rubbish\" selected") && !form.text.contains("value=\"\(other)\" selected"))
        }
    }

    @Test("found by number, by two and by four characters, within what one sees", arguments: Backend.all)
    func search(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await Self.waiting(town)
            for (words, found) in [("垃圾", true), ("堆在路口", true), ("路灯", false), (opened.matter.number, true)] {
                let query = words.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                let page = try await town.browser("何雨").get("/desk?q=\(query)")
                #expect(page.text.contains(Self.path(opened.matter.id)) == found, "\(words)")
                #expect(try await town.browser("柳青").get("/desk?q=\(query)").text.contains(Self.path(opened.matter.id)) == false)
            }
        }
    }

    @Test("on a border both sides read of the other; handed over in one press", arguments: Backend.all)
    func border(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await town.report("界上垃圾", at: .init(lon: 113.605, lat: 34.74999)).matter.id
            let worker = try await town.browser("周禾")
            let page = try await worker.get("/field/matters/\(id)")
            #expect(page.text.contains("在交界处") && page.links.contains("/field/matters/\(id)/acts/hand_over"))
            #expect(try await town.browser("白桦").get("/desk/matters/\(id)").text.contains("在交界处"))
            try await town.perform("周禾", "hand_over", id)
            #expect(try await town.parts(id).last?.state == .offered)
        }
    }
}
