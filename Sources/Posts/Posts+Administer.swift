import Basics
import Catalog
import Store

/// What the acts of administrators have in common.
extension Posts {
    /// - Throws: `PostsRefusal.notAllowed` unless the actor has the right on that land. The system (import, demo, command) has it.
    func require(_ group: VerbGroup, on path: Path, act: Act, in tx: Transaction) throws {
        if act.actor.isSystem { return }
        guard try may(act.actor, group, on: path, at: act.at, in: tx) else { throw PostsRefusal.notAllowed }
    }

    /// A name without outer spaces, at most 100 characters.
    static func named(_ text: String) throws -> String {
        let name = text.trimmingSpaces
        guard !name.isEmpty else { throw PostsRefusal.nameMissing }
        return String(name.prefix(100))
    }

    func today(_ act: Act) -> Day { act.at.day(in: zone) }

    func unit(_ id: UnitID, in tx: Transaction) throws -> WorkUnit {
        guard let unit = try tx.first("SELECT \(sql: WorkUnit.columns) FROM unit WHERE id = \(id)", WorkUnit.init) else {
            throw PostsRefusal.unknownUnit
        }
        return unit
    }

    package func post(_ id: PostID, in tx: Transaction) throws -> Post {
        guard let post = try tx.first("SELECT \(sql: Post.columns) FROM post WHERE id = \(id)", Post.init) else {
            throw PostsRefusal.unknownPost
        }
        return post
    }

    /// The land a unit belongs to; the root for none.
    func path(of unit: WorkUnit, in tx: Transaction) throws -> Path {
        guard let grid = unit.grid else { return .root }
        return try tx.first("SELECT path FROM grid_path WHERE grid_id = \(grid) AND to_day = \(Day.end)") { try $0[0] } ?? .root
    }

    func path(of seat: Seat, in tx: Transaction) throws -> Path {
        switch seat {
        case .unit(let id):
            return try path(of: unit(id, in: tx), in: tx)
        case .grid(let id):
            guard let path = try tx.first("SELECT path FROM grid_path WHERE grid_id = \(id) AND to_day = \(Day.end)", { try $0[0] as Path })
            else {
                throw PostsRefusal.unknownGrid
            }
            return path
        case .place(let id):
            guard let path = try tx.first("SELECT path_now FROM record WHERE id = \(id)", { try $0[0] as Path }) else {
                throw PostsRefusal.wrongSeat
            }
            return path
        }
    }
}
