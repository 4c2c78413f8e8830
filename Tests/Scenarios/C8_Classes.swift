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

    @Test("an officer sets a day; a later one takes another person's yes, and the reporter is told", arguments: Backend.all)
    func byADate(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("护栏松动", at: Town.micro, category: "illegal_shed")
            let matter = opened.matter.id
            try await town.perform("林小满", "report_up", matter)
            try await town.perform("周禾", "report_up", matter)
            try await town.perform("何雨", "classify", matter) {
                $0.class = "by_date"; $0.due = Day("2026-11-25")
            }
            let zone = town.engines.catalog.current.platform.zone
            #expect(try await town.matter(matter).dueAt?.day(in: zone) == Day("2026-11-20"))  // still to be accepted
            try await town.perform("何雨", "accept", matter)
            #expect(try await town.matter(matter).dueAt == Instant(iso: "2026-11-25T17:30:00+08:00", zone: .gmt))
            await #expect(throws: Town.Refused(status: 422)) {
                try await town.perform("何雨", "classify", matter) { $0.due = Day("2026-12-31") }
            }
            try await town.perform("何雨", "extend", matter) {
                $0.due = Day("2026-12-04"); $0.words = "等材料"
            }
            #expect(try await town.told(Town.post("secretary")).last == "notice.matter.extend")
            await #expect(throws: Town.Refused(status: 403)) { try await town.perform("何雨", "grant", matter) }
            await #expect(throws: Town.Refused(status: 404)) { try await town.perform("白桦", "grant", matter) }
            #expect(try await town.matter(matter).dueAt == Instant(iso: "2026-11-25T17:30:00+08:00", zone: .gmt))
            let page = try await town.browser("秦岭").get("/desk/matters/\(matter)").text
            #expect(page.contains("申请延到 2026-12-04") && page.contains("/acts/grant"))
            try await town.perform("秦岭", "grant", matter)
            #expect(try await town.matter(matter).dueAt == Instant(iso: "2026-12-04T17:30:00+08:00", zone: .gmt))
            #expect(try await town.told(opened.report).last == "notice.matter.grant")
        }
    }

    @Test("a long-term matter must be told of every period, or the level above hears of it", arguments: Backend.all)
    func longTerm(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("老旧管网要改造", at: Town.micro)
            let matter = opened.matter.id
            try await town.perform("林小满", "accept", matter)
            try await town.perform("何雨", "classify", matter) { $0.class = "long_term" }
            town.clock.advance(.days(29))
            try await town.perform("林小满", "progress", matter) { $0.words = "管材已到" }
            #expect(try await town.told(opened.report).last == "notice.matter.progress")
            town.clock.advance(.days(29))
            #expect(try await town.told(Town.post("worker")).contains("notice.matter.late") == false)
            town.clock.advance(.days(2))
            #expect(try await town.told(Town.post("worker")).contains("notice.matter.late"))
        }
    }

    @Test("limits that ran without a calendar are counted again when it comes", arguments: Backend.all)
    func recounted(on backend: Backend) async throws {
        try await inTown(backend) { town in
            // The Saturday after this Friday becomes a working day, and the Monday a day off.
            town.clock.set(try at("2031-06-06T16:30:00+08:00"))
            let matter = try await town.report("垃圾成堆", at: Town.micro, category: "exposed_rubbish").matter
            let weekly = try #require(try await town.matter(matter.id).dueAt)
            #expect(try await town.engines.matters.recountProvisional(at: town.clock.time.now, in: town.engines.database) == 0)
            var files = town.engines.catalog.current.files
            files.texts["catalog/calendars/cn-2031.yaml"] = """
                year: 2031
                source: [https://example.cn/]
                holidays: { dragon_boat: { off: [2031-06-09], work: [2031-06-07] } }
                """
            #expect(town.engines.catalog.reload(files), "\(town.engines.catalog.problems)")
            #expect(try await town.engines.matters.recountProvisional(at: town.clock.time.now, in: town.engines.database) > 0)
            #expect(try await town.matter(matter.id).dueAt.map { $0 < weekly } == true)
            let engine = town.engines.matters
            #expect(try await town.engines.database.read { try engine.clocks(of: matter.id, in: $0) }.allSatisfy { !$0.provisional })
        }
    }

    @Test("a kind may differ on one grid, key by key, and nowhere else", arguments: Backend.all)
    func localVariation(on backend: Backend) async throws {
        try await inTown(backend) { town in
            var files = town.engines.catalog.current.files
            files.texts["catalog/kinds/report.quick.yaml"] = "for: ['1.1.1']\nclocks: { accept: { limit: 30m } }\n"
            #expect(town.engines.catalog.reload(files), "\(town.engines.catalog.problems)")
            let here = try await town.report("垃圾成堆", at: Town.micro, category: "exposed_rubbish").matter
            let there = try await town.report("垃圾成堆", at: Town.otherSubdistrict, category: "exposed_rubbish").matter
            #expect(try await town.parts(here.id)[0].takeBy == town.clock.time.now + .minutes(30))
            #expect(try await town.parts(there.id)[0].takeBy == town.clock.time.now + .hours(2))
            files.texts["catalog/kinds/report.quick.yaml"] = "for: ['1.1.1']\nprivacy: inside\n"
            #expect(!town.engines.catalog.reload(files) && town.engines.catalog.problems.first?.file == "catalog/kinds/report.quick.yaml")
        }
    }
}
