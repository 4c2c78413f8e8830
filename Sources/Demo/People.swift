import Basics
import Catalog
import Posts
import Store

/// What a new folder has before the demo fills it.
package struct DemoRoot: Sendable {
    package let grid: UUIDv7
    package let unit: UUIDv7
    package let post: UUIDv7

    package init(grid: UUIDv7, unit: UUIDv7, post: UUIDv7) {
        self.grid = grid
        self.unit = unit
        self.post = post
    }
}

/// Somebody to sign in as, and the line that tells it.
package struct DemoSignIn: Sendable {
    package let role: String
    package let name: String
    package let password: String
    package let person: PersonID
}

/// Units, posts and their holders.
struct People {
    private let land: Land
    private let catalog: Catalog
    private let origin: DemoRoot
    private var naming: Naming
    private var chance = Seeded("people")
    private let start: Instant
    private let end: Instant
    private var posts: [(id: UUIDv7, person: UUIDv7?)] = []

    private(set) var units = BulkRows("unit", "id", "code", "name", "class", "parent_id", "inside", "grid_id", "from_day", "to_day")
    private(set) var postRows = BulkRows(
        "post", "id", "role", "name", "grid_id", "unit_id", "place_id", "seats", "path_now", "from_day", "to_day")
    private(set) var persons = BulkRows("person", "id", "name", "phone", "language", "at")
    private(set) var holdings = BulkRows("holding", "id", "post_id", "person_id", "from_at", "to_at", "sort")
    private(set) var remits = BulkRows("remit", "id", "unit_id", "post_id", "subject", "path", "from_day", "to_day")
    private(set) var signIns: [DemoSignIn] = []
    /// The post that answers at a grid, by its place in the list: leader, worker, officer, center.
    private(set) var answering: [Int: UUIDv7] = [:]
    /// Secretaries by the place of their community.
    private(set) var secretaries: [Int: UUIDv7] = [:]
    /// Department clerks by tag.
    private(set) var clerks: [String: UUIDv7] = [:]
    /// Who holds a post at the end.
    private(set) var holder: [UUIDv7: UUIDv7] = [:]

    /// The desk above all.
    var root: UUIDv7 { origin.post }
    private var content: DemoContent { land.content }
    private var city: DemoContent.City { land.content.city }

    init(_ land: Land, catalog: Catalog, root: DemoRoot) throws {
        self.land = land
        self.catalog = catalog
        origin = root
        naming = Naming(land.content.city)
        start = Instant(land.content.day - 400, in: catalog.platform.zone)
        end = Instant(land.content.day + 1, in: catalog.platform.zone)
        for person in city.people { naming.keep(person.name) }
        try fillUnits()
        try fillGrids()
        try fillRoot()
        try fillBuildings()
        fillDuty()
    }

    // MARK: Units

    private mutating func fillUnits() throws {
        for (index, grid) in land.grids.enumerated() where grid.depth < 3 {
            guard grid.depth == 1 else { continue }
            let office = addUnit(
                city.units.subdistrict.name.replacing("{subdistrict}", with: grid.name), city.units.subdistrict.class, origin.unit, grid)
            for name in city.units.groups.names { _ = addUnit(grid.name + name, city.units.groups.class, office, grid) }
            for community in land.grids.indices where land.grids[community].parent == index {
                let name = city.units.community.name.replacing("{community}", with: String(land.grids[community].name.dropLast(2)))
                _ = addUnit(name, city.units.community.class, office, land.grids[community])
            }
        }
        let departments = city.departments
        guard let seat = land.grids.first(where: { $0.depth == 1 && $0.name == departments.at }) else {
            throw DemoFailure.content("city.yaml: departments at")
        }
        let role = try role(city.roles.department)
        for (index, tag) in catalog.departments.enumerated() {
            guard let name = departments.list[tag] else { throw DemoFailure.content("city.yaml: no department for \(tag)") }
            let unit = addUnit(city.district + name, departments.class, origin.unit, seat)
            let post = addPost(role, "\(name) \(roleName(role))", unit: unit, path: seat.path)
            clerks[tag] = post
            // They serve all of the district from where they sit.
            remits.add(chance.id(at: start), unit, nil as UUIDv7?, tag, Path.root, Day.beginning, Day.end)
            // One department is vacant, so that something is.
            if index != 11 { for _ in 0..<3 { hold(post, by: person(), from: start) } }
            if let named = city.people.first(where: { $0.department == tag }) { try signIn(named, post: post) }
        }
    }

