import Geo
import Testing

@testable import Grids

@Suite struct TintsTests {
    @Test("neighbours never share a base colour, also across a road, and all seven are used about equally")
    func neighboursDiffer() {
        // A wall of bricks, twelve metres of road between them.
        let plane = LocalPlane(at: Coordinate(lon: 113.6, lat: 34.7))
        var shapes: [MultiPolygon] = []
        var places: [(x: Double, y: Double)] = []
        for row in 0..<12 {
            for column in 0..<12 {
                let (x, y) = (Double(column) * 200 + (row % 2 == 0 ? 0 : 100), Double(row) * 160)
                let corners = [(x, y), (x + 188, y), (x + 188, y + 148), (x, y + 148)].map { plane.coordinate(x: $0.0, y: $0.1) }
                shapes.append(MultiPolygon([Polygon(outer: Ring(corners))]))
                places.append((x, y))
            }
        }
        let near = LandTints.neighbours(shapes)
        let colours = LandTints.chosen(near)
        for a in shapes.indices {
            for b in shapes.indices where a != b && abs(places[a].x - places[b].x) < 210 && abs(places[a].y - places[b].y) < 170 {
                let touching = places[a].y == places[b].y || abs(places[a].x - places[b].x) < 188
                if touching {
                    #expect(near[a].contains(b))
                    #expect(colours[a] != colours[b])
                }
            }
        }
        let used = Dictionary(grouping: colours) { $0 }.mapValues(\.count)
        #expect(used.count == LandTints.count && (used.values.max() ?? 0) - (used.values.min() ?? 0) < 12, "\(used)")
        #expect(LandTints.chosen([]).isEmpty && LandTints.chosen([[], []]).allSatisfy { (0..<7).contains($0) })
        // More neighbours than colours: still one for each.
        #expect(LandTints.chosen((0..<9).map { one in Set((0..<9).filter { $0 != one }) }).count == 9)
    }
}
