import Geo
import Web
import Catalog
import Basics
import Foundation
import Grids
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

// Giving work out at the desk: in one act, down to any grid of one's land, never to another's.
extension DeskWalk {
    @Test("C4: accepted and whistled in one press where a department is responsible; the next one opens", arguments: Backend.all)
    func together(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await Self.waiting(town).matter.id
            let other = try await Self.waiting(town, "花坛里有垃圾").matter.id
            let officer = try await town.browser("何雨")
            let page = try await officer.get(Self.path(id))
            #expect(page.text.contains("受理并吹哨") && page.text.contains("data-key=\"A\""))
            let sent = try await officer.post(
                Self.path(id, "whistle"), [("csrf", page.input("csrf") ?? ""), ("act", page.input("act") ?? ""), ("list", "tab=to_take")])
            #expect(sent.status == 303 && sent.location.hasPrefix(Self.path(other)))
            let parts = try await town.parts(id)
            #expect(
                parts.last { $0.ask == nil }?.state == .doing && parts.filter { $0.ask != nil }.map(\.post) == [Town.post("sanitation")])
            // Once it is in hand there is nothing to accept.
            let after = try await officer.get(Self.path(id))
            #expect(!after.text.contains("受理并吹哨"))
        }
    }

    @Test("C3: down to any grid of one's land, found by its first letters; another's land is refused", arguments: Backend.all)
    func below(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await Self.waiting(town).matter.id
            let officer = try await town.browser("何雨")
            let form = try await officer.get(Self.path(id, "dispatch"))
            func offers(_ page: WebClient.Answer, _ post: String) -> Bool {
                page.text.contains("name=\"posts\" value=\"\(Town.post(post))\"")
            }
            // The matter's own chain is there at once; nobody above, nobody beside.
            #expect(offers(form, "leader") && offers(form, "worker"))
            #expect(!offers(form, "center") && !offers(form, "officer2") && !offers(form, "officer3"))
            let fields = [("csrf", form.input("csrf") ?? ""), ("act", form.input("act") ?? "")]
            let found = try await officer.post(
                Self.path(id, "dispatch"), fields + [("find_grid", "ch1-2"), ("words", "请去看看"), ("find", "1")])
            #expect(found.status == 200 && offers(found, "vacant") && found.text.contains("请去看看"))
            // Enter in the search field looks too; nothing was done.
            #expect(try await officer.post(Self.path(id, "dispatch"), fields + [("find_grid", "没有的网格")]).status == 200)
            let before = try await town.verbs()
            #expect(!before.contains("matter.dispatch"))
            for post in ["officer2", "officer3", "center", "desk"] {
                let refused = try await officer.post(Self.path(id, "dispatch"), fields + [("posts", Town.post(post).description)])
                #expect(refused.status == 403, "\(post)")
            }
            #expect(try await town.verbs() == before)
            let sent = try await officer.post(Self.path(id, "dispatch"), fields + [("posts", Town.post("vacant").description)])
            #expect(sent.status == 303)
            #expect(try await town.parts(id).filter(\.isOpen).map(\.post) == [Town.post("vacant")])
        }
    }

    @Test("C4: a department that does not work on the land is not whistled", arguments: Backend.all)
    func otherDepartment(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await town.report("垃圾成堆", at: Town.otherSubdistrict, category: "exposed_rubbish").matter.id
            await #expect(throws: Town.Refused(status: 403)) {
                try await town.perform("柳青", "whistle", id) { $0.units = [Town.unit("sanitation")] }
            }
            #expect(try await town.parts(id).allSatisfy { $0.ask == nil })
        }
    }

    @Test("outside the duty list: the reason is one tap, and only where the category says so", arguments: Backend.all)
    func outsideList(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let catalog = town.engines.catalog.current
            let outside = try #require(catalog.categories.first { $0.outsideList }).id
            let inside = try #require(catalog.categories.first { !$0.outsideList }).id
            let officer = try await town.browser("何雨")
            for (category, offered) in [(outside, true), (inside, false)] {
                let id = try await town.report("不归社区管", at: Town.micro, category: category).matter.id
                for name in ["林小满", "周禾"] { try await town.perform(name, "report_up", id) }
                let form = try await officer.get(Self.path(id, "return"))
                #expect(form.text.contains("value=\"outside_list\"") == offered)
                guard offered else { continue }
                let sent = try await officer.post(
                    Self.path(id, "return"),
                    [("csrf", form.input("csrf") ?? ""), ("act", form.input("act") ?? ""), ("reason", "outside_list")])
                #expect(sent.status == 303)
                #expect(try await town.parts(id).filter(\.isOpen).map(\.post) == [Town.post("worker")])
                let page = try await officer.get(Self.path(id))
                #expect(page.text.contains("不在职责清单"))
            }
        }
    }
}
