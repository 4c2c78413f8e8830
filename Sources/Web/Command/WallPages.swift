import Basics
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// The address of one screen on a wall, as its path carries it. It is the whole authority: no session comes from it, and none adds to it.
struct WallDoor: Sendable {
    let wall: Wall
    let token: String
    let actor: Actor

    /// - Throws: *ended* for an address that opens nothing (any more).
    static func open(_ call: Call) async throws -> WallDoor {
        let token = try call.parameter("wall")
        let (house, now) = (call.house, call.now)
        let wall = try await house.database.read { try house.posts.wall(token, at: now, in: $0) }
        guard let wall, let actor = wall.actor else { throw PlainRefusal("wall.ended", sort: .missing) }
        return WallDoor(wall: wall, token: token, actor: actor)
    }
}

/// What a screen on a wall is given: the battle map of its land with marks and figures; no name of a person, no words of a matter that is
/// not open to all, no link and no form.
enum WallPages {
    static func declare(_ routes: inout Routes) {
        routes.route(.get, Paths.wall, needs: .link, show)
        routes.route(.get, Paths.wallPiece, needs: .link, piece)
        routes.route(.get, Paths.wallPicture, needs: .link, picture)
        routes.route(.get, Paths.wallTile, needs: .link, tile)
        routes.route(.get, Paths.wallLive, needs: .link, live)
        routes.route(.get, Paths.walls, needs: .walls, WallsPage.show)
        routes.route(.post, Paths.walls, needs: .walls, WallsPage.make)
        routes.route(.post, Paths.wallEnd, needs: .walls, WallsPage.end)
    }

    static func show(_ call: Call) async throws -> Response { try await BattlePage.show(call, wall: WallDoor.open(call)) }
    static func picture(_ call: Call) async throws -> Response { try await BattlePage.picture(call, wall: WallDoor.open(call)) }

    static func piece(_ call: Call) async throws -> Response {
        let (wall, name) = (try await WallDoor.open(call), try call.parameter("piece"))
        guard ["battle-figures", "battle-now"].contains(name) else { throw Call.missing }
        return try await CommandPage.piece(name, call, wall: wall)
    }

    static func tile(_ call: Call) async throws -> Response {
        let wall = try await WallDoor.open(call)
        return try await Tiles.show(call, for: wall.actor)
    }

    static func live(_ call: Call) async throws -> Response {
        let door = try await WallDoor.open(call)
        let (house, token) = (call.house, door.token)
        return Live.stream(call, to: .wall(door.wall.id, door.actor)) { tx in try house.posts.wall(token, at: house.time.now, in: tx) != nil
        }
    }
}

/// Where screens are made and ended, by whoever may publish on the land.
enum WallsPage {
    static func show(_ call: Call) async throws -> Response { try await page(call) }

    static func make(_ call: Call) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let (posts, form) = (call.house.posts, call.form)
        let id = WallID(UUIDv7(form["act"]) ?? UUIDv7(at: call.now))
        let act = Act(id: id.uuid.derived("wall"), at: call.now, actor: session.actor)
        do {
            guard let grid = GridID(form["grid"]) else { throw PostsRefusal.unknownGrid }
            try await call.house.database.write { tx in try posts.addWall(id, name: form["name"], grid: grid, act: act, in: tx) }
        } catch let refusal as PostsRefusal where refusal != .notAllowed {
            return try await page(call, refused: refusal)
        }
        return call.redirect(to: Paths.walls + "#" + id.description)
    }

    static func end(_ call: Call) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let (posts, id) = (call.house.posts, try call.id("screen", as: WallID.self))
        let act = Act(id: UUIDv7(call.form["act"]) ?? UUIDv7(at: call.now), at: call.now, actor: session.actor)
        try await call.house.database.write { tx in try posts.endWall(id, act: act, in: tx) }
        return call.redirect(to: Paths.walls)
    }

    private static func page(_ call: Call, refused: PostsRefusal? = nil) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let (house, now) = (call.house, call.now)
        let view: View = try await house.database.read { tx in
            let land = try LandView(house, in: tx)
            let book = try house.posts.book(in: tx)
            let scope = house.posts.scope(of: session.actor, .publish, at: now, book: book)
            let walls = try house.posts.walls(for: session.actor, at: now, in: tx)
            var view: View = [
                "walls": try walls.map { wall -> View in
                    let url = house.settings.publicURL + Paths.wall(try house.posts.token(of: wall.id, in: tx))
                    return [
                        "id": wall.id.description, "name": wall.name, "grid": land.grid(wall.grid)?.name ?? call.say("command.ended"),
                        "url": url,
                        "post": book.posts[wall.post]?.name ?? "", "made": call.times.moment(wall.madeAt), "end": Paths.wallEnd(wall.id),
                        "act": UUIDv7(at: now).description, "endName": call.say("walls.end.of", ["name": wall.name]),
                    ]
                },
                "any": !walls.isEmpty, "act": UUIDv7(at: now).description, "name": call.form["name"],
                "lands": options(land, scope, chosen: call.form["grid"].isEmpty ? call.query("grid") : call.form["grid"], call),
                "who": session.actor.heldPosts.first.flatMap { book.posts[$0.post]?.name } ?? "", "path": Paths.walls,
            ]
            if session.opens(.command) { view["mapHref"] = Paths.commandMap }
            if let refused { view["refused"] = call.say(refused) }
            return view
        }
        return try call.page(
            "command/walls", title: call.say("walls.title"), view, status: refused.map { $0.sort.status } ?? .ok)
    }

    /// Grids that a screen may show: down to those that are large enough to fill one.
    private static func options(_ land: LandView, _ scope: Scope, chosen: String, _ call: Call) -> [View] {
        let deepest = land.today.deepest
        return scope.prefixes.flatMap { land.today.subtree($0) }.filter { $0.rank < deepest || $0.path == scope.prefixes.first }.prefix(600)
            .map { ref in
                let name = ref.grid.isRoot && ref.name.isEmpty ? call.say("level.\(ref.level)") : ref.name
                var view: View = ["id": ref.id.description, "name": String(repeating: "　", count: ref.rank) + name]
                if ref.id.description == chosen { view["selected"] = true }
                return view
            }
    }
}

extension Paths {
    static let walls = "/walls"
    static let wallEnd = "/walls/:screen/end"
    static func wallEnd(_ id: WallID) -> String { "/walls/\(id)/end" }
    static let wall = "/wall/:wall"
    static func wall(_ token: String) -> String { "/wall/\(token)" }
    static let wallPiece = "/wall/:wall/pieces/:piece"
    static let wallPicture = "/wall/:wall/map.svg"
    static let wallTile = "/wall/:wall/tiles/:layer/:z/:x/:y"
    static let wallLive = "/wall/:wall/live"
}
