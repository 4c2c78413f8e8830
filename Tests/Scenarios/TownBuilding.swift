import Basics
import Catalog
import Foundation
import Geo
import Grids
import Posts
import Store

@testable import weiwang

extension Town {
    /// code, name, level, west, south, east, north; a parent's code is the code without its last part.
    private static let land: [(code: String, name: String, level: String, box: Box)] = {
        var land: [(String, String, String, Box)] = []
        func add(_ code: String, _ name: String, _ level: String, _ w: Double, _ s: Double, _ e: Double, _ n: Double) {
            land.append((code, name, level, Box(west: w, south: s, east: e, north: n)))
        }
        add("1", "建安街道", "subdistrict", 113.60, 34.74, 113.62, 34.76)
        add("2", "柳林街道", "subdistrict", 113.62, 34.74, 113.64, 34.76)
        for (c, community, south) in [(1, "春晖", 34.74), (2, "和平", 34.75)] {
            add("1.\(c)", "\(community)社区", "community", 113.60, south, 113.62, south + 0.01)
            for t in 1...2 {
                let west = 113.60 + Double(t - 1) * 0.01
                add("1.\(c).\(t)", "\(community)第\(t)网格", "third", west, south, west + 0.01, south + 0.01)
                for m in 1...2 {
                    let low = south + Double(m - 1) * 0.005
                    add("1.\(c).\(t).\(m)", "\(community)\(t)-\(m)", "micro", west, low, west + 0.01, low + 0.005)
                }
            }
        }
        add("2.1", "柳林社区", "community", 113.62, 34.74, 113.64, 34.76)
        add("2.1.1", "柳林第1网格", "third", 113.62, 34.74, 113.64, 34.76)
        add("2.1.1.1", "柳林1-1", "micro", 113.62, 34.74, 113.64, 34.76)
        return land
    }()

    /// name, role, code of the grid or unit, person (nil: vacant)
    private static let seats: [(post: String, role: String, grid: String?, unit: String?, person: String?)] = [
        ("leader", "micro_leader", "1.1.1.1", nil, "林小满"), ("vacant", "micro_leader", "1.1.1.2", nil, nil),
        ("worker", "grid_worker", "1.1.1", nil, "周禾"), ("officer", "community_officer", "1.1", nil, "何雨"),
        ("secretary", "community_secretary", "1.1", nil, "秦岭"), ("officer2", "community_officer", "1.2", nil, "白桦"),
        ("center", "subdistrict_center", "1", nil, "苏城"), ("officer3", "community_officer", "2.1", nil, "柳青"),
        ("center2", "subdistrict_center", "2", nil, "江帆"), ("desk", "root_center", nil, nil, "唐原"), ("admin", "admin", nil, nil, "安平"),
        ("sanitation", "department_clerk", nil, "sanitation", "鲁捷"), ("water", "department_clerk", nil, "water", "方泉"),
        ("power", "department_clerk", nil, "power", nil),
    ]

    static func build(_ engines: Engines) async throws {
        let day = morning.day(in: engines.catalog.current.platform.zone)
        try await engines.database.write { tx in
            try addLand(in: tx)
            // Its people have sessions, not phones.
            try Posts.waiveSecondFactor(in: tx)
            let root = try tx.first("SELECT id FROM grid WHERE level = 'root'") { try $0["id"] as GridID } ?? GridID(id("root"))
            let posts = engines.posts
            func act(_ label: String) -> Act { .system("demo", id: id("act \(label)"), at: morning - .days(1)) }
            for (name, subjects) in [("sanitation", ["sanitation"]), ("water", ["water"]), ("power", ["power"])] {
                try posts.addUnit(
                    WorkUnit(id: unit(name), name: name, unitClass: "department", grid: GridID(id("grid 1"))), act: act("unit \(name)"),
                    in: tx)
                for subject in subjects {
                    try posts.addRemit(
                        Remit(id: RemitID(id("remit \(subject)")), owner: .unit(unit(name)), subject: subject, path: Path.root.child(1)),
                        act: act("remit \(subject)"), in: tx)
                }
            }
            for seat in seats {
                let where_: Seat = seat.unit.map { .unit(unit($0)) } ?? .grid(seat.grid.map { GridID(id("grid \($0)")) } ?? root)
                try posts.addPost(
                    NewPost(id: post(seat.post), role: seat.role, name: seat.post, seat: where_), act: act("post \(seat.post)"), in: tx)
                guard let person = seat.person else { continue }
                try posts.addPerson(Person(id: Town.person(person), name: person), act: act("person \(person)"), in: tx)
                try posts.addAccount(
                    of: Town.person(person), name: person, record: "scrypt$1$1$1$AAAA$AAAA", act: act("account \(person)"), in: tx)
                try posts.beginHolding(
                    Holding(
                        id: HoldingID(id("holding \(person)")), post: post(seat.post), person: Town.person(person),
                        from: morning - .days(400)),
                    act: act("holding \(person)"), in: tx)
            }
            _ = day
        }
        _ = try await engines.database.read { try engines.grids.reload(in: $0) }
    }

    private static func addLand(in tx: Transaction) throws {
        let root = try tx.first("SELECT id FROM grid WHERE level = 'root'") { try $0["id"] as GridID }
        var paths: [String: Path] = ["": .root]
        for (index, grid) in land.enumerated() {
            let gridID = GridID(id("grid \(grid.code)"))
            let parent = grid.code.contains(".") ? String(grid.code.prefix(upTo: grid.code.lastIndex(of: ".") ?? grid.code.startIndex)) : ""
            let path = (paths[parent] ?? .root).child(index + 1)
            paths[grid.code] = path
            try tx.run(
                """
                INSERT INTO grid (id, code, name, level, attributes, from_day, to_day)
                VALUES (\(gridID), \(grid.code), \(grid.name), \(grid.level), '{}', \(Day.beginning), \(Day.end))
                """)
            try tx.run(
                """
                INSERT INTO grid_path (grid_id, parent_id, path, from_day, to_day)
                VALUES (\(gridID), \(parent.isEmpty ? root : GridID(id("grid \(parent)"))), \(path), \(Day.beginning), \(Day.end))
                """)
            let shape = MultiPolygon(grid.box)
            try tx.run(
                """
                INSERT INTO grid_shape (grid_id, shape, area, from_day, to_day)
                VALUES (\(gridID), \(WKB.bytes(of: shape)), \(shape.area), \(Day.beginning), \(Day.end))
                """)
        }
        try tx.run("UPDATE meta SET value = 'town' WHERE key = 'land.revision'")
    }
}
