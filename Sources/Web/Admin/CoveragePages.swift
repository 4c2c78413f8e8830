import Basics
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Ledger
import Posts
import Store

/// What wants attention (row A6): grids without a leader, vacant posts, buildings without a head; each row leads to filling it.
enum CoveragePages {
    enum Kind: String, CaseIterable, Sendable { case leaderless, vacant, headless }

    private static let few = 6
    private static let rows = 30

    static func home(_ call: Call) async throws -> Response {
        guard call.session?.groups.contains(.administer) == true else {
            if call.session?.opens(.audit) == true { return call.redirect(to: Paths.adminJournal) }
            guard call.session?.groups.contains(.security) == true else { throw Permission.refusal }
            return call.redirect(to: Paths.adminPeople)
        }
        return try await AdminRoom.page(call, "home") { room, view in
            let top = try room.top()
            view["under"] = top.name
            view["atHome"] = true
            view["sections"] = try Kind.allCases.map { kind in
                let gap = try Self.gap(kind, under: top.path, limit: few, room)
                var section = Self.head(kind, gap, room)
                section["rows"] = gap.items
                section["all"] = Paths.adminGaps(kind.rawValue)
                if gap.missing > gap.items.count { section["more"] = room.say("admin.gap.more", ["count": "\(gap.missing)"]) }
                return section
            }
            return room.say("admin.title")
        }
    }

    /// One list whole, by subtree, thirty rows a page.
    static func list(_ call: Call) async throws -> Response {
        guard let kind = Kind(rawValue: try call.parameter("kind")) else { throw Call.missing }
        let page = min(max((Int(call.query("page")) ?? 1) - 1, 0), 1000)
        return try await AdminRoom.page(call, "gaps") { room, view in
            let grid = try GridID(call.query("grid")).flatMap { room.today[$0] } ?? room.top()
            try room.require(grid.path)
            let gap = try Self.gap(kind, under: grid.path, limit: (page + 1) * rows, room)
            view["section"] = Self.head(kind, gap, room)
            view["rows"] = Array(gap.items.dropFirst(page * rows))
            view["land"] = room.landOptions(selected: grid.id.description)
            view["here"] = Paths.adminGaps(kind.rawValue)
            func link(_ page: Int) -> View {
                [
                    "href": Paths.adminGaps(kind.rawValue) + "?"
                        + URLEncoded.encoded([("grid", grid.id.description), ("page", "\(page + 1)")])
                ]
            }
            if page > 0 { view["before"] = link(page - 1) }
            if gap.missing > (page + 1) * rows { view["after"] = link(page + 1) }
            return room.say("admin.gap.\(kind.rawValue)")
        }
    }

    private static func head(_ kind: Kind, _ gap: Gap<View>, _ room: AdminRoom) -> View {
        var head: View = [
            "name": room.say("admin.gap.\(kind.rawValue)"), "missing": gap.missing,
            "total": room.say("admin.gap.\(kind.rawValue).total", ["count": "\(gap.total)"]),
        ]
        if gap.missing == 0 { head["none"] = room.say("admin.gap.\(kind.rawValue).none") }
        return head
    }

    private static func gap(_ kind: Kind, under path: Path, limit: Int, _ room: AdminRoom) throws -> Gap<View> {
        switch kind {
        case .leaderless:
            let gap = try room.house.posts.leaderlessGrids(under: path, at: room.now, limit: limit, in: room.tx)
            return gap.map { item in
                var row: View = [
                    "href": Paths.adminGrid(item.grid), "name": item.name, "note": room.levelName(item.level) + " " + (item.code ?? ""),
                    "fill": item.post.map { Paths.adminPost($0) + "#begin" } ?? Paths.adminGrid(item.grid) + "#add",
                ]
                if let by = room.book.answering(at: item.path, on: room.now)?.by { row["by"] = room.answers(by) }
                return row
            }
        case .vacant:
            let gap = try room.house.posts.vacantPosts(under: path, at: room.now, limit: limit, in: room.tx)
            return try gap.map { item in
                var row: View = [
                    "href": Paths.adminPost(item.post.id), "name": item.post.name,
                    "note": room.roleName(item.post.role) + " " + (try room.seatName(item.post)),
                    "fill": Paths.adminPost(item.post.id) + "#begin",
                ]
                row["by"] = item.answeredBy.map(room.answers) ?? room.say("admin.answers.nobody")
                return row
            }
        case .headless:
            let gap = try room.house.ledger.headlessPlaces(under: path, at: room.now, limit: limit, in: room.tx)
            return gap.map { item in
                [
                    "href": Paths.adminPlace(item.record.uuid), "name": item.name, "note": room.gridName(item.path),
                    "fill": item.post.map { Paths.adminPost($0) + "#begin" } ?? Paths.adminPlace(item.record.uuid) + "#add",
                ]
            }
        }
    }
}

extension Gap {
    fileprivate func map<Other: Sendable>(_ change: (Item) throws -> Other) rethrows -> Gap<Other> {
        Gap<Other>(missing: missing, total: total, items: try items.map(change))
    }
}

extension AdminRoom {
    func answers(_ post: PostID) -> String { say("admin.answers", ["post": postName(post)]) }
}
