import Basics
import Foundation
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

/// Thousands on one map: at every zoom each matter is counted once, alone or in a cluster, and the lists say the same.
@Suite struct K1_Clusters {
    private static let count = 2400

    /// Many open matters at once, some of them exactly on the corners of tiles, where two tiles could take them.
    private static func fill(_ town: Town) async throws {
        let pattern = try await town.report("第一件", at: Town.micro)
        let grids = try ["1.1.1.1", "1.1.1.2"].map { try town.grid($0) }
        let corner = Tile(holding: Town.micro, zoom: 17)
        let now = town.clock.time.now
        try await town.engines.database.write { tx in
            for index in 1..<count {
                let id = MatterID(pattern.matter.id.uuid.derived("copy \(index)"))
                let grid = grids[index % 2]
                let spread = (Double(index * 7919 % 1000) / 1000, Double(index * 104_729 % 1000) / 1000)
                let box = index % 2 == 0 ? 34.7400...34.7440 : 34.7445...34.7485
                let point =
                    index % 10 == 0
                    ? Coordinate(lon: corner.box.west, lat: corner.box.north)
                    : Coordinate(
                        lon: 113.6005 + 0.004 * spread.0, lat: box.lowerBound + (box.upperBound - box.lowerBound) * spread.1)
                try tx.run(
                    """
                    INSERT INTO matter (id, number, kind, category, class, urgency, privacy, state, spot, passed, supervised, reopened, lon, lat,
                        cell, place, grid_id, path_now, path_then, channel, words, reporters, opened_at, due_at)
                    SELECT \(id), \("copy \(index)"), kind, category, class, urgency, privacy, state, spot, \(index % 3 == 0), supervised, reopened,
                        \(point.lon), \(point.lat), \(Cell(point).code), place, \(grid.id), \(grid.path), \(grid.path), channel, words, 1, \(now),
                        \(index % 5 == 0 ? now - .hours(1) : now + .hours(9)) FROM matter WHERE id = \(pattern.matter.id)
                    """)
            }
            let act = Act.system("test", id: pattern.matter.id.uuid.derived("filled"), at: now)
            try tx.record(act.entry("import.done", subject: "import", id: pattern.matter.id.uuid, path: .root))
        }
        try await town.settle()
    }

    @Test("clusters of every zoom add up to the figures and to the lists", arguments: Backend.all)
    func each(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await Self.fill(town)
            let center = try await town.browser("苏城")
            let page = try await center.get("/command/map?lang=zh-Hans")
            func figure(_ name: String) throws -> Int {
                try #require(page.opening.first { $0.href.contains("measure=\(name)") }?.count, "\(name)")
            }
            let (red, new) = (try figure("mark_red"), try figure("mark_red_outline"))
            #expect(red + new == Self.count && red == (Self.count - 1) / 3)
            for (href, count) in page.opening { #expect(try await center.get(href).total == count, "\(href)") }
            let late = try #require(page.opening.first { $0.href.contains("overdue") }?.count)
            #expect(late == (Self.count - 1) / 5)
            for zoom in [10, 11, 12, 13, 14, 15, 16] {
                let seen = try await K1_Replay.marks(center, zoom: zoom, at: "")
                #expect(seen.counts == [new, red, 0, 0], "at \(zoom)")
                #expect(seen.late == late, "late at \(zoom)")
            }
            // The same moment, asked of the past's side, is the same count.
            #expect(try await K1_Replay.marks(center, zoom: 13, at: "2026-11-20T10:00").counts == [new, red, 0, 0])
            // A tile of thousands stays small: it holds squares, not matters.
            let far = Tile(holding: Town.micro, zoom: 12)
            let tile = try await center.get("/tiles/matters/\(far.z)/\(far.x)/\(far.y).mvt")
            let squares = try TileReader(tile.body).layers["matters"]?.count ?? 0
            #expect(tile.body.count < 20_000 && squares <= 256)
        }
    }
}
