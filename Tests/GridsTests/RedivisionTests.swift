import Basics
import Foundation
import Geo
import Grids
import Store
import Support
import Synchronization
import Testing

/// Rows of a made-up table follow the land.
private struct Follower: MovesWithLand {
    func landMoved(_ moves: LandMoves, on day: Day, at: Instant, in tx: Transaction) throws {
        try moves.relocate("record", in: tx)
    }
}

@Suite struct RedivisionTests {
    typealias T = LandTown

    private func record(_ name: String, _ x: Double, _ y: Double, path: Path, in tx: Transaction) throws {
        let at = T.at(x, y)
        let none: [UInt8]? = nil
        let never: Instant? = nil
        try tx.run(
            """
            INSERT INTO record (id, register, name, fields, lon, lat, cell, shape, path_now, confirmed_at, from_day, to_day)
            VALUES (\(UUIDv7(high: UInt64(name.utf8.first ?? 0), low: 1)), 'compound', \(name), \(json: [String: String]()), \(at.lon), \(at.lat),
                \(Cell(at).code), \(none), \(path), \(never), \(Day.beginning), \(Day.end))
            """)
    }

    private func paths(_ database: Database) async throws -> [String: Path] {
        try await database.read { tx in
            Dictionary(
                uniqueKeysWithValues: try tx.all("SELECT name, path_now FROM record") {
                    (try $0["name"] as String, try $0["path_now"] as Path)
                })
        }
    }

    @Test("a new set from a day: the past stays, rows move by their point, only --replace ends", arguments: Backend.all)
    func replaced(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await LandTown(database)
            town.grids.move(with: [Follower()])
            try await town.take("community", [T.feature("C", T.block(0, 0, 1000, 1000))])
            try await town.take("micro", [T.feature("A", T.block(0, 0, 500, 1000)), T.feature("B", T.block(500, 0, 500, 1000))])
            let old = town.grids.land.on()
            let pathA = try #require(old.grid(level: "micro", code: "A")).path
            let pathB = try #require(old.grid(level: "micro", code: "B")).path
            try await database.write { tx in
                try self.record("a", 100, 100, path: pathA, in: tx)
                try self.record("b", 900, 900, path: pathB, in: tx)
                try self.record("o", 5000, 5000, path: .root, in: tx)
            }
            let next = [T.feature("A", T.block(0, 0, 1000, 500)), T.feature("D", T.block(0, 500, 1000, 500))]
            let kept = try town.plan("micro", next)
            #expect(kept.isRefused && kept.ended == 0)  // B is still there, so the new ones overlap it
            let plan = try await town.take("micro", next) { $0.replace = true }
            #expect(plan.ended == 1 && plan.made == 1 && plan.changed == 1)
            #expect(town.codes(900, 900) == "C,D" && town.codes(900, 100) == "C,A")
            #expect(town.codes(900, 900, on: "2026-11-20") == "C,B" && town.codes(100, 100, on: "2026-11-20") == "C,A")
            let now = try await paths(database)
            #expect(now["a"] == pathA && now["o"] == .root)
            #expect(now["b"] == town.grids.land.on().grid(level: "micro", code: "D")?.path && now["b"] != pathB)
            let heirs = try await database.read { try $0.count("SELECT COUNT(*) FROM succession") }
            #expect(heirs == 2)
            // The same code lives again as the same grid.
            let id = try #require(old.grid(level: "micro", code: "B")).id
            town.clock.today = Day("2026-12-01") ?? .end
            try await town.take("micro", [T.feature("A", T.block(0, 0, 500, 1000)), T.feature("B", T.block(500, 0, 500, 1000))]) {
                $0.replace = true
            }
            #expect(town.grids.land.on().grid(level: "micro", code: "B")?.id == id)
            #expect(town.codes(900, 900, on: "2026-11-25") == "C,D" && town.codes(900, 900) == "C,B")
            #expect(town.grids.land.on().grid(level: "micro", code: "B")?.path != pathB)
        }
    }

    @Test("a grid that gets another parent takes all below it along", arguments: Backend.all)
    func moved(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await LandTown(database)
            town.grids.move(with: [Follower()])
            try await town.take("subdistrict", [T.feature("S1", T.block(0, 0, 1000, 1000)), T.feature("S2", T.block(1000, 0, 1000, 1000))])
            let communities = [
                T.feature("C1", T.block(0, 0, 1000, 1000), ["s": "S1"]), T.feature("C2", T.block(1000, 0, 1000, 1000), ["s": "S2"]),
            ]
            try await town.take("community", communities) { $0.parent = .field("s") }
            try await town.take("micro", [T.feature("M1", T.block(0, 0, 1000, 1000))])
            let before = try #require(town.grids.land.on().grid(level: "micro", code: "M1")).path
            try await database.write { try self.record("m", 10, 10, path: before, in: $0) }
            try await town.take("community", [T.feature("C1", T.block(0, 0, 1000, 1000), ["s": "S2"])]) {
                $0.parent = .field("s")
                $0.accept = ["all"]
            }
            #expect(town.codes(10, 10) == "S2,C1,M1" && town.codes(10, 10, on: "2020-01-01") == "S1,C1,M1")
            let after = try #require(town.grids.land.on().grid(level: "micro", code: "M1")).path
            #expect(after != before && after.depth == 4)
            #expect(try await paths(database)["m"] == after)
            #expect(
                town.grids.land.path(of: try #require(town.grids.land.on().grid(level: "micro", code: "M1")).id, on: Day("2020-01-01"))
                    == before)
        }
    }

    @Test("a set for a later day waits for it", arguments: Backend.all)
    func later(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let town = try await LandTown(database)
            town.grids.move(with: [Follower()])
            try await town.take("micro", [T.feature("A", T.block(0, 0, 1000, 1000))])
            let old = try #require(town.grids.land.on().grid(level: "micro", code: "A")).path
            try await database.write { try self.record("x", 900, 900, path: old, in: $0) }
            try await town.take("micro", [T.feature("A", T.block(0, 0, 1000, 500)), T.feature("B", T.block(0, 500, 1000, 500))]) {
                $0.from = Day("2026-12-01")
            }
            #expect(town.codes(900, 900) == "A" && town.codes(900, 900, on: "2026-12-01") == "B")
            #expect(try await paths(database)["x"] == old)
            town.clock.today = Day("2026-12-01") ?? .end
            let grids = town.grids
            let rang = try await database.write { tx -> Int in
                let due = try tx.takeDueTimers(at: Instant(Day("2026-12-01") ?? .end, in: .gmt), limit: 5)
                for timer in due { try grids.ring(timer, at: timer.at, in: tx) }
                return due.count
            }
            #expect(rang == 1)
            #expect(try await paths(database)["x"] == town.grids.land.on().grid(level: "micro", code: "B")?.path)
        }
    }

    @Test("near a border both sides are known")
    func borders() async throws {
        try await withDatabase(.sqlite) { database in
            let town = try await LandTown(database)
            try await town.take("micro", [T.feature("A", T.block(0, 0, 500, 500)), T.feature("B", T.block(500, 0, 500, 500))])
            let land = town.grids.land
            #expect(land.border(at: T.at(495, 250), within: 10)?.code == "B" && land.border(at: T.at(505, 250), within: 10)?.code == "A")
            #expect(land.border(at: T.at(480, 250), within: 10) == nil && land.border(at: T.at(-5, 250), within: 10) == nil)
            #expect(town.codes(500, 250) == "A")
            #expect(try land.on().findings().allSatisfy(\.findings.isEmpty))
        }
    }
}