    private mutating func addUnit(_ name: String, _ unitClass: String, _ parent: UUIDv7, _ grid: LandGrid) -> UUIDv7 {
        let id = chance.id(at: start)
        let inside = catalog.unitClass(unitClass)?.inside ?? true
        units.add(id, nil as String?, name, unitClass, parent, inside, grid.id, Day.beginning, Day.end)
        return id
    }

    // MARK: Grids

    private mutating func fillGrids() throws {
        let (micro, third) = (try role(city.roles.micro), try role(city.roles.third))
        let (officer, secretary) = (try role(city.roles.officer), try role(city.roles.secretary))
        let center = try role(city.roles.subdistrict)
        var neighbour: UUIDv7?
        for (index, grid) in land.grids.enumerated() {
            switch grid.depth {
            case 1:
                let post = addPost(center, "\(grid.name) \(roleName(center))", grid: grid)
                answering[index] = post
                for _ in 0..<chance.int(3..<6) { hold(post, by: person(), from: start) }
                if index == land.grids.lastIndex(where: { $0.depth == 1 }) { try signIn(center, post) }
            case 2:
                let post = addPost(officer, "\(grid.name) \(roleName(officer))", grid: grid)
                let lead = addPost(secretary, "\(grid.name) \(roleName(secretary))", grid: grid)
                answering[index] = post
                secretaries[index] = lead
                let home = index == land.grids.lastIndex { $0.depth == 2 }
                if home {
                    try signIn(officer, post)
                    try signIn(secretary, lead)
                } else {
                    holdChanging(lead)
                    if chance.chance(0.04) { continue }
                    for _ in 0..<chance.int(1..<3) { hold(post, by: person(), from: start) }
                }
            case 3:
                let post = addPost(third, "\(grid.name) \(roleName(third))", grid: grid)
                answering[index] = post
                if let named = named(third.id), land.grid(third: named.third, micro: nil)?.id == grid.id {
                    try signIn(named, post: post)
                } else if !chance.chance(0.02) {
                    holdChanging(post)
                }
            default:
                let post = addPost(micro, "\(grid.name) \(roleName(micro))", grid: grid)
                answering[index] = post
                if let named = named(micro.id), land.grid(third: named.third, micro: named.micro)?.id == grid.id {
                    try signIn(named, post: post)
                } else if let leader = neighbour, grid.nature == nil, chance.chance(0.24) {
                    // Some lead two neighbouring micro-grids.
                    hold(post, by: leader, from: start)
                    neighbour = nil
                    continue
                } else if !chance.chance(0.025) {
                    holdChanging(post)
                }
                neighbour = grid.nature == nil ? holder[post] : nil
            }
        }
    }

    private mutating func fillRoot() throws {
        if let first = catalog.firstRole {
            holder[origin.post] = nil
            for _ in 0..<2 { hold(origin.post, by: person(), from: start) }
            try signIn(first, origin.post)
        }
        for named in city.people {
            guard let role = catalog.role(named.role), role.seat == .grid(level: nil), !role.first else { continue }
            let post = addPost(role, roleName(role), gridID: origin.grid, path: .root)
            try signIn(named, post: post)
        }
    }

