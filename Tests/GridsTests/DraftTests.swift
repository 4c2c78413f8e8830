import Basics
import Foundation
import Geo
import Store
import Support
import Testing

@testable import Grids

/// What an administrator does by hand to the net: planned like an import, carried out like an import (rows A3, A7).
@Suite struct DraftTests {
    typealias T = LandTown

    /// One square kilometre: two communities side by side, the western one of two third-level grids, two micro-grids in each of three.
    private func town(_ database: Database) async throws -> LandTown {
        let town = try await LandTown(database)
        try await town.take("subdistrict", [T.feature("1", T.block(0, 0, 1000, 1000))])
        try await town.take("community", [T.feature("1.1", T.block(0, 0, 500, 1000)), T.feature("1.2", T.block(500, 0, 500, 1000))])
        try await town.take(
            "third",
            [
                T.feature("1.1.1", T.block(0, 0, 500, 500)), T.feature("1.1.2", T.block(0, 500, 500, 500)),
                T.feature("1.2.1", T.block(500, 0, 500, 1000)),
            ])
        try await town.take(
            "micro",
            [
                T.feature("1.1.1.1", T.block(0, 0, 200, 500), ["name": "East 1"]), T.feature("1.1.1.2", T.block(200, 0, 300, 500)),
                T.feature("1.1.2.1", T.block(0, 500, 500, 300)), T.feature("1.1.2.2", T.block(0, 800, 500, 200)),
                T.feature("1.2.1.1", T.block(500, 0, 500, 400)), T.feature("1.2.1.2", T.block(500, 400, 500, 600)),
            ])
        return town
    }

    private func id(_ town: LandTown, _ code: String) throws -> GridID { try #require(town.grids.land.on().grid(code: code)).id }

    private func draft(_ town: LandTown, _ scope: String, _ steps: [DraftStep], on day: String = "2026-11-21") throws -> LandDraft {
        var draft = try LandDraft(
            UUIDv7(at: .systemNow), of: id(town, scope), on: Day(day) ?? .end, in: town.grids.land, levels: T.levels)
        let topology = try Topology()
        for step in steps { try draft.take(step, topology: topology) }
        return draft
    }

    private func plan(_ draft: LandDraft, _ town: LandTown, from day: String = "2026-11-21") throws -> LandPlan {
        try draft.plan(
            on: town.grids.land, from: Day(day) ?? .end, today: town.clock.today, at: Instant(town.clock.today, in: .gmt))
    }

    private func apply(_ plan: LandPlan, _ town: LandTown) async throws {
        let (grids, now) = (town.grids, Instant(town.clock.today, in: .gmt))
        try await town.database.write { try grids.apply(plan, by: .system("test"), at: now, in: $0) }
        try await town.reload()
    }

    /// No level has a finding, and each grid is filled by those just below it.
    private func expectSound(_ town: LandTown, on day: String? = nil) throws {
        let land = town.grids.land.on(day.flatMap { Day($0) })
        for (level, findings) in try land.findings(tolerance: 0) { #expect(findings.isEmpty, "\(level)") }
        let topology = try Topology()
        for ref in land.refs {
            let inner = land.children(of: ref.id).map { land.shape(of: $0.id) }
            guard !ref.grid.isRoot, !inner.isEmpty else { continue }
            #expect(try topology.same(topology.union(inner), land.shape(of: ref.id)), "\(ref.code)")
        }
    }

    @Test("a point on the border of two communities moves on every level", arguments: Backend.all)
    func moved(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await town(database)
            let draft = try draft(
                town, "1.1", [.move(T.at(500, 500), to: T.at(530, 480)), .bend(T.at(0, 1000), T.at(0, 800), at: T.at(-20, 900))])
            let plan = try plan(draft, town)
            #expect(!plan.isRefused && plan.findings.isEmpty && plan.made == 0 && plan.ended == 0)
            // The point is a corner of both communities, of three third-level grids and of three micro-grids; the other one of four grids.
            #expect(
                Set(plan.steps.map(\.code)) == ["1", "1.1", "1.2", "1.1.1", "1.1.2", "1.2.1", "1.1.1.2", "1.1.2.1", "1.1.2.2", "1.2.1.2"])
            try await apply(plan, town)
            #expect(town.codes(510, 475) == "1,1.1,1.1.1,1.1.1.2" && town.codes(-5, 900) == "1,1.1,1.1.2,1.1.2.2")
            #expect(town.codes(510, 475, on: "2026-11-20") == "1,1.2,1.2.1,1.2.1.2")
            try expectSound(town)
            // The same plan once more does nothing.
            let before = try await entries(town)
            try await apply(plan, town)
            #expect(try await entries(town) == before)
        }
    }

