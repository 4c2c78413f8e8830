extension MultiPolygon {
    /// A place surely inside, near the middle of the widest part: for labels, and to stand for the shape. Nil for an empty shape.
    package var labelPoint: Coordinate? {
        guard let largest = polygons.max(by: { $0.area < $1.area }) else { return nil }
        let box = largest.box
        guard !box.isEmpty else { return nil }
        let edges = largest.rings.flatMap { ring in ring.points.indices.dropFirst().map { Edge(ring.points[$0 - 1], ring.points[$0]) } }
        var best: (score: Double, place: Coordinate)?
        for step in [0.503, 0.397, 0.611, 0.293, 0.709, 0.191, 0.811] {
            let y = box.south + box.height * step
            var crossings: [Double] = []
            for edge in edges where edge.y0 <= y && y < edge.y1 {
                crossings.append(edge.x0 + (y - edge.y0) / (edge.y1 - edge.y0) * (edge.x1 - edge.x0))
            }
            crossings.sort()
            var index = 0
            while index + 1 < crossings.count {
                let width = crossings[index + 1] - crossings[index]
                let score = width * (1 - abs(step - 0.5) * 0.5)
                if score > best?.score ?? 0 { best = (score, Coordinate(lon: crossings[index] + width / 2, lat: y)) }
                index += 2
            }
        }
        return best?.place ?? largest.outer.points.first
    }
}
