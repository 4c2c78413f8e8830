import Geo
import Web
import Catalog
import Basics
import Foundation
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

/// The phone as the people of the grids use it: over HTTP, without JavaScript; every act has its form there.
@Suite struct FieldWalk {
    private static func path(_ id: MatterID, _ verb: String? = nil) -> String {
        "/field/matters/\(id)" + (verb.map { "/acts/\($0)" } ?? "")
    }

    @Test("C4: a micro-grid leader whistles from the phone in three taps, nothing typed", arguments: Backend.all)
    func whistle(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await town.report("垃圾成堆", at: Town.micro, category: "exposed_rubbish").matter.id
            let leader = try await town.browser("林小满")
            let today = try await leader.get("/field")
            #expect(today.links.contains(Self.path(id)))
            let matter = try await leader.get(Self.path(id))
            #expect(matter.links.contains(Self.path(id, "whistle")) && !matter.links.contains { $0.hasPrefix("/desk") })
            let form = try await leader.get(Self.path(id, "whistle"))
            // The responsible department is ticked already.
            #expect(form.text.contains("value=\"\(Town.unit("sanitation"))\" checked"))
            let sent = try await leader.post(
                Self.path(id, "whistle"),
                [("csrf", form.input("csrf") ?? ""), ("act", form.input("act") ?? ""), ("units", form.input("units") ?? "")])
            #expect(sent.status == 303)
            let parts = try await town.parts(id)
            #expect(parts.filter { $0.ask != nil }.map(\.post) == [Town.post("sanitation")])
            #expect(parts.filter { $0.ask == nil }.map(\.state) == [.doing])
            #expect(try await leader.open(sent.location).text.contains("sanitation"))
        }
    }

    @Test("every act that somebody may do opens on the phone, in both languages", arguments: Backend.all)
    func everyAct(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await town.report("垃圾成堆", at: Town.micro, category: "exposed_rubbish").matter.id
            try await town.perform("林小满", "report_up", id)
            for (name, least) in [("周禾", 8), ("何雨", 9), ("秦岭", 6)] {
                let (actor, now, engine) = (try await town.actor(name), town.clock.time.now, town.engines.matters)
                let seen = try #require(try await town.engines.database.read { try engine.view(id, for: actor, at: now, in: $0) })
                let browser = try await town.browser(name)
                let verbs = seen.actions.filter { !$0.by.allSatisfy { $0 == .reporter } }.map(\.id)
                #expect(verbs.count >= least, "\(name) \(verbs)")
                for language in Language.allCases {
                    let page = try await browser.get(Self.path(id) + "?lang=\(language.rawValue)")
                    for verb in verbs {
                        #expect(page.links.contains(Self.path(id, verb)) || verb == "reach_milestone", "\(name) \(verb)")
                        let form = try await browser.get(Self.path(id, verb))
                        #expect(form.status == 200 && !form.text.contains("⟦") && !form.text.contains("{{"), "\(name) \(verb)")
                    }
                }
            }
        }
    }

    @Test("merged by its number, planned, noted: from the phone as from the desk", arguments: Backend.all)
    func otherActs(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let one = try await town.report("垃圾成堆", at: Town.micro, category: "exposed_rubbish").matter
            let two = try await town.report("路口的垃圾", at: Town.micro, category: "exposed_rubbish").matter.id
            let leader = try await town.browser("林小满")
            func send(_ id: MatterID, _ verb: String, _ fields: [(String, String)]) async throws -> WebClient.Answer {
                let form = try await leader.get(Self.path(id, verb))
                #expect(form.status == 200)
                return try await leader.post(
                    Self.path(id, verb), [("csrf", form.input("csrf") ?? ""), ("act", form.input("act") ?? "")] + fields)
            }
            #expect(try await send(two, "set_milestones", [("milestone_name", "进场"), ("milestone_day", "2026-12-01")]).status == 303)
            #expect(try await send(two, "note", [("words", "")]).status == 422)
            let kept = try await send(two, "set_milestones", [("milestone_name", "立项"), ("milestone_day", "")])
            #expect(kept.status == 422 && kept.text.contains("立项"))
            #expect(try await send(two, "merge", [("number", one.number)]).status == 303)
            #expect(try await town.matter(two).mergedInto == one.id)
        }
    }

    @Test("somebody was faster: what happened is said, what was typed is kept", arguments: Backend.all)
    func race(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await town.report("垃圾成堆", at: Town.micro).matter.id
            let leader = try await town.browser("林小满")
            let form = try await leader.get(Self.path(id, "return"))
            try await town.perform("何雨", "close", id) { $0.words = "重复" }
            let late = try await leader.post(
                Self.path(id, "return"), [("csrf", form.input("csrf") ?? ""), ("act", form.input("act") ?? ""), ("words", "不在我这边")])
            #expect(late.status == 409 && late.text.contains("不在我这边") && late.text.contains("何雨"))
        }
    }
}