    private mutating func fillBuildings() throws {
        let role = try role(city.roles.building)
        var named = named(role.id)
        let home = city.people.first { $0.micro != nil }.flatMap { land.grid(third: $0.third, micro: $0.micro)?.id }
        for building in land.buildings where building.compound != nil {
            let post = chance.id(at: start)
            addPostRow(post, role, "\(building.name) \(roleName(role))", place: building.id, path: land.grids[building.grid].path)
            if let person = named, land.grids[building.grid].id == home {
                try signIn(person, post: post)
                named = nil
            } else if !chance.chance(0.04), let leader = answering[building.grid].flatMap({ holder[$0] }) {
                hold(post, by: leader, from: start)
            }
        }
    }

    /// Shifts around the day of the demo: the desks day and night, the working grids by day, some in the evening.
    private mutating func fillDuty() {
        var rota = Seeded("duty")
        for (index, grid) in land.grids.enumerated() where grid.depth <= 3 {
            guard let post = answering[index], let person = holder[post] else { continue }
            let evening = rota.chance(0.35)
            guard grid.depth < 3 || evening || rota.chance(0.85) else { continue }
            let (from, hours): (Int64, Int64) = grid.depth < 3 ? (8, 24) : evening ? (16, 8) : (8, 10)
            for day in -14..<14 {
                let start = Instant(land.content.day + day, in: catalog.platform.zone) + .hours(from)
                holdings.add(rota.id(at: start), post, person, start, start + .hours(hours), Holding.Sort.duty.rawValue)
            }
        }
    }

    // MARK: Rows

    private func role(_ id: String) throws -> Role {
        guard let role = catalog.role(id) else { throw DemoFailure.content("city.yaml: no role \(id) in the catalog") }
        return role
    }

    private func roleName(_ role: Role) -> String { catalog.strings.text(role.nameKey, .chinese) }
    private func named(_ role: String) -> DemoContent.Person? { city.people.first { $0.role == role } }

    private mutating func addPost(
        _ role: Role, _ name: String, grid: LandGrid? = nil, gridID: UUIDv7? = nil, unit: UUIDv7? = nil, path: Path? = nil
    ) -> UUIDv7 {
        let id = chance.id(at: start)
        addPostRow(id, role, name, grid: grid?.id ?? gridID, unit: unit, path: grid?.path ?? path ?? .root)
        return id
    }

    private mutating func addPostRow(
        _ id: UUIDv7, _ role: Role, _ name: String, grid: UUIDv7? = nil, unit: UUIDv7? = nil, place: UUIDv7? = nil, path: Path
    ) {
        postRows.add(id, role.id, name, grid, unit, place, role.seats.rawValue, path, Day.beginning, Day.end)
    }

    private mutating func person() -> UUIDv7 { person(naming.person()) }

    private mutating func person(_ name: String) -> UUIDv7 {
        let id = chance.id(at: start)
        // A number that no exchange gives out, for signs and links.
        let phone = "000-1234 \(1000 + (Int(id.bytes[14]) << 8 | Int(id.bytes[15])) % 9000)"
        persons.add(id, name, phone as String?, Language.chinese.rawValue, start)
        return id
    }

    private mutating func hold(_ post: UUIDv7, by person: UUIDv7, from: Instant, to: Instant? = nil) {
        holdings.add(chance.id(at: from), post, person, from, to, Holding.Sort.regular.rawValue)
        if to == nil, holder[post] == nil { holder[post] = person }
    }

    /// Held by one person all the time, or by a second one after a change.
    private mutating func holdChanging(_ post: UUIDv7) {
        guard chance.chance(0.05) else { return hold(post, by: person(), from: start) }
        let change = start + .days(Int64(chance.int(60..<380)))
        hold(post, by: person(), from: start, to: change)
        hold(post, by: person(), from: change)
    }

    private mutating func signIn(_ role: Role, _ post: UUIDv7) throws {
        guard let named = named(role.id) else { throw DemoFailure.content("city.yaml: nobody signs in as \(role.id)") }
        try signIn(named, post: post)
    }

    private mutating func signIn(_ named: DemoContent.Person, post: UUIDv7) throws {
        let person = person(named.name)
        hold(post, by: person, from: start)
        holder[post] = person
        signIns.append(DemoSignIn(role: named.role, name: named.account, password: named.password, person: PersonID(person)))
    }
}
