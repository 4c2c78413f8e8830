import Basics
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing

@Suite struct C1_Report {
    @Test("a report finds its grid, its category and the post that answers; the reporter gets a number and hears", arguments: Backend.all)
    func found(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("楼下垃圾成堆，没人清", at: Town.micro)
            #expect(opened.matter.number == "2026-1120-0001")
            #expect(opened.matter.grid == (try town.grid("1.1.1.1").id))
            #expect(opened.matter.category == "exposed_rubbish")
            #expect(opened.part?.post == Town.post("leader"))
            #expect(try await town.verbs() == ["matter.opened", "part.offered"])
            #expect(try await town.told(opened.report) == ["notice.matter.opened"])
            #expect(try await town.told(Town.post("leader")) == ["notice.part.offered"])
        }
    }

    @Test("the same report again is one matter and the same answer", arguments: Backend.all)
    func again(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = ReportID(Town.id("one report"))
            let first = try await town.report("路灯不亮", at: Town.micro, id: id)
            let second = try await town.report("路灯不亮", at: Town.micro, id: id)
            #expect(!first.repeated && second.repeated)
            #expect(first.matter.number == second.matter.number && first.queryCode == second.queryCode)
            #expect(try await town.matters().count == 1)
            #expect(try await town.verbs() == ["matter.opened", "part.offered"])
        }
    }

    @Test("a point outside every grid is kept at the root's desk", arguments: Backend.all)
    func outside(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("郊外有人倒渣土", at: Town.outside)
            #expect(opened.matter.grid == nil && opened.matter.path == .root)
            let mine = try await town.queue(.toTake, of: "唐原")
            #expect(mine == [opened.matter.number])
            #expect(try await town.queue(.toTake, of: "何雨").isEmpty)
        }
    }

    @Test("work of a vacant post shows to the first filled post above", arguments: Backend.all)
    func vacant(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("井盖破了", at: Town.otherMicro)
            #expect(opened.part?.post == Town.post("vacant"))
            #expect(try await town.queue(.toTake, of: "周禾") == [opened.matter.number])
            #expect(try await town.queue(.toTake, of: "林小满").isEmpty)
        }
    }
}
