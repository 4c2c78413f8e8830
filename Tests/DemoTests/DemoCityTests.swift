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
    /// Friday, 2026-11-20, eleven in the morning in Zhengzhou.
    static let morning = Instant(Day(epoch: 20_777), .hours(3), in: .gmt)
    static let pictures = [
        "rubbish": ["a"], "clean": ["b"], "pothole": ["c"], "patched": ["d"], "sewer": ["e"], "lamp": ["f"], "ebike": ["g"],
    ]

    static func city(_ end: Instant = morning) throws -> DemoCity {
        let catalog = try Catalog(home: home)
        let content = try DemoContent(home: home, day: end.day(in: catalog.platform.zone))
        return try DemoCity(content, catalog: catalog, root: root, pictures: pictures, end: end)
    }

    static let built = Result { try city() }

    static func rows(_ table: String, _ city: DemoCity? = nil) throws -> [[String: SQLValue]] {
        let table = try #require(try (city ?? built.get()).tables.first { $0.table == table })
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

    @Test("always the same at one moment") func sameTwice() throws {
        let (one, other) = (try Self.built.get(), try Self.city())
        #expect(one.tables.map(\.table) == other.tables.map(\.table))
        for (a, b) in zip(one.tables, other.tables) { #expect(a.values == b.values, "\(a.table)") }
        #expect(one.texts.map(\.text) == other.texts.map(\.text))
    }

    @Test("a year of matters with some hundred open, in states that fit their parts")
    func matters() throws {
        let matters = try Self.rows("matter")
        #expect((19_950...20_150).contains(matters.count), "\(matters.count)")
        let states = Dictionary(grouping: matters, by: { $0["state"] ?? .null }).mapValues(\.count)
        #expect((60...300).contains(states[.text("open")] ?? 0), "\(states)")
        #expect(Set(matters.compactMap { $0["number"] }).count == matters.count)
        let open = Set(matters.filter { $0["state"] == .text("open") }.compactMap { $0["id"] })
        let held = Set(
            try Self.rows("part").filter { [.text("offered"), .text("doing")].contains($0["state"] ?? .null) }.compactMap {
                $0["matter_id"]
            })
        #expect(open == held)
        let persons = try Self.rows("person").count
        #expect((1_400...1_650).contains(persons), "\(persons)")
    }

    @Test("the share done on the day is near that of the seeds, and so is it in the last month")
    func sameDay() throws {
        let matters = try Self.rows("matter").filter { $0["state"] != .text("merged") }
        func day(_ value: SQLValue?) -> Int64? {
            guard case .int(let at)? = value else { return nil }
            return (at + 8 * 3_600_000) / 86_400_000
        }
        func share(_ matters: [[String: SQLValue]]) -> Double {
            Double(matters.count { (day($0["done_at"]) ?? day($0["closed_at"])) == day($0["opened_at"]) }) / Double(matters.count)
        }
        #expect((0.83...0.89).contains(share(matters)), "\(share(matters))")
        let month = Self.morning.milliseconds - 31 * 86_400_000
        let late = matters.filter { row in
            if case .int(let at)? = row["opened_at"] { at > month && at < Self.morning.milliseconds - 86_400_000 } else { false }
        }
        #expect((0.81...0.91).contains(share(late)), "\(share(late))")
    }

    @Test(
        "at whatever hour it is filled there is work of today, some due, some late, and nothing lies in the future or is left to ring",
        arguments: [
            "2026-11-20T11:00:00+08:00", "2026-11-21T03:10:00+08:00", "2026-11-23T00:06:00+08:00", "2026-10-03T15:30:00+08:00",
        ])
    func anyHour(_ moment: String) throws {
        let end = try #require(Instant(iso: moment, zone: .gmt))
        let city = end == Self.morning ? try Self.built.get() : try Self.city(end)
        let matters = try Self.rows("matter", city)
        func instant(_ value: SQLValue?) -> Instant? { if case .int(let at)? = value { Instant(milliseconds: at) } else { nil } }
        let zone = try Catalog(home: Self.home).platform.zone
        for table in ["matter", "part", "report", "photo", "entry", "milestone"] {
            let rows = try Self.rows(table, city)
            for column in ["at", "opened_at", "done_at", "closed_at", "offered_at", "taken_at", "ended_at", "reached_at"] {
                #expect(rows.allSatisfy { instant($0[column]).map { $0 <= end } ?? true }, "\(table).\(column)")
            }
        }
        for timer in try Self.rows("timer", city) { #expect(instant(timer["due_at"]).map { $0 > end } ?? false) }
        let today = matters.filter { instant($0["opened_at"]).map { $0.day(in: zone) == end.day(in: zone) } ?? false }
        #expect(today.count >= (moment.contains("T00:") ? 1 : 3), "\(today.count)")
        let open = matters.filter { $0["state"] == .text("open") }
        let late = open.count { instant($0["due_at"]).map { $0 < end } ?? false }
        #expect((5...40).contains(late), "\(late) of \(open.count) late")
        let due = open.count { instant($0["due_at"]).map { $0 >= end && $0.day(in: zone) == end.day(in: zone) } ?? false }
        #expect(due >= 1, "\(due)")
        #expect((2...40).contains(open.count { $0["supervised"] == .int(1) || $0["supervised"] == .bool(true) }))
        #expect(open.contains { $0["border_id"] != .null })
        #expect(matters.contains { $0["outcome"] == .text("not_solved") } && matters.contains { $0["confirmed"] == .text("yes") })
        #expect(matters.contains { $0["state"] == .text("closed") && $0["confirmed"] == .text("no") })
        // A clock that runs is late when its instant has passed, and only then.
        for clock in try Self.rows("clock", city) where clock["stopped_at"] == .null {
            #expect(instant(clock["due_at"]).map { $0 < end } == (clock["late"] == .bool(true) || clock["late"] == .int(1)))
        }
        let milestones = try Self.rows("milestone", city)
        #expect(milestones.contains { $0["reached_at"] != .null } && milestones.contains { $0["reached_at"] == .null })
        let waiting = try Self.rows("part", city).count { $0["ask_id"] != .null && $0["state"] == .text("offered") }
        #expect(waiting >= 2, "\(waiting)")
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
        let signIns = try await DemoFill(DemoContent(home: Self.home, day: Self.morning.day(in: catalog.platform.zone)), catalog: catalog)
            .fill(
                database, filledAt: Self.morning, cost: .light)
        #expect(signIns.count >= 9)
        let found = try await database.read { tx in
            guard let words = tx.search("槐荫路")?.subjects else { return 0 }
            return try tx.count("SELECT COUNT(*) FROM matter WHERE id IN (" + words + ")")
        }
        #expect(found > 0)
        await database.close()
    }
}
