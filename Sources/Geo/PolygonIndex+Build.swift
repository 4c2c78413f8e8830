extension PolygonIndex {
    /// - Parameters:
    ///   - shapes: first wins; an empty one holds nothing.
    ///   - cells: about how many cells the raster shall have; by default a thousand a shape, 16 thousand to 4 million; of very many
    ///     shapes 160 each, to 16 million, since half of their cells would else hold a border.
    package init(_ shapes: [MultiPolygon], cells wanted: Int? = nil) {
        var box = Box.empty
        for shape in shapes { box = box.union(shape.box) }
        if box.isEmpty { box = Box(west: 0, south: 0, east: 0, north: 0) }
        let pad = max(box.width, box.height) * 1e-6 + 1e-9
        let width = box.width + 2 * pad
        let height = box.height + 2 * pad
        let usual = min(max(4_000_000, min(16_000_000, shapes.count * 160)), max(16_384, shapes.count * 1000))
        let target = Double(max(1, wanted ?? usual))
        // Narrow areas get no more than 32,768 cells on a side.
        columns = max(1, min(32_768, Int((target * width / height).squareRoot())))
        rows = max(1, min(32_768, Int(target / Double(columns))))
        west = box.west - pad
        south = box.south - pad
        cellWidth = width / Double(columns)
        cellHeight = height / Double(rows)
        perWidth = 1 / cellWidth
        perHeight = 1 / cellHeight
        cells = []
        buckets = []
        entries = []
        corners = []
        var raster = Raster(columns: columns, rows: rows)
        for (index, shape) in shapes.enumerated() { raster.add(shape, index: Int32(index), to: self) }
        fill(from: &raster)
        corners = raster.corners
    }

    func centerX(_ column: Int) -> Double { west + (Double(column) + Self.across) * cellWidth }
    func centerY(_ row: Int) -> Double { south + (Double(row) + Self.up) * cellHeight }
    func column(_ x: Double) -> Int { max(0, min(columns - 1, Int((x - west) * perWidth))) }
    func row(_ y: Double) -> Int { max(0, min(rows - 1, Int((y - south) * perHeight))) }

    private mutating func fill(from raster: inout Raster) {
        // Touches come shape by shape; a stable counting sort by cell keeps that order within each cell.
        var starts = [Int32](repeating: 0, count: columns * rows + 1)
        for touch in raster.touches { starts[Int(touch.cell) + 1] += 1 }
        for cell in 0..<columns * rows { starts[cell + 1] += starts[cell] }
        var sorted = [Int32](repeating: 0, count: raster.touches.count)
        var next = starts
        for (index, touch) in raster.touches.enumerated() {
            sorted[Int(next[Int(touch.cell)])] = Int32(index)
            next[Int(touch.cell)] += 1
        }
        cells = raster.solid
        for cell in 0..<columns * rows where starts[cell] < starts[cell + 1] {
            let base = raster.solid[cell]
            let first = entries.count
            for place in Int(starts[cell])..<Int(starts[cell + 1]) {
                let touch = raster.touches[Int(sorted[place])]
                if base >= 0, touch.shape > base { break }
                var run = Int(touch.run)
                let end = run + Int(touch.count)
                while run < end {
                    let corner = raster.starts[Int(raster.runs[run])]
                    var count: Int32 = 1
                    while run + Int(count) < end, raster.starts[Int(raster.runs[run + Int(count)])] == corner + count { count += 1 }
                    entries.append(Entry(shape: touch.shape, corner: corner, count: count, centerInside: touch.centerInside))
                    run += Int(count)
                }
            }
            guard entries.count > first else { continue }
            cells[cell] = Int32(-2 - buckets.count)
            buckets.append(Bucket(first: Int32(first), count: Int32(entries.count - first), base: base))
        }
    }
}
