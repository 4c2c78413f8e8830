/// What `PolygonIndex` gathers while it is built: shape by shape, the cells that are filled and the cells that its border touches.
struct Raster {
    struct Touch {
        var cell: Int32
        var shape: Int32
        var run: Int32
        var count: Int32
        var centerInside: Bool
    }

    let columns: Int
    let rows: Int
    /// The first shape that fills the cell; -1 for none.
    var solid: [Int32]
    var touches: [Touch] = []
    /// Indexes into `edges`, in runs, one for each touch.
    var runs: [Int32] = []
    var edges: [Edge] = []
    var corners: [Coordinate] = []
    /// For each edge the corner of its ring at which it begins; it ends at the next one.
    var starts: [Int32] = []

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        solid = [Int32](repeating: -1, count: columns * rows)
    }

    mutating func add(_ shape: MultiPolygon, index: Int32, to grid: PolygonIndex) {
        let firstEdge = edges.count
        for polygon in shape.polygons {
            for ring in polygon.rings {
                guard let first = ring.points.first else { continue }
                corners.append(first)
                for place in ring.points.indices.dropFirst() where ring.points[place - 1] != ring.points[place] {
                    starts.append(Int32(corners.count - 1))
                    edges.append(Edge(ring.points[place - 1], ring.points[place]))
                    corners.append(ring.points[place])
                }
            }
        }
        guard edges.count > firstEdge else { return }
        var pairs: [UInt64] = []
        var crossings: [UInt64] = []
        let base = grid.row(edges[firstEdge...].reduce(Double.infinity) { min($0, $1.y0) } - grid.cellHeight * 1e-6)
        let top = grid.row(edges[firstEdge...].reduce(-Double.infinity) { max($0, $1.y1) } + grid.cellHeight * 1e-6)
        for place in firstEdge..<edges.count { touch(edges[place], place, grid, &pairs, &crossings) }
        pairs.sort()
        crossings.sort()
        var pair = 0
        var crossing = 0
        for row in base...top {
            var xs: [(x: Double, edge: Int)] = []
            while crossing < crossings.count, Int(crossings[crossing] >> 32) == row {
                let place = Int(crossings[crossing] & 0xFFFF_FFFF)
                let edge = edges[place]
                let y = grid.centerY(row)
                xs.append((edge.x0 + (y - edge.y0) / (edge.y1 - edge.y0) * (edge.x1 - edge.x0), place))
                crossing += 1
            }
            xs.sort { $0.x < $1.x }
            scan(row, xs, pairs, &pair, index, grid)
        }
    }

    /// Notes each cell that the edge may touch, and each row whose centre line it crosses.
    private func touch(_ edge: Edge, _ place: Int, _ grid: PolygonIndex, _ pairs: inout [UInt64], _ crossings: inout [UInt64]) {
        // A border on the line between two cells belongs to both, hence the guard of a millionth of a cell.
        let (guardX, guardY) = (grid.cellWidth * 1e-6, grid.cellHeight * 1e-6)
        for row in grid.row(edge.y0 - guardY)...grid.row(edge.y1 + guardY) {
            var low = min(edge.x0, edge.x1)
            var high = max(edge.x0, edge.x1)
            if edge.y1 > edge.y0 {
                let bottom = max(edge.y0, grid.south + Double(row) * grid.cellHeight - guardY)
                let top = min(edge.y1, grid.south + Double(row + 1) * grid.cellHeight + guardY)
                let slope = (edge.x1 - edge.x0) / (edge.y1 - edge.y0)
                let a = edge.x0 + (bottom - edge.y0) * slope
                let b = edge.x0 + (top - edge.y0) * slope
                (low, high) = (max(low, min(a, b)), min(high, max(a, b)))
                let y = grid.centerY(row)
                if edge.y0 <= y, y < edge.y1 { crossings.append(UInt64(row) << 32 | UInt64(place)) }
            }
            let first = grid.column(low - guardX)
            for column in first...max(first, grid.column(high + guardX)) {
                pairs.append(UInt64(row * columns + column) << 32 | UInt64(place))
            }
        }
    }

    /// Walks one row of cells from west to east: parity for those with borders, fill for the others that lie inside.
    private mutating func scan(
        _ row: Int, _ xs: [(x: Double, edge: Int)], _ pairs: [UInt64], _ pair: inout Int, _ shape: Int32, _ grid: PolygonIndex
    ) {
        let y = grid.centerY(row)
        var passed = 0
        var column = 0
        while column < columns {
            let x = grid.centerX(column)
            // Near the centre the same sum decides as in `PolygonIndex.search`, so that parity and path agree to the last bit.
            while passed < xs.count, xs[passed].x < x - grid.cellWidth { passed += 1 }
            var inside = passed % 2 == 1
            var near = passed
            while near < xs.count, xs[near].x <= x + grid.cellWidth {
                if !(edges[xs[near].edge].side(x, y) > 0) { inside.toggle() }
                near += 1
            }
            let cell = row * columns + column
            let hasBorder = pair < pairs.count && Int(pairs[pair] >> 32) == cell
            if hasBorder {
                let run = runs.count
                while pair < pairs.count, Int(pairs[pair] >> 32) == cell {
                    runs.append(Int32(truncatingIfNeeded: pairs[pair] & 0xFFFF_FFFF))
                    pair += 1
                }
                touches.append(
                    Touch(cell: Int32(cell), shape: shape, run: Int32(run), count: Int32(runs.count - run), centerInside: inside))
                column += 1
            } else {
                // No border until the next noted cell: all cells up to it are alike.
                let stop = pair < pairs.count && Int(pairs[pair] >> 32) / columns == row ? Int(pairs[pair] >> 32) % columns : columns
                if inside { for other in cell..<row * columns + stop where solid[other] < 0 { solid[other] = shape } }
                column = stop
            }
        }
    }
}
