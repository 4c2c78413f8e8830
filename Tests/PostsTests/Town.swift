import Basics
import Catalog
import Foundation
import Grids
import Posts
import Store
import Support

/// A small town on bare rows: root → subdistrict 1 → communities 1.1 and 1.2 → third 1.1.1 → micro 1.1.1.1.
struct Town: Sendable {
    static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path
    static let files = Result { try CatalogFiles.load(home: home) }

    static let noon = Instant(iso: "2026-11-20T12:00:00+08:00", zone: .gmt) ?? Instant(milliseconds: 0)
    static let street = Path.root.child(1)
    static let community = street.child(1)
    static let other = street.child(2)
    static let third = community.child(1)
    static let micro = third.child(1)

    static func id(_ label: String) -> UUIDv7 { UUIDv7(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000).derived(label) }
    static func post(_ label: String) -> PostID { PostID(id("post \(label)")) }
    static func person(_ label: String) -> PersonID { PersonID(id("person \(label)")) }
    static func grid(_ path: Path) -> GridID { GridID(id("grid \(path)")) }
    static func unit(_ label: String) -> UnitID { UnitID(id("unit \(label)")) }

    let posts: Posts
    let catalog: LiveCatalog

    init() throws {
        catalog = try LiveCatalog(Self.files.get())
        posts = Posts(catalog: catalog, time: TimeSource { Town.noon })
    }

    static func act(_ label: String, _ actor: Actor = .system("test"), at: Instant = noon) -> Act {
        Act(id: id("act \(label)"), at: at, actor: actor)
    }

    /// Grids, and a post of each role with nobody on it.
    func build(in tx: Transaction) throws {
        try grid(.root, level: Level.root, parent: nil, tx)
        try posts.bootstrap(at: Self.noon, in: tx)
        for (path, level) in [
            (Self.street, "subdistrict"), (Self.community, "community"), (Self.other, "community"), (Self.third, "third"),
            (Self.micro, "micro"),
        ] {
            try grid(path, level: level, parent: path.parent, tx)
        }
        try add("center", "subdistrict_center", .grid(Self.grid(Self.street)), tx)
        try add("officer", "community_officer", .grid(Self.grid(Self.community)), tx)
        try add("secretary", "community_secretary", .grid(Self.grid(Self.community)), tx)
        try add("officer2", "community_officer", .grid(Self.grid(Self.other)), tx)
        try add("worker", "grid_worker", .grid(Self.grid(Self.third)), tx)
        try add("leader", "micro_leader", .grid(Self.grid(Self.micro)), tx)
        try add("admin", "admin", .grid(Self.grid(.root)), tx)
        for (name, unitClass) in [("sanitation", "department"), ("gas", "department")] {
            try posts.addUnit(
                WorkUnit(id: Self.unit(name), name: name, unitClass: unitClass, grid: Self.grid(Self.street)),
                act: Self.act("unit \(name)"), in: tx)
            try add("clerk \(name)", "department_clerk", .unit(Self.unit(name)), tx)
        }
        try posts.addUnit(
            WorkUnit(id: Self.unit("club"), name: "club", unitClass: "department", inside: false, grid: Self.grid(Self.street)),
            act: Self.act("unit club"), in: tx)
        try add("clerk club", "department_clerk", .unit(Self.unit("club")), tx)
    }

    private func grid(_ path: Path, level: String, parent: Path?, _ tx: Transaction) throws {
        try tx.run(
            """
            INSERT INTO grid (id, code, name, level, nature, attributes, from_day, to_day)
            VALUES (\(Self.grid(path)), \(parent == nil ? nil : path.text), \(path.text), \(level), NULL, '{}', \(Day.beginning), \(Day.end))
            """)
        try tx.run(
            """
            INSERT INTO grid_path (grid_id, parent_id, path, from_day, to_day)
            VALUES (\(Self.grid(path)), \(parent.map { Self.grid($0) }), \(path), \(Day.beginning), \(Day.end))
            """)
    }

    func add(_ label: String, _ role: RoleID, _ seat: Seat, _ tx: Transaction) throws {
        try posts.addPost(NewPost(id: Self.post(label), role: role, name: label, seat: seat), act: Self.act("post \(label)"), in: tx)
    }

    func put(
        _ person: String, on post: String, from: Instant = noon - .days(10), to: Instant? = nil, sort: Holding.Sort = .regular,
        by actor: Actor = .system("test"), _ tx: Transaction
    ) throws {
        try posts.addPerson(Person(id: Self.person(person), name: person), act: Self.act("person \(person)"), in: tx)
        try posts.beginHolding(
            Holding(
                id: HoldingID(Self.id("\(person) on \(post) \(from)")), post: Self.post(post), person: Self.person(person), from: from,
                to: to, sort: sort),
            act: Self.act("hold \(person) \(post)", actor), in: tx)
    }
}

/// A database with the town in it.
func withTown<T>(_ backend: Backend, _ body: (Town, Database) async throws -> T) async throws -> T {
    let town = try Town()
    return try await withDatabase(backend) { database in
        try await database.write { tx in try town.build(in: tx) }
        return try await body(town, database)
    }
}
