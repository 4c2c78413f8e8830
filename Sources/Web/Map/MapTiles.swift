import Basics
import Geo
import Grids
import Ledger
import Matters
import Posts
import Store

/// Grids: what they are, their base colour, and whether they lie on top of others that are seen through.
enum GridTile {
    /// The zoom from which a level is seen, by how many levels it is above the deepest.
    private static let from = [13, 9, 7]

    static func layer(_ tile: Tile, of day: LandDay) -> VectorTile.Layer {
        var layer = VectorTile.Layer(Tiles.Layer.grids.rawValue)
        let frame = TileFrame(tile)
        let deepest = day.deepest
        let tints = day.tints
        for place in day.meeting(frame.box).sorted() {
            let ref = day.refs[place]
            let above = deepest - ref.rank
            guard !ref.grid.isRoot, above >= from.count || tile.z >= from[above] else { continue }
            layer.add(
                frame.areas(day.shapes[place]),
                [
                    "id": .text(ref.id.description), "code": .text(ref.code), "name": .text(ref.name), "level": .text(ref.level),
                    "rank": .whole(Int64(ref.rank)), "leaf": .flag(above == 0), "color": .whole(Int64(tints[place])),
                    "nature": ref.nature.map { .text($0) }, "path": .text(ref.path.text),
                ])
        }
        return layer
    }
}

/// Streets and buildings of the ledger, without any fact but a street's name.
enum GroundTile {
    /// Nearer than this buildings are seen, further off they would be specks.
    static let buildingsFrom = 15
    static let streetsFrom = 13

    static func layer(_ tile: Tile, _ kind: Tiles.Layer, _ house: House, at now: Instant, in tx: Transaction) throws -> VectorTile.Layer {
        var layer = VectorTile.Layer(kind.rawValue)
        let frame = TileFrame(tile)
        let isBuildings = kind == .buildings
        guard tile.z >= (isBuildings ? buildingsFrom : streetsFrom) else { return layer }
        let shapes = try house.ledger.shapes(in: frame.box, on: now.day(in: house.zone), areas: isBuildings, in: tx)
        if isBuildings {
            for shape in shapes.areas { layer.add(frame.areas(shape), [:]) }
        } else {
            for line in shapes.lines { layer.add(frame.lines(line.shape), ["name": .text(line.name)]) }
        }
        return layer
    }
}

/// Where posts sit that are at work now: one dot a grid, in the middle of it, and never where anybody is.
enum DutyTile {
    static func layer(_ tile: Tile, _ house: House, for actor: Actor, at now: Instant, in tx: Transaction) throws -> VectorTile.Layer {
        var layer = VectorTile.Layer(Tiles.Layer.duty.rawValue)
        let frame = TileFrame(tile)
        let scope = try house.posts.scope(of: actor, .figures, at: house.time.now, in: tx)
        let day = try house.grids.land(in: tx).on()
        let near = Set(day.meeting(frame.box).map { day.refs[$0].path })
        let here = Dictionary(grouping: try house.posts.onDuty(below: scope.prefixes, seated: near, at: now, in: tx), by: \.post.path)
        for (path, posts) in here.sorted(by: { $0.key < $1.key }) {
            guard let ref = day[path], !ref.grid.isRoot, let place = day.shape(of: ref.id).labelPoint,
                tile.cells.contains(Cell(place).code),
                let at = frame.point(place)
            else { continue }
            layer.add(
                .point(at), ["grid": .text(ref.id.description), "rank": .whole(Int64(ref.rank)), "posts": .whole(Int64(posts.count))])
        }
        return layer
    }
}

/// Marks, and where many lie together one cluster with how many of each. Every mark is in one tile and in one square of it, so none is
/// counted twice.
enum MatterTile {
    /// Squares of a tile's side are 2 to this power: as wide as a mark from afar, half as wide from near; from `aloneFrom` on every mark
    /// stands for itself.
    private static func fineness(_ zoom: Int) -> Int { zoom < 15 ? 4 : 5 }
    private static let aloneFrom = 17

    static func layer(_ tile: Tile, _ marks: [MapMark]) -> VectorTile.Layer {
        var layer = VectorTile.Layer(Tiles.Layer.matters.rawValue)
        let frame = TileFrame(tile)
        let shift = Int64(2 * max(0, Cell.zoom - tile.z - fineness(tile.z)))
        let squares = Dictionary(grouping: marks) { Cell($0.place).code >> shift }
        for (_, here) in squares.sorted(by: { $0.key < $1.key }) {
            if here.count > 1, tile.z < aloneFrom {
                add(here, to: &layer, frame)
            } else {
                for mark in here {
                    guard let at = frame.point(mark.place) else { continue }
                    layer.add(
                        .point(at),
                        ["id": .text(mark.id.description), "mark": .text(mark.mark.rawValue), "late": .flag(mark.isLate)])
                }
            }
        }
        return layer
    }

    private static func add(_ marks: [MapMark], to layer: inout VectorTile.Layer, _ frame: TileFrame) {
        let points = marks.compactMap { frame.point($0.place) }
        guard !points.isEmpty else { return }
        let middle = TilePoint(x: points.reduce(0) { $0 + $1.x } / points.count, y: points.reduce(0) { $0 + $1.y } / points.count)
        func count(_ mark: Mark) -> VectorTile.Value { .whole(Int64(marks.count { $0.mark == mark })) }
        layer.add(
            .point(middle),
            [
                "count": .whole(Int64(marks.count)), "none": count(.none), "red": count(.red), "yellow": count(.yellow),
                "green": count(.green), "late": .whole(Int64(marks.count { $0.isLate })),
            ])
    }
}
