/// Finds the boxes that may hold a place or meet another box, out of many.
package struct BoxGrid: Sendable {
    private let whole: Box
    private let side: Int
    private let boxes: [Box]
    private var cells: [[Int32]]

    package init(_ boxes: [Box]) {
        self.boxes = boxes
        let whole = boxes.reduce(Box.empty) { $0.union($1) }
        self.whole = whole
        let side = max(1, min(512, Int(Double(boxes.count).squareRoot())))
        self.side = side
        cells = Array(repeating: [], count: side * side)
        for (index, box) in boxes.enumerated() where !box.isEmpty {
            for cell in Self.cells(of: box, in: whole, side) { cells[cell].append(Int32(index)) }
        }
    }

    private static func cells(of box: Box, in whole: Box, _ side: Int) -> [Int] {
        func place(_ value: Double, _ low: Double, _ size: Double) -> Int {
            size > 0 ? max(0, min(side - 1, Int((value - low) / size * Double(side)))) : 0
        }
        let columns = place(box.west, whole.west, whole.width)...place(box.east, whole.west, whole.width)
        let rows = place(box.south, whole.south, whole.height)...place(box.north, whole.south, whole.height)
        return rows.flatMap { row in columns.map { row * side + $0 } }
    }

    /// Indexes of the boxes that meet this one, ascending.
    package func meeting(_ box: Box) -> [Int] {
        guard !box.isEmpty, whole.intersects(box) else { return [] }
        var found: Set<Int32> = []
        for cell in Self.cells(of: box, in: whole, side) {
            for index in cells[cell] where boxes[Int(index)].intersects(box) { found.insert(index) }
        }
        return found.map { Int($0) }.sorted()
    }

    /// Indexes of the boxes that hold a place, ascending.
    package func holding(_ place: Coordinate) -> [Int] {
        meeting(Box(west: place.lon, south: place.lat, east: place.lon, north: place.lat))
    }
}
