import Basics
import Catalog
import Geo
import Grids
import HTTPTypes
import HummingbirdCore
import NIOCore
import Posts
import Store

/// Which grids hold a point, and the post that answers there.
enum LocateAPI {
    static func show(_ call: Call) async throws -> Response {
        guard let lon = call.number("lon"), let lat = call.number("lat"), Coordinate(lon: lon, lat: lat).isOnEarth else {
            throw PlainRefusal("api.point")
        }
        let (house, day, now) = (call.house, try call.day("on"), call.now)
        let (land, book) = try await house.database.read { tx in (try house.grids.land(in: tx), try house.posts.book(in: tx)) }
        let chain = land.locate(Coordinate(lon: lon, lat: lat), on: day)
        let grids = chain.map { ref in
            Tree.object([
                ("id", .text(ref.id.description)), ("code", .text(ref.code)), ("name", .text(ref.name)), ("level", .text(ref.level)),
                ("level_name", .text(call.say("level.\(ref.level)"))), ("nature", .text(ref.nature)),
            ])
        }
        // Who answers is a thing of today, on the land of today.
        let path = land.locate(Coordinate(lon: lon, lat: lat)).last?.path ?? .root
        let answering = book.answering(at: path, on: now)
        let post: Tree =
            answering.flatMap { found in
                book.posts[found.post].map { post in
                    .object([
                        ("id", .text(post.id.description)), ("name", .text(post.name)), ("role", .text(post.role)),
                        ("role_name", .text(book.roles[post.role].map { call.say($0.nameKey) })), ("vacant", .flag(found.isVacant)),
                        ("answered_by", .text(found.by.flatMap { book.posts[$0]?.name })),
                    ])
                }
            } ?? .empty
        return call.tree(
            .object([("grids", .list(item: "grid", grids)), ("post", post), ("on", .text((day ?? house.grids.today).description))]))
    }
}

/// Boundaries as GeoJSON.
enum GridsAPI {
    static func show(_ call: Call) async throws -> Response {
        let house = call.house
        let day = try await house.database.read { [on = try call.day("on")] tx in try house.grids.land(in: tx).on(on) }
        var path = Path.root
        if !call.query("under").isEmpty {
            guard let top = GridID(call.query("under")).flatMap({ day[$0] }) ?? day.grid(code: call.query("under")) else {
                throw Call.missing
            }
            path = top.path
        }
        let level = call.query("level")
        let found = day.subtree(path).filter { !$0.grid.isRoot && (level.isEmpty || $0.level == level) }
        var out = "{\"type\":\"FeatureCollection\",\"features\":["
        for (index, ref) in found.enumerated() {
            let shape = day.shape(of: ref.id)
            let properties = Tree.object([
                ("code", .text(ref.code)), ("name", .text(ref.name)), ("level", .text(ref.level)),
                ("parent", .text(ref.parent.flatMap { day[$0]?.code })), ("nature", .text(ref.nature)),
            ])
            out += (index == 0 ? "" : ",\n") + "{\"type\":\"Feature\",\"id\":\"\(ref.id)\",\"properties\":\(properties.json),\"geometry\":"
            out += (shape.isEmpty ? "null" : GeoJSON.text(of: shape)) + "}"
        }
        out += "]}"
        return Response(
            status: .ok, headers: [.contentType: "application/geo+json; charset=utf-8"], body: .init(byteBuffer: .init(string: out)))
    }
}
