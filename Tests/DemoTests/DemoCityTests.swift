import Basics
import Catalog
import Demo
import Foundation
import Geo
import Posts
import Store
import Testing

@Suite struct DemoCityTests {
    /// Root of the package: `catalog/`, `strings/` and `examples/` are there.
    static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path
    static let root = DemoRoot(
        grid: UUIDv7(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001),
        unit: UUIDv7(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0002),
        post: UUIDv7(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0003))
    static let filledAt = Instant(Day(epoch: 20_777), .hours(3), in: .gmt)
    static let pictures = [
        "rubbish": ["a"], "clean": ["b"], "pothole": ["c"], "patched": ["d"], "sewer": ["e"], "lamp": ["f"], "ebike": ["g"],
    ]

    static func city() throws -> DemoCity {
        try DemoCity(DemoContent(home: home), catalog: Catalog(home: home), root: root, pictures: pictures, filledAt: filledAt)
    }

    static let built = Result { try city() }

    static func rows(_ table: String) throws -> [[String: SQLValue]] {
        let table = try #require(try built.get().tables.first { $0.table == table })
        return stride(from: 0, to: table.values.count, by: table.columns.count).map { start in
            Dictionary(uniqueKeysWithValues: zip(table.columns, table.values[start..<start + table.columns.count]))
        }
    }

    @Test("three subdistricts with as many grids as the seeds say, dedicated ones beside the micro-grids")
    func counts() throws {
        let grids = try Self.rows("grid")
        var found: [String: [Int]] = [:]
        for grid in grids {
            guard case .text(let code)? = grid["code"], case .text(let level)? = grid["level"] else { continue }
            let place = ["subdistrict", "community", "third", "micro"].firstIndex(of: level) ?? 0
            found[String(code.prefix(9)), default: [0, 0, 0, 0, 0]][grid["nature"] == .null ? place : 4] += 1
        }
        #expect(found == ["410199001": [1, 15, 126, 581, 0], "410199002": [1, 12, 97, 676, 34], "410199003": [1, 1, 7, 79, 13]])
        #expect(try Self.rows("unit").count { $0["class"] == .text("department") } == 16)
        let codes = grids.compactMap { grid in grid["code"] }
        #expect(Set(codes).count == codes.count)
    }

