/// Finds the first of many shapes that holds a point, from memory: a raster of cells, each wholly of one shape, empty, or with the
/// short list of the edges that cross it and, for each shape, whether the cell's centre lies inside.
///
/// Shapes are closed: a point on a border is held by all that touch it. Of several that hold a point the one of lowest index wins,
/// so there is one answer, always the same.
package struct PolygonIndex: Sendable {
    /// Of a cell with borders in it.
    struct Bucket {
        var first: Int32
        var count: Int32
        /// The shape that fills the whole cell behind those of the entries; -1 for none.
        var base: Int32
    }

    /// A piece of one shape's border in one bucket: the edges between `corners[corner ... corner + count]`. The pieces of a shape follow one
    /// another, and all say the same of the centre.
    struct Entry {
        var shape: Int32
        var corner: Int32
        var count: Int32
        var centerInside: Bool
    }

    let west: Double
    let south: Double
    let columns: Int
    let rows: Int
    let cellWidth: Double
    let cellHeight: Double
    let perWidth: Double
    let perHeight: Double
    /// ≥ 0: the shape that fills the cell; -1: nothing; ≤ -2: bucket -2 - value.
    var cells: [Int32]
    var buckets: [Bucket]
    var entries: [Entry]
    /// Of all rings, one after the other, each closed by its first one.
    var corners: [Coordinate]

    // An odd share, so that no centre lies on a border whose places are round numbers.
    static let across = 0.487_130_917
    static let up = 0.512_870_631

    /// The index in `shapes` of the first one that holds the point; nil when none does.
    @inline(__always)
    package func locate(_ point: Coordinate) -> Int? {
        let found = find(point.lon, point.lat)
        return found < 0 ? nil : Int(found)
    }

    /// As `locate`, with -1 for none.
    package func find(_ x: Double, _ y: Double) -> Int32 {
        let across = (x - west) * perWidth
        let up = (y - south) * perHeight
        guard across >= 0, up >= 0, across < Double(columns), up < Double(rows) else { return -1 }
        let column = Int(across)
        let row = Int(up)
        let value = cells[row * columns + column]
        if value >= -1 { return value }
        return search(buckets[Int(-2 - value)], x, y, column, row)
    }

    @inline(never)
    private func search(_ bucket: Bucket, _ x: Double, _ y: Double, _ column: Int, _ row: Int) -> Int32 {
        let centerX = west + (Double(column) + Self.across) * cellWidth
        let centerY = south + (Double(row) + Self.up) * cellHeight
        var shape: Int32 = -1
        var inside = false
        for index in Int(bucket.first)..<Int(bucket.first + bucket.count) {
            let entry = entries[index]
            if entry.shape != shape {
                if inside { return shape }
                (shape, inside) = (entry.shape, entry.centerInside)
            }
            for place in Int(entry.corner)..<Int(entry.corner + entry.count) {
                let edge = Edge(corners[place], corners[place + 1])
                let (left, right) = edge.x0 < edge.x1 ? (edge.x0, edge.x1) : (edge.x1, edge.x0)
                // The way from the centre to the point: first north or south to its latitude, then along it. Most edges of the cell lie
                // beside both pieces of it.
                let (meetsRow, meetsColumn) = (y >= edge.y0 && y <= edge.y1, left <= centerX && centerX < right)
                guard meetsRow || meetsColumn else { continue }
                // A latitude counts as a hair more than it is, so that each corner of a shape is passed on one side of it only.
                let atCorner = edge.side(centerX, y)
                let corner = atCorner > 0 || (atCorner == 0 && edge.x1 > edge.x0)
                if meetsRow {
                    let side = edge.side(x, y)
                    if side == 0, x >= left, x <= right { return shape }
                    if y < edge.y1, (side > 0) != corner { inside.toggle() }
                }
                if meetsColumn, (edge.side(centerX, centerY) > 0) != corner { inside.toggle() }
            }
        }
        return inside ? shape : bucket.base
    }

    /// Bytes of memory it takes, roughly.
    package var bytes: Int {
        cells.count * 4 + buckets.count * MemoryLayout<Bucket>.stride + entries.count * MemoryLayout<Entry>.stride
            + corners.count * MemoryLayout<Coordinate>.stride
    }
}
