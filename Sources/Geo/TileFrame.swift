/// A place within a tile: whole steps east and south of its north-west corner.
package struct TilePoint: Hashable, Sendable {
    package let x: Int
    package let y: Int

    package init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}

/// Brings shapes into a tile: projects, cuts at its border and makes whole numbers of it.
///
/// Areas and lines reach a little over the border, so that no seam shows where tiles meet. A point belongs to one tile only.
package struct TileFrame: Sendable {
    package static let extent = 4096
    private static let margin = 96.0

    package let tile: Tile
    private let side: Double
    private let near: NearMercator

    package init(_ tile: Tile) {
        self.tile = tile
        side = Double(1 << tile.z)
        let box = tile.box
        near = NearMercator(lat: (box.south + box.north) / 2)
    }

    /// What has to be looked at, with the margin.
    package var box: Box {
        let box = tile.box
        let (x, y) = (box.width * Self.margin / Double(Self.extent), box.height * Self.margin / Double(Self.extent))
        return Box(west: box.west - x, south: box.south - y, east: box.east + x, north: box.north + y)
    }

    func spot(_ place: Coordinate) -> (x: Double, y: Double) {
        let (x, y) = near.position(of: place)
        return ((x * side - Double(tile.x)) * Double(Self.extent), (y * side - Double(tile.y)) * Double(Self.extent))
    }

    /// Nil when the place lies in another tile.
    package func point(_ place: Coordinate) -> TilePoint? {
        let (x, y) = spot(place)
        // Only beside the border it has to be asked exactly.
        let isWithin = x > 1 && y > 1 && x < Double(Self.extent - 1) && y < Double(Self.extent - 1)
        guard isWithin || Tile(holding: place, zoom: tile.z) == tile else { return nil }
        return TilePoint(x: min(max(Int(x), 0), Self.extent - 1), y: min(max(Int(y), 0), Self.extent - 1))
    }

    /// Polygons with their holes; what is too small to be seen is left out.
    package func areas(_ shape: MultiPolygon) -> VectorTile.Shape {
        .polygons(
            shape.polygons.compactMap { polygon in
                guard let outer = ring(polygon.outer) else { return nil }
                return [outer] + polygon.holes.compactMap(ring)
            })
    }

    private func ring(_ ring: Ring) -> [TilePoint]? {
        var points: [(x: Double, y: Double)] = []
        points.reserveCapacity(ring.points.count)
        var (west, north, east, south) = (Double.infinity, Double.infinity, -Double.infinity, -Double.infinity)
        for place in ring.points.dropLast() {
            let at = spot(place)
            (west, east) = (min(west, at.x), max(east, at.x))
            (north, south) = (min(north, at.y), max(south, at.y))
            points.append(at)
        }
        guard points.count > 2, west <= Self.high, east >= Self.low, north <= Self.high, south >= Self.low else { return nil }
        if west < Self.low { points = Self.cut(points, .west) }
        if east > Self.high, points.count > 2 { points = Self.cut(points, .east) }
        if north < Self.low, points.count > 2 { points = Self.cut(points, .north) }
        if south > Self.high, points.count > 2 { points = Self.cut(points, .south) }
        guard points.count > 2 else { return nil }
        var whole = Self.whole(points)
        if whole.count > 1, whole.first == whole.last { whole.removeLast() }
        return whole.count > 2 ? whole : nil
    }

    /// The pieces of a line within the tile.
    package func lines(_ lines: [[Coordinate]]) -> VectorTile.Shape {
        var pieces: [[TilePoint]] = []
        for line in lines {
            var piece: [(x: Double, y: Double)] = []
            func close() {
                let whole = Self.whole(piece)
                if whole.count > 1 { pieces.append(whole) }
                piece = []
            }
            let spots = line.map(spot)
            for (a, b) in zip(spots, spots.dropFirst()) {
                guard let (from, to) = Self.inside(a, b) else {
                    close()
                    continue
                }
                if piece.isEmpty { piece.append(from) }
                piece.append(to)
                if to != b { close() }
            }
            close()
        }
        return .lines(pieces)
    }

    // MARK: - Cutting

    private enum Side { case west, east, north, south }
    private static let low = -margin
    private static let high = Double(extent) + margin

    /// Sutherland and Hodgman: what of a ring lies on the inner side of one border.
    private static func cut(_ points: [(x: Double, y: Double)], _ side: Side) -> [(x: Double, y: Double)] {
        func isInside(_ p: (x: Double, y: Double)) -> Bool {
            switch side {
            case .west: p.x >= low
            case .east: p.x <= high
            case .north: p.y >= low
            case .south: p.y <= high
            }
        }
        var result: [(x: Double, y: Double)] = []
        var before = points[points.count - 1]
        for point in points {
            if isInside(point) != isInside(before) {
                switch side {
                case .west, .east:
                    let x = side == .west ? low : high
                    result.append((x, before.y + (point.y - before.y) * (x - before.x) / (point.x - before.x)))
                case .north, .south:
                    let y = side == .north ? low : high
                    result.append((before.x + (point.x - before.x) * (y - before.y) / (point.y - before.y), y))
                }
            }
            if isInside(point) { result.append(point) }
            before = point
        }
        return result
    }

    /// Liang and Barsky: the part of a straight piece that lies within.
    private static func inside(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double)) -> (
        (x: Double, y: Double), (x: Double, y: Double)
    )? {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        var (first, last) = (0.0, 1.0)
        for (step, room) in [(-dx, a.x - low), (dx, high - a.x), (-dy, a.y - low), (dy, high - a.y)] {
            if step == 0 {
                if room < 0 { return nil }
            } else if step < 0 {
                first = max(first, room / step)
            } else {
                last = min(last, room / step)
            }
        }
        guard first <= last else { return nil }
        return (first == 0 ? a : (a.x + first * dx, a.y + first * dy), last == 1 ? b : (a.x + last * dx, a.y + last * dy))
    }

    private static func whole(_ points: [(x: Double, y: Double)]) -> [TilePoint] {
        var whole: [TilePoint] = []
        whole.reserveCapacity(points.count)
        let shift = margin + 1.5
        var last: TilePoint?
        for point in points {
            // To the nearest, without a call for each: nothing lies further out than the margin.
            let next = TilePoint(x: Int(point.x + shift) - Int(shift), y: Int(point.y + shift) - Int(shift))
            if last != next { whole.append(next) }
            last = next
        }
        return whole
    }
}
