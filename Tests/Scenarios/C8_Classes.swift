import Basics
import Catalog
import Foundation
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

@Suite struct C8_Classes {
    private func at(_ text: String) throws -> Instant { try #require(Instant(iso: text, zone: .gmt)) }

    @Test("at once, by a date, long-term with milestones; none is forgotten", arguments: Backend.all)
    func classes(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await town.report("老旧管网要改造", at: Town.micro).matter
            try await town.perform("何雨", "classify", matter.id) { $0.class = "long_term" }
            try await town.perform("何雨", "set_milestones", matter.id) {
                $0.milestones = [("进场", Day(year: 2026, month: 12, day: 1)!), ("完工", Day(year: 2027, month: 3, day: 1)!)]
            }
            let engine = town.engines.matters
            let set = try await town.engines.database.read { try engine.milestones(of: matter.id, in: $0) }
            #expect(set.map(\.name) == ["进场", "完工"])
            try await town.perform("何雨", "reach_milestone", matter.id) { $0.milestone = set[0].id }
            town.clock.set(try at("2027-03-02T09:00:00+08:00"))
            #expect(try await town.told(Town.post("leader")).contains("notice.matter.milestone_late"))
        }
    }

    @Test("a limit of work hours passes lunch, the weekend and the spring festival at no cost", arguments: Backend.all)
    func workTime(on backend: Backend) async throws {
        try await inTown(backend) { town in
            // 2026-02-13 is the Friday before the spring festival; 14 February is a make-up workday, 15 to 23 are off.
            town.clock.set(try at("2026-02-13T17:00:00+08:00"))
            let matter = try await town.report("垃圾成堆", at: Town.micro, category: "exposed_rubbish").matter
            let engine = town.engines.matters
            let clocks = try await town.engines.database.read { try engine.clocks(of: matter.id, in: $0) }
            let finish = try #require(clocks.first { $0.part == nil })
            let calendar = town.engines.catalog.current.calendar
            #expect(!finish.provisional)
            #expect(calendar.workTime(from: finish.startedAt, to: finish.dueAt).milliseconds > 0)
            #expect(calendar.isWorking(at: finish.dueAt - .seconds(1)))
        }
    }

    @Test("a year without a calendar gives a provisional limit, never a refusal", arguments: Backend.all)
    func provisional(on backend: Backend) async throws {
        try await inTown(backend) { town in
            town.clock.set(try at("2031-06-02T10:00:00+08:00"))
            let matter = try await town.report("垃圾成堆", at: Town.micro, category: "exposed_rubbish").matter
            let engine = town.engines.matters
            let clocks = try await town.engines.database.read { try engine.clocks(of: matter.id, in: $0) }
            #expect(!clocks.isEmpty && clocks.allSatisfy(\.provisional))
        }
    }
}
