import Basics
import Geo
import Matters
import Posts
import Store
import Support
import Testing

@Suite struct C3_Transfer {
    @Test("up from micro-grid to subdistrict and back down, each step with a receiver, a limit and a record", arguments: Backend.all)
    func upAndDown(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await town.report("主干道路面塌陷", at: Town.micro).matter
            try await town.perform("林小满", "report_up", matter.id)
            try await town.perform("周禾", "report_up", matter.id)
            try await town.perform("何雨", "report_up", matter.id)
            var parts = try await town.parts(matter.id)
            #expect(parts.map(\.post) == ["leader", "worker", "officer", "center"].map(Town.post))
            #expect(parts.map(\.state) == [.done, .done, .done, .offered])
            #expect(parts.allSatisfy { $0.takeBy != nil })
            #expect(try await town.queue(.toTake, of: "苏城") == [matter.number])
            try await town.perform("苏城", "dispatch", matter.id) { $0.posts = [Town.post("worker")] }
            parts = try await town.parts(matter.id)
            #expect(parts.last?.post == Town.post("worker") && parts.last?.askedBy == Town.post("center"))
            #expect(try await town.matter(matter.id).mark == .red)
            #expect(try await town.told(Town.post("worker")).filter { $0 == "notice.part.offered" }.count == 2)
        }
    }

    @Test("another subdistrict's officer can neither see nor act", arguments: Backend.all)
    func foreign(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await town.report("垃圾成堆", at: Town.micro).matter
            await #expect(throws: Town.Refused(status: 404)) { try await town.perform("柳青", "accept", matter.id) }
            await #expect(throws: Town.Refused(status: 404)) {
                try await town.perform("江帆", "dispatch", matter.id) { $0.posts = [Town.post("officer3")] }
            }
            #expect(try await town.queue(.all, of: "江帆").isEmpty)
            #expect(try await town.verbs() == ["matter.opened", "part.offered"])
        }
    }

    @Test("two act at once: one is done, the other is told what happened", arguments: Backend.all)
    func atOnce(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await town.report("垃圾成堆", at: Town.micro).matter
            let results = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<2 {
                    group.addTask { (try? await town.perform("林小满", "report_up", matter.id)) != nil }
                }
                return await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(results.filter { $0 }.count == 1)
            #expect(try await town.parts(matter.id).count == 2)
        }
    }

    @Test("the same act sent twice is one act", arguments: Backend.all)
    func retried(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await town.report("垃圾成堆", at: Town.micro).matter
            let id = UUIDv7(at: .systemNow)
            try await town.perform("林小满", "report_up", matter.id, id: id)
            try await town.perform("林小满", "report_up", matter.id, id: id)
            #expect(try await town.parts(matter.id).count == 2)
        }
    }

    @Test("on a border both sides see it, one holds it, a dispute goes above", arguments: Backend.all)
    func border(on backend: Backend) async throws {
        try await inTown(backend) { town in
            // Two metres west of the line between 春晖 1-1 and 春晖 2-1, one community; and south of 和平.
            let opened = try await town.report("界上垃圾", at: .init(lon: 113.605, lat: 34.74999))
            let matter = opened.matter
            #expect(matter.border != nil)
            #expect(try await town.queue(.all, of: "白桦") == [matter.number])
            #expect(try await town.queue(.all, of: "何雨") == [matter.number])
            let holder = try await town.parts(matter.id)
            #expect(holder.filter(\.isOpen).count == 1)
            try await town.perform("周禾", "dispute", matter.id) { $0.words = "不是我们这边" }
            let parts = try await town.parts(matter.id)
            #expect(parts.last?.post == Town.post("center"))
        }
    }
}
