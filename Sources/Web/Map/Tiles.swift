import Basics
import Crypto
import Geo
import Grids
import Insight
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import NIOCore
import Store

/// `GET /tiles/{layer}/{z}/{x}/{y}.mvt`: vector tiles of the land and of the matters that the reader may see.
///
/// The land is the same for everybody and changes with its revision, which the address carries. Matters are the reader's own and are asked
/// for anew each time; nothing changed answers 304.
enum Tiles {
    enum Layer: String, CaseIterable { case grids, streets, buildings, matters, duty }

    static func declare(_ routes: inout Routes) {
        routes.route(.get, "/tiles/:layer/:z/:x/:y", needs: .command, show)
    }

    /// - Parameter wall: the key of the screen that asks; it has tiles of its own below its address.
    static func address(_ layer: Layer, wall: String? = nil) -> String {
        (wall.map { Paths.wall($0) } ?? "") + "/tiles/\(layer.rawValue)/{z}/{x}/{y}.mvt"
    }

    /// Below this zoom a tile would hold a whole region.
    static let zooms = 6...18

    static func show(_ call: Call) async throws -> Response {
        guard let actor = call.session?.actor else { throw Permission.refusal }
        return try await show(call, for: actor)
    }

    static func show(_ call: Call, for actor: Actor) async throws -> Response {
        guard let layer = Layer(rawValue: try call.parameter("layer")) else { throw Call.missing }
        let tile = try tile(call)
        let (house, now) = (call.house, call.now)
        let past = layer == .matters || layer == .duty ? try await call.moment() : nil
        let bytes = try await house.database.read { tx in
            let made =
                switch layer {
                case .grids: GridTile.layer(tile, of: try house.grids.land(in: tx).on())
                case .streets, .buildings: try GroundTile.layer(tile, layer, house, at: now, in: tx)
                case .matters: MatterTile.layer(tile, try marks(in: tile, call, for: actor, past: past, in: tx))
                case .duty: try DutyTile.layer(tile, house, for: actor, at: past?.at ?? now, in: tx)
                }
            return VectorTile([made]).bytes
        }
        return answer(bytes, call.request, keep: layer != .matters && layer != .duty && !call.query("land").isEmpty)
    }

    /// The marks of now, or of the moment that is looked back at: the tiles' and the picture's.
    static func marks(
        in tile: Tile, _ call: Call, for actor: Actor, past: (at: Instant, course: DayCourse)?, in tx: Transaction
    ) throws -> [MapMark] {
        let (house, now) = (call.house, call.now)
        if let past {
            return past.course.marks(in: tile, for: try house.posts.scope(of: actor, .see, at: now, in: tx), at: past.at)
        }
        return try house.matters.marks(
            in: tile, since: Instant(now.day(in: house.zone), in: house.zone), for: actor, at: now, in: tx)
    }

    /// The land without matters, for who looks after it and sees none.
    static func ground(_ call: Call) async throws -> Response {
        guard let layer = Layer(rawValue: try call.parameter("layer")), layer != .matters else { throw Call.missing }
        let tile = try tile(call)
        let (house, now) = (call.house, call.now)
        let bytes = try await house.database.read { tx in
            VectorTile([
                layer == .grids
                    ? GridTile.layer(tile, of: try house.grids.land(in: tx).on())
                    : try GroundTile.layer(tile, layer, house, at: now, in: tx)
            ]).bytes
        }
        return answer(bytes, call.request, keep: !call.query("land").isEmpty)
    }

    private static func tile(_ call: Call) throws -> Tile {
        let last = try call.parameter("y")
        guard last.hasSuffix(".mvt"), let z = Int(try call.parameter("z")), let x = Int(try call.parameter("x")),
            let y = Int(last.dropLast(4))
        else { throw Call.missing }
        let tile = Tile(z: z, x: x, y: y)
        guard zooms.contains(z), tile.exists else { throw Call.missing }
        return tile
    }

    private static func answer(_ bytes: [UInt8], _ request: Request, keep: Bool) -> Response {
        let tag = "\"\(Secret.hex(Array(SHA256.hash(data: bytes)).prefix(8)))\""
        var headers: HTTPFields = [.eTag: tag, .cacheControl: keep ? "private, max-age=86400" : "private, no-cache"]
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = "application/vnd.mapbox-vector-tile"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
