import Basics
import Catalog
import Foundation
import Geo
import Grids
import Insight
import Matters
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

@Suite struct A7_Redivision {
    typealias T = Town

    /// 春晖 1-1 split in two from the next day on, seven parts to three.
    private static let split = [
        T.feature("1.1.1.1a", T.block(113.60, 34.74, 113.607, 34.745), ["name": "春晖1-1甲"]),
        T.feature("1.1.1.1b", T.block(113.607, 34.74, 113.61, 34.745), ["name": "春晖1-1乙"]),
        T.feature("1.1.1.2", T.block(113.60, 34.745, 113.61, 34.75)),
    ]
    private static let west = Town.micro
    private static let east = [Coordinate(lon: 113.608, lat: 34.7412), Coordinate(lon: 113.609, lat: 34.744)]
    private static let day = Day("2026-11-21") ?? .end

    @Test(
        "a micro-grid is split from a day: open work goes with the land, clocks run on, the past can be read both ways",
        arguments: Backend.all)
    func split(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let old = try town.grid("1.1.1.1")
            var before: [Matter] = []
            for point in [Self.west] + Self.east {
                before.append(try await town.report("垃圾成堆", at: point, category: "exposed_rubbish").matter)
            }
            #expect(before.allSatisfy { $0.path == old.path })

            let plan = try await town.take("micro", Self.split) {
                $0.from = Self.day
                $0.replace = true
            }
            #expect(plan.made == 2 && plan.ended == 1)
            // Until then all is as it was.
            #expect(try await town.located(Self.east[0]).codes.last == "1.1.1.1")
            #expect(try await town.located(Self.east[0], on: "2026-11-21").codes.last == "1.1.1.1b")
            #expect(try await town.queue(.toTake, of: "林小满").count == 3)
            #expect(try await town.browser().get("/g/\(old.id)").status == 200)

            town.clock.set(Instant(iso: "2026-11-21T00:00:30+08:00", zone: .gmt) ?? Town.morning)
            try await town.settle()
            let (a, b) = (try town.grid("1.1.1.1a"), try town.grid("1.1.1.1b"))
            var after: [Matter] = []
            for matter in before { after.append(try await town.matter(matter.id)) }
            #expect(after.map(\.grid) == [a.id, b.id, b.id] && after.map(\.path) == [a.path, b.path, b.path])
            #expect(after.map(\.pathThen) == before.map(\.pathThen))
            #expect(after.map(\.dueAt) == before.map(\.dueAt), "clocks run on")

            // Whoever led the old grid leads what has most of its land; the rest waits for a leader and shows to the one above.
            #expect(try await town.queue(.toTake, of: "林小满") == [before[0].number])
            #expect(Set(try await town.queue(.toTake, of: "周禾")) == Set(before[1...].map(\.number)))
            #expect(try await town.located(Self.west).post["vacant"] as? Bool == false)
            let there = try await town.located(Self.east[0])
            #expect(there.post["vacant"] as? Bool == true && there.post["answered_by"] as? String == "worker")
            #expect(try await town.located(Self.east[0], on: "2026-11-20").codes.last == "1.1.1.1")

            // Yesterday's figures, by that day's net and by today's.
            let measure = try #require(try Measures.of(town.engines.catalog.current)["new_matters"])
            func figures(_ paths: [Path], _ net: BoardQuestion.Net) -> [Int] {
                let question = BoardQuestion(groups: .paths(paths), days: Self.day - 1..<Self.day, net: net)
                let answer = town.house.board.ask(measure, question, at: town.clock.time.now)
                return paths.indices.map { answer.total(group: $0).of }
            }
            #expect(figures([old.path], .thatDay) == [3])
            #expect(figures([a.path, b.path], .today) == [1, 2])
            let third = try town.grid("1.1.1").path
            #expect(figures([third], .thatDay) == figures([third], .today))
        }
    }

    @Test(
        "the address on an old sign leads to the grids that have its land now, and a report by it finds one of them", arguments: Backend.all
    )
    func oldSign(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let old = try town.grid("1.1.1.1").id
            try await town.take("micro", Self.split) {
                $0.from = Day("2026-11-20")
                $0.replace = true
            }
            let (a, b) = (try town.grid("1.1.1.1a").id, try town.grid("1.1.1.1b").id)
            for language in Language.allCases {
                let page = try await town.browser().get("/g/\(old)?lang=\(language.rawValue)")
                #expect(page.status == 200 && page.text.contains("春晖1-1") && !page.text.contains("⟦"))
                #expect(page.links.contains("/g/\(a)") && page.links.contains("/g/\(b)"))
            }
            let id = ReportID(at: .systemNow)
            let sent = try await town.browser().post(
                "/report", [("id", id.description), ("grid", old.description), ("words", "垃圾成堆")],
                headers: [("Origin", town.house.settings.publicURL)])
            #expect(sent.status == 303)
            #expect(try await town.matters().first?.grid == a)

            // One heir only: the old address is simply the new one's.
            try await town.take("micro", [T.feature("1.1.1.1b", T.block(113.60, 34.74, 113.61, 34.745)), Self.split[2]]) {
                $0.replace = true
            }
            let moved = try await town.browser().get("/g/\(a)")
            #expect(moved.status == 303 && moved.location == "/g/\(b)")
            #expect(try await town.browser().open("/g/\(old)").status == 200)
            #expect(try await town.browser().get("/g/\(Town.id("no grid"))").status == 404)
        }
    }
}
