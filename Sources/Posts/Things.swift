import Basics
import Grids
import Store

/// A body that can hold work 单位: office, department, task group, branch, club, partner… (`unit` alone is Foundation's word.)
package struct WorkUnit: Sendable, Hashable {
    package let id: UnitID
    package let code: String?
    package let name: String
    /// Catalog id of its sort.
    package let unitClass: String
    package let parent: UnitID?
    /// Inside the administration; an outside unit never has land, remit or search.
    package let inside: Bool
    /// The land it belongs to, if any: a subdistrict's department, a community's committee.
    package let grid: GridID?
    package let from: Day
    package let to: Day

    package init(
        id: UnitID, code: String? = nil, name: String, unitClass: String, parent: UnitID? = nil, inside: Bool = true, grid: GridID? = nil,
        from: Day = .beginning, to: Day = .end
    ) {
        self.id = id
        self.code = code
        self.name = name
        self.unitClass = unitClass
        self.parent = parent
        self.inside = inside
        self.grid = grid
        self.from = from
        self.to = to
    }

    init(_ row: Row) throws {
        self.init(
            id: try row["id"], code: try row["code"], name: try row["name"], unitClass: try row["class"], parent: try row["parent_id"],
            inside: try row["inside"], grid: try row["grid_id"], from: try row["from_day"], to: try row["to_day"])
    }

    static let columns: SQL = "id, code, name, class, parent_id, inside, grid_id, from_day, to_day"
}

/// Where a post sits: exactly one of these.
package enum Seat: Sendable, Hashable {
    case grid(GridID)
    case unit(UnitID)
    /// A record of the ledger: building, compound.
    case place(UUIDv7)
}

package struct Post: Sendable, Hashable {
    package enum Seats: String, Sendable, CaseIterable { case one, many }

    package let id: PostID
    package let role: RoleID
    package let name: String
    package let seat: Seat
    package let seats: Seats
    /// Moved with the land.
    package internal(set) var path: Path
    package let from: Day
    package let to: Day

    package init(
        id: PostID, role: RoleID, name: String, seat: Seat, seats: Seats, path: Path, from: Day = .beginning, to: Day = .end
    ) {
        self.id = id
        self.role = role
        self.name = name
        self.seat = seat
        self.seats = seats
        self.path = path
        self.from = from
        self.to = to
    }

    init(_ row: Row) throws {
        let grid: GridID? = try row["grid_id"]
        let unit: UnitID? = try row["unit_id"]
        let seat: Seat = if let grid { .grid(grid) } else if let unit { .unit(unit) } else { .place(try row["place_id"]) }
        self.init(
            id: try row["id"], role: try row["role"], name: try row["name"], seat: seat, seats: try row["seats"], path: try row["path_now"],
            from: try row["from_day"], to: try row["to_day"])
    }

    static let columns: SQL = "id, role, name, grid_id, unit_id, place_id, seats, path_now, from_day, to_day"

    /// The order of the land.
    static func byLand(_ a: Post, _ b: Post) -> Bool { (a.path, a.id) < (b.path, b.id) }

    package var unit: UnitID? { if case .unit(let id) = seat { id } else { nil } }
    package var grid: GridID? { if case .grid(let id) = seat { id } else { nil } }
    package var place: UUIDv7? { if case .place(let id) = seat { id } else { nil } }
}

/// One person on one post 任职.
package struct Holding: Sendable, Hashable {
    /// `acting` and `duty` may stand beside a regular holder; `posting` 下沉 keeps the person's own post.
    package enum Sort: String, Sendable, CaseIterable { case regular, acting, duty, posting }

    package let id: HoldingID
    package let post: PostID
    package let person: PersonID
    package let from: Instant
    /// Nil while it has no end.
    package let to: Instant?
    package let sort: Sort

    package init(id: HoldingID, post: PostID, person: PersonID, from: Instant, to: Instant? = nil, sort: Sort = .regular) {
        self.id = id
        self.post = post
        self.person = person
        self.from = from
        self.to = to
        self.sort = sort
    }

    init(_ row: Row) throws {
        self.init(
            id: try row["id"], post: try row["post_id"], person: try row["person_id"], from: try row["from_at"], to: try row["to_at"],
            sort: try row["sort"])
    }

    static let columns: SQL = "id, post_id, person_id, from_at, to_at, sort"

    package func holds(at instant: Instant) -> Bool { from <= instant && (to.map { instant < $0 } ?? true) }
}

/// Who has which subject on which land, from day to day: routing table, duty list and a department's view in one.
package struct Remit: Sendable, Hashable {
    package enum Owner: Sendable, Hashable {
        case unit(UnitID)
        case post(PostID)
    }

    /// The subject that stands for all.
    package static let anySubject = "*"

    package let id: RemitID
    package let owner: Owner
    /// Category, register or round tag, or `anySubject`.
    package let subject: String
    package let path: Path
    package let from: Day
    package let to: Day

    package init(id: RemitID, owner: Owner, subject: String, path: Path, from: Day = .beginning, to: Day = .end) {
        self.id = id
        self.owner = owner
        self.subject = subject
        self.path = path
        self.from = from
        self.to = to
    }

    init(_ row: Row) throws {
        let unit: UnitID? = try row["unit_id"]
        let owner: Owner = if let unit { .unit(unit) } else { .post(try row["post_id"]) }
        self.init(
            id: try row["id"], owner: owner, subject: try row["subject"], path: try row["path"], from: try row["from_day"],
            to: try row["to_day"])
    }

    static let columns: SQL = "id, unit_id, post_id, subject, path, from_day, to_day"

    package func holds(on day: Day) -> Bool { from <= day && day < to }
}

/// How far a row may be seen; every kind of matter names one.
package enum Privacy: String, Sendable, CaseIterable, Codable { case open, inside, confidential }