    @Test("every level covers the town once: the children's areas sum to the parent's, and a point lies in one grid of each level")
    func partition() throws {
        let shapes = Dictionary(
            uniqueKeysWithValues: try Self.rows("grid_shape").map { row -> (SQLValue, MultiPolygon) in
                guard case .bytes(let bytes)? = row["shape"] else { throw WKB.Malformed() }
                return (row["grid_id"] ?? .null, try WKB.shape(bytes))
            })
        let paths = try Self.rows("grid_path")
        var children: [SQLValue: [SQLValue]] = [:]
        for path in paths { children[path["parent_id"] ?? .null, default: []].append(path["grid_id"] ?? .null) }
        for (parent, below) in children {
            guard let whole = shapes[parent] else { continue }
            let sum = below.reduce(0) { $0 + (shapes[$1]?.area ?? 0) }
            #expect(abs(whole.area - sum) < 1e-6 * sum)
        }
        let byLevel = Dictionary(grouping: try Self.rows("grid"), by: { $0["level"] ?? .null }).mapValues {
            $0.compactMap { shapes[$0["id"] ?? .null] }
        }
        let outer = children[.id(Self.root.grid)]?.compactMap { shapes[$0] } ?? []
        var chance = SystemRandomNumberGenerator()
        var inside = 0
        for _ in 0..<400 {
            let point = Coordinate(lon: .random(in: 113.59...113.65, using: &chance), lat: .random(in: 34.73...34.77, using: &chance))
            let expected = outer.contains { $0.contains(point) } ? 1 : 0
            inside += expected
            for (_, shapes) in byLevel { #expect(shapes.count { $0.contains(point) } == expected) }
        }
        #expect(inside > 200)
    }

    @Test("neighbours share their points: every piece of a micro-grid's outline is another's, the other way round, or the town's edge")
    func sharedEdges() throws {
        var pieces: [[Double]: Int] = [:]
        let micro = Set(try Self.rows("grid").filter { $0["level"] == .text("micro") }.compactMap { $0["id"] })
        for row in try Self.rows("grid_shape") where micro.contains(row["grid_id"] ?? .null) {
            guard case .bytes(let bytes)? = row["shape"] else { continue }
            for ring in try WKB.shape(bytes).rings {
                for (a, b) in zip(ring.points, ring.points.dropFirst()) { pieces[[a.lon, a.lat, b.lon, b.lat], default: 0] += 1 }
            }
        }
        #expect(pieces.values.allSatisfy { $0 == 1 })
        let edge = pieces.keys.count { pieces[[$0[2], $0[3], $0[0], $0[1]]] == nil }
        #expect(edge > 100 && edge < 900)
    }

    @Test("always the same") func sameTwice() throws {
        let (one, other) = (try Self.built.get(), try Self.city())
        #expect(one.tables.map(\.table) == other.tables.map(\.table))
        for (a, b) in zip(one.tables, other.tables) { #expect(a.values == b.values, "\(a.table)") }
        #expect(one.texts.map(\.text) == other.texts.map(\.text))
    }

    @Test("a year of matters with some hundred open, in states that fit their parts")
    func matters() throws {
        let matters = try Self.rows("matter")
        #expect((20_000...20_100).contains(matters.count))
        let states = Dictionary(grouping: matters, by: { $0["state"] ?? .null }).mapValues(\.count)
        #expect((300...600).contains(states[.text("open")] ?? 0), "\(states)")
        #expect(Set(matters.compactMap { $0["number"] }).count == matters.count)
        let open = Set(matters.filter { $0["state"] == .text("open") }.compactMap { $0["id"] })
        let held = Set(
            try Self.rows("part").filter { [.text("offered"), .text("doing")].contains($0["state"] ?? .null) }.compactMap {
                $0["matter_id"]
            })
        #expect(open == held)
        for clock in try Self.rows("clock") {
            guard case .int(let due)? = clock["due_at"] else { continue }
            #expect(due > Self.filledAt.milliseconds)
        }
        let persons = try Self.rows("person").count
        #expect((1_400...1_650).contains(persons), "\(persons)")
    }

    @Test("fills a database, which then answers") func fills() async throws {
        let folder = NSTemporaryDirectory() + "weiwang-demo-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try await Database.open(.folder(folder))
        let catalog = try Catalog(home: Self.home)
        try await database.write { tx in
            let root = Self.root
            try tx.run(
                """
                INSERT INTO grid (id, name, level, attributes, from_day, to_day)
                VALUES (\(root.grid), 'root', \(Level.root), '{}', \(Day.beginning), \(Day.end))
                """)
            try tx.run(
                """
                INSERT INTO unit (id, name, class, inside, from_day, to_day)
                VALUES (\(root.unit), 'root', \(catalog.firstUnitClass?.id), \(true), \(Day.beginning), \(Day.end))
                """)
            try tx.run(
                """
                INSERT INTO post (id, role, name, grid_id, seats, path_now, from_day, to_day)
                VALUES (\(root.post), \(catalog.firstRole?.id), 'root', \(root.grid), 'many', \(Path.root), \(Day.beginning), \(Day.end))
                """)
        }
        let signIns = try await DemoFill(DemoContent(home: Self.home), catalog: catalog).fill(
            database, filledAt: Self.filledAt, cost: .light)
        #expect(signIns.count >= 9)
        let found = try await database.read { tx in
            guard let words = tx.searchSubjects("槐荫路") else { return 0 }
            return try tx.count("SELECT COUNT(*) FROM matter WHERE id IN (" + words + ")")
        }
        #expect(found > 0)
        await database.close()
    }
}