    @Test("a micro-grid is split from a day: the larger part keeps code and name, the other's go on from theirs", arguments: Backend.all)
    func split(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await town(database)
            let line: DraftStep = .split(try id(town, "1.1.1.1"), line: [T.at(-1, 100), T.at(199, 150)], within: 3)
            let plan = try plan(draft(town, "1.1.1", [line], on: "2026-12-01"), town, from: "2026-12-01")
            #expect(!plan.isRefused && plan.made == 1 && plan.ended == 0)
            #expect(plan.steps.first { $0.before == nil }.map { [$0.code, $0.name] } == ["1.1.1.3", "East 2"])
            let kept = try id(town, "1.1.1.1")
            try await apply(plan, town)
            #expect(town.codes(10, 10) == "1,1.1,1.1.1,1.1.1.1" && town.codes(10, 10, on: "2026-12-01") == "1,1.1,1.1.1,1.1.1.3")
            #expect(town.codes(10, 400, on: "2026-12-01") == "1,1.1,1.1.1,1.1.1.1")
            #expect(town.grids.land.on(Day("2026-12-01"))[kept]?.code == "1.1.1.1")
            try expectSound(town, on: "2026-12-01")
            try expectSound(town)
        }
    }

    @Test("a grid with grids inside is divided between them, and merged again all hang where they did", arguments: Backend.all)
    func divided(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await town(database)
            let (scope, other) = (try id(town, "1.1"), try id(town, "1.1.2"))
            // The line runs through the upper third-level grid, most of which is north of it.
            let divide = try plan(draft(town, "1", [.split(scope, line: [T.at(-10, 620), T.at(510, 580)], within: 0)]), town)
            #expect(!divide.isRefused && divide.made == 1 && Set(divide.steps.map(\.code)) == ["1.1", "1.3", "1.1.2"])
            try await apply(divide, town)
            #expect(town.codes(100, 550) == "1,1.3,1.1.2,1.1.2.1" && town.codes(100, 450) == "1,1.1,1.1.1,1.1.1.1")
            try expectSound(town)
            town.clock.today = town.clock.today + 1
            let merge = try plan(draft(town, "1", [.merge(scope, with: try id(town, "1.3"))], on: "2026-11-22"), town, from: "2026-11-22")
            #expect(!merge.isRefused && merge.made == 0 && merge.ended == 1)
            try await apply(merge, town)
            #expect(town.codes(100, 550) == "1,1.1,1.1.2,1.1.2.1" && town.codes(100, 550, on: "2026-11-21") == "1,1.3,1.1.2,1.1.2.1")
            #expect(town.grids.land.on()[other]?.parent == scope)
            try expectSound(town)
            // Two third-level grids as one: the micro-grids of both are below it.
            let thirds = try plan(draft(town, "1.1", [.merge(id(town, "1.1.1"), with: other)], on: "2026-11-22"), town, from: "2026-11-22")
            try await apply(thirds, town)
            #expect(town.codes(100, 900) == "1,1.1,1.1.1,1.1.2.2")
            try expectSound(town)
        }
    }

    @Test("a drawn grid takes its land from those under it, with a name and nature given", arguments: Backend.all)
    func drawn(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await town(database)
            var draft = try draft(
                town, "1.1.1",
                [.draw(id(town, "1.1.1"), outline: [T.at(150, 100), T.at(250, 100), T.at(250, 200), T.at(150, 200)], within: 0)])
            let new = try #require(draft.items.last)
            #expect(new.before == nil && new.code == "1.1.1.3" && new.level == "micro")
            let topology = try Topology()
            try draft.take(.name(new.id, name: "School", code: "S-1", nature: "school"), topology: topology)
            let plan = try plan(draft, town)
            #expect(!plan.isRefused && Set(plan.steps.map(\.code)) == ["1.1.1.1", "1.1.1.2", "S-1"])
            try await apply(plan, town)
            #expect(town.codes(200, 150) == "1,1.1,1.1.1,S-1" && town.grids.land.on().grid(code: "S-1")?.nature == "school")
            try expectSound(town)
            // A third-level grid drawn over micro-grids takes those that lie in it whole; beyond its parent it takes nothing.
            let upper = try self.plan(
                self.draft(
                    town, "1.1",
                    [.draw(id(town, "1.1"), outline: [T.at(-50, 650), T.at(600, 650), T.at(600, 1050), T.at(-50, 1050)], within: 0)]),
                town)
            #expect(Set(upper.steps.map(\.code)) == ["1.1.2", "1.1.3", "1.1.2.2"] && !upper.isRefused)
        }
    }

    @Test(
        "what cannot be is refused and changes nothing; what is unsound is named with its place and not carried out", arguments: Backend.all
    )
    func refused(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await town(database)
            let (one, two, far) = (try id(town, "1.1.1.1"), try id(town, "1.1.1.2"), try id(town, "1.1.2.1"))
            func refusal(_ steps: DraftStep..., code: String = "1.1") -> DraftRefusal? {
                do { _ = try draft(town, code, steps) } catch { return error as? DraftRefusal }
                return nil
            }
            #expect(refusal(.merge(one, with: far)) == .otherParent && refusal(.merge(one, with: one)) == .otherParent)
            #expect(refusal(.merge(one, with: two), .merge(one, with: two)) == .gone)
            #expect(refusal(.remove(T.at(200, 500))) == .junction && refusal(.remove(T.at(3, 3))) == .noSuchPoint)
            #expect(refusal(.split(one, line: [T.at(50, -10), T.at(50, 300)], within: 0)) == .partsNothing)
            #expect(
                refusal(.split(one, line: [T.at(-9, 9), T.at(210, 300), T.at(-9, 300), T.at(210, 9)], within: 0)).map(\.key)
                    == "draft.crosses")
            #expect(refusal(.split(try id(town, "1.1.2"), line: [T.at(100, 490), T.at(100, 1010)], within: 0)) == .oneSided("1.1.2"))
            #expect(
                refusal(.draw(try id(town, "1.1.1"), outline: [T.at(-5, -5), T.at(201, -5), T.at(201, 501), T.at(-5, 501)], within: 0))
                    == .vanishes("East 1"))
            #expect(refusal(.draw(one, outline: [T.at(10, 10), T.at(20, 10), T.at(20, 20)], within: 0)) == .lowest("East 1"))
            #expect(refusal(.name(one, name: " ", code: nil, nature: nil)) == .wrongName)
            #expect(refusal(.name(one, name: "x", code: "1.1.1.2", nature: nil)) == .wrongName, "a code is for life")
            #expect(refusal(.move(T.at(200, 500), to: T.at(900, 2000))).map(\.key) == "draft.crosses")

            // Across a road into the next subdistrict, which has no border in common that could follow.
            try await town.take("subdistrict", [T.feature("2", T.block(1100, 0, 500, 1000))])
            let over = try plan(draft(town, "1.2", [.bend(T.at(1000, 0), T.at(1000, 400), at: T.at(1200, 200))]), town)
            #expect(over.isRefused && over.findings.map(\.sort) == [.overlap] && over.findings.map(\.codes) == [["1", "2"]])
            #expect(over.findings.first?.place.map { town.codes(at: $0) } == "2")
            await #expect(throws: LandRefusal.unsound(over.findings.count)) { try await apply(over, town) }
        }
    }

    @Test("a gap that was there before does not stand in the way", arguments: Backend.all)
    func oldGap(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await LandTown(database)
            try await town.take("community", [T.feature("1", T.block(0, 0, 1000, 1000))])
            try await town.take("third", [T.feature("1.1", T.block(0, 0, 400, 1000)), T.feature("1.2", T.block(500, 0, 500, 1000))]) {
                $0.accept = ["all"]
            }
            let same = try plan(draft(town, "1", [.split(id(town, "1.1"), line: [T.at(-1, 500), T.at(401, 500)], within: 0)]), town)
            #expect(!same.findings.isEmpty && same.findings.allSatisfy(\.isAccepted) && !same.isRefused)
            let wider = try plan(draft(town, "1", [.move(T.at(400, 0), to: T.at(300, 0))]), town)
            #expect(wider.isRefused)
            // And is filled by drawing over it.
            let filled = try plan(
                draft(
                    town, "1", [.draw(id(town, "1"), outline: [T.at(400, -9), T.at(500, -9), T.at(500, 1009), T.at(400, 1009)], within: 0)]),
                town)
            #expect(filled.findings.isEmpty && filled.made == 1 && filled.changed == 0)
        }
    }

    @Test("steps as the page keeps them")
    func read() throws {
        let grid = GridID(UUIDv7(high: 1, low: 2))
        let text = """
            [{"do":"move","from":[1,2],"to":[1.5,2]},{"do":"bend","a":[1,2],"b":[3,4],"to":[2,3]},{"do":"remove","at":[1,2]},
            {"do":"split","grid":"\(grid)","line":[[1,2],[3,4]],"within":4},{"do":"merge","grid":"\(grid)","with":"\(grid)"},
            {"do":"draw","grid":"\(grid)","outline":[[1,2],[3,4],[5,6]],"within":900},{"do":"name","grid":"\(grid)","name":"a"}]
            """
        let steps = try DraftStep.steps(text)
        #expect(steps.count == 7 && steps[3] == .split(grid, line: [Coordinate(lon: 1, lat: 2), Coordinate(lon: 3, lat: 4)], within: 4))
        #expect(steps[6] == .name(grid, name: "a", code: nil, nature: nil))
        #expect(try DraftStep.steps("").isEmpty)
        for bad in [
            "{", "[1]", #"[{"do":"dance"}]"#, #"[{"do":"move","from":[1],"to":[1,2]}]"#, #"[{"do":"merge","grid":"x","with":"y"}]"#,
            #"[{"do":"remove","at":[900,2]}]"#,
        ] {
            #expect(throws: DraftRefusal.unreadable, "\(bad)") { try DraftStep.steps(bad) }
        }
        #expect(throws: DraftRefusal.tooMany(500)) {
            try DraftStep.steps("[" + Array(repeating: #"{"do":"remove","at":[1,2]}"#, count: 501).joined(separator: ",") + "]")
        }
        #expect(Succession.code(after: ["410001001", "410001009"], taken: ["410001010"]) == "410001011")
        #expect(Succession.code(after: ["A"], taken: []) == "A-2" && Succession.code(after: ["1.1.9"], taken: []) == "1.1.10")
        #expect(Succession.name(after: "East 09", taken: ["East 10"]) == "East 11" && Succession.name(after: "East", taken: []) == "East-2")
    }

    private func entries(_ town: LandTown) async throws -> Int {
        try await town.database.read { try $0.count("SELECT COUNT(*) FROM entry") }
    }
}

extension LandTown {
    fileprivate func codes(at place: Coordinate) -> String { grids.land.locate(place).map(\.code).joined(separator: ",") }
}
