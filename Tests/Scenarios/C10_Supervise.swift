import Basics
import Matters
import Posts
import Store
import Support
import Testing

@Suite struct C10_Supervise {
    @Test("reminded before, escalated after, supervised when it goes on", arguments: Backend.all)
    func escalates(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await town.report("垃圾成堆", at: Town.micro, category: "exposed_rubbish").matter
            town.clock.advance(.hours(2))
            try await town.settle()
            #expect(try await town.told(Town.post("leader")).contains("notice.matter.late"))
            #expect(try await town.told(Town.post("worker")).contains("notice.matter.late"))
            town.clock.advance(.days(20))
            try await town.settle()
            #expect(try await town.matter(matter.id).supervised)
            #expect(try await town.queue(.supervised, of: "苏城") == [matter.number])
            #expect(try await town.queue(.late, of: "苏城") == [matter.number])
        }
    }

    @Test("a leader supervises by name; the holder hears; only who may", arguments: Backend.all)
    func byName(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await town.report("垃圾成堆", at: Town.micro).matter
            await #expect(throws: Town.Refused(status: 403)) { try await town.perform("何雨", "supervise", matter.id) }
            try await town.perform("秦岭", "supervise", matter.id)
            #expect(try await town.matter(matter.id).supervised)
            #expect(try await town.told(Town.post("leader")).contains("notice.matter.supervise"))
            try await town.perform("秦岭", "unsupervise", matter.id)
            #expect(try await town.matter(matter.id).supervised == false)
        }
    }
}
