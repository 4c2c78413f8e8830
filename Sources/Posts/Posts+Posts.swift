import Basics
import Catalog
import Grids
import Store

/// A post to be made. Its land follows from its seat, its number of seats from its role.
package struct NewPost: Sendable {
    package let id: PostID
    package let role: RoleID
    package let name: String
    package let seat: Seat
    package let from: Day

    package init(id: PostID, role: RoleID, name: String, seat: Seat, from: Day = .beginning) {
        self.id = id
        self.role = role
        self.name = name
        self.seat = seat
        self.from = from
    }
}

extension Posts {
    /// Adds a post; the same id again changes nothing.
    /// - Throws: `PostsRefusal.notAllowed`, `.nameMissing`, `.unknownRole`, `.wrongSeat`, `.unknownGrid`, `.unknownUnit`.
    package func addPost(_ new: NewPost, act: Act, in tx: Transaction) throws {
        try tx.lock(new.id)
        if try tx.exists("SELECT 1 FROM post WHERE id = \(new.id)") { return }
        guard let role = try roles()[new.role] else { throw PostsRefusal.unknownRole }
        try fits(new.seat, role, in: tx)
        let path = try path(of: new.seat, in: tx)
        try require(.administer, on: path, act: act, in: tx)
        let name = try Self.named(new.name)
        let (grid, unit, place): (UUIDv7?, UUIDv7?, UUIDv7?) =
            switch new.seat {
            case .grid(let id): (id.uuid, nil, nil)
            case .unit(let id): (nil, id.uuid, nil)
            case .place(let id): (nil, nil, id)
            }
        try tx.run(
            """
            INSERT INTO post (id, role, name, grid_id, unit_id, place_id, seats, path_now, from_day, to_day)
            VALUES (\(new.id), \(new.role), \(name), \(grid), \(unit), \(place), \(role.seats), \(path), \(new.from), \(Day.end))
            """)
        try changed(in: tx)
        try tx.record(act.entry("post.added", subject: "post", id: new.id.uuid, path: path, detail: ["role": new.role]))
    }

    /// A role says where its posts sit; a grid role sits at grids of its level only.
    private func fits(_ seat: Seat, _ role: Role, in tx: Transaction) throws {
        let fits: Bool
        switch (role.seat, seat) {
        case (.grid(let level), .grid(let id)):
            fits = try tx.exists("SELECT 1 FROM grid WHERE id = \(id) AND level = \(level ?? Level.root)")
        case (.unit(let unitClass), .unit(let id)):
            fits = try tx.exists("SELECT 1 FROM unit WHERE id = \(id) AND class = \(unitClass)")
        case (.place(let register), .place(let id)):
            fits = try tx.exists("SELECT 1 FROM record WHERE id = \(id) AND register = \(register)")
        default: fits = false
        }
        guard fits else { throw PostsRefusal.wrongSeat }
    }

    package func renamePost(_ id: PostID, to name: String, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        let post = try post(id, in: tx)
        try require(.administer, on: post.path, act: act, in: tx)
        let name = try Self.named(name)
        guard name != post.name else { return }
        try tx.run("UPDATE post SET name = \(name) WHERE id = \(id)")
        try changed(in: tx)
        try tx.record(act.entry("post.renamed", subject: "post", id: id.uuid, path: post.path))
    }

    /// Ends a post from the beginning of a day: its holdings end then, its parts fall to the successor, else upward.
    /// - Throws: `PostsRefusal.ended`, `.datesContradict`, `.unknownPost` (the successor).
    package func endPost(_ id: PostID, on day: Day, successor: PostID? = nil, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        let post = try post(id, in: tx)
        try require(.administer, on: post.path, act: act, in: tx)
        guard post.to != day else { return }
        guard post.to == .end else { throw PostsRefusal.ended }
        guard day > post.from, successor != id else { throw PostsRefusal.datesContradict }
        if let successor {
            try requireBeside(self.post(successor, in: tx).path, post.path, act: act, in: tx)
            try succeed(id.uuid, by: successor.uuid, act: act, in: tx)
        }
        let end = Instant(day, in: zone)
        try tx.run("UPDATE post SET to_day = \(day) WHERE id = \(id)")
        try tx.run("UPDATE holding SET to_at = \(end) WHERE post_id = \(id) AND from_at < \(end) AND (to_at IS NULL OR to_at > \(end))")
        try tx.run("DELETE FROM holding WHERE post_id = \(id) AND from_at >= \(end)")
        try changed(in: tx)
        try tx.record(act.entry("post.ended", subject: "post", id: id.uuid, path: post.path, detail: ["on": "\(day)"]))
    }
}
