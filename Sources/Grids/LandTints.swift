import Geo

/// Which of a few base colours each grid has, so that neighbours of one level differ (look: seven bases). A colour says nothing else.
struct LandTints {
    static let count = 7
    /// Degrees, about 20 m: outlines nearer than this to each other are neighbours, so a road between them does not part them.
    private static let reach = 0.000_2

    /// In the order of the grids; of the deepest level, which has no bases of its own, that of the grid above.
    let numbers: [Int]

    init(_ refs: [GridRef], _ shapes: [MultiPolygon]) {
        var numbers = [Int](repeating: 0, count: refs.count)
        let deepest = refs.map(\.rank).max() ?? 0
        for (rank, places) in Dictionary(grouping: refs.indices, by: { refs[$0].rank }) where rank > 0 && (rank < deepest || rank == 1) {
            for (place, number) in zip(places, Self.chosen(Self.neighbours(places.map { shapes[$0] }))) { numbers[place] = number }
        }
        if deepest > 1 {
            let own = Dictionary(refs.enumerated().map { ($1.id, numbers[$0]) }) { first, _ in first }
            for place in refs.indices where refs[place].rank == deepest {
                numbers[place] = refs[place].parent.flatMap { own[$0] } ?? 0
            }
        }
        self.numbers = numbers
    }

    private struct Square: Hashable {
        let x: Int
        let y: Int
    }

    /// For each shape those that come near it.
    static func neighbours(_ shapes: [MultiPolygon]) -> [Set<Int>] {
        var squares: [Square: Set<Int>] = [:]
        for (index, shape) in shapes.enumerated() {
            for ring in shape.rings {
                for (a, b) in zip(ring.points, ring.points.dropFirst()) {
                    let pieces = max(1, Int((max(abs(b.lon - a.lon), abs(b.lat - a.lat)) / reach).rounded(.up)))
                    for piece in 0...min(pieces, 10_000) {
                        let share = Double(piece) / Double(pieces)
                        let (x, y) = (a.lon + (b.lon - a.lon) * share, a.lat + (b.lat - a.lat) * share)
                        squares[Square(x: Int((x / reach).rounded(.down)), y: Int((y / reach).rounded(.down))), default: []].insert(index)
                    }
                }
            }
        }
        var near = [Set<Int>](repeating: [], count: shapes.count)
        for (square, here) in squares {
            var around = here
            for (dx, dy) in [(1, 0), (0, 1), (1, 1), (1, -1)] {
                around.formUnion(squares[Square(x: square.x + dx, y: square.y + dy)] ?? [])
            }
            guard around.count > 1 else { continue }
            for one in around { near[one].formUnion(around) }
        }
        for index in near.indices { near[index].remove(index) }
        return near
    }

    /// The most hemmed in first; each takes, of the colours its neighbours leave, the one used least.
    static func chosen(_ near: [Set<Int>]) -> [Int] {
        var numbers = [Int?](repeating: nil, count: near.count)
        var used = [Int](repeating: 0, count: count)
        var taken = [Set<Int>](repeating: [], count: near.count)
        var left = Set(near.indices)
        while let next = left.min(by: { (-taken[$0].count, -near[$0].count, $0) < (-taken[$1].count, -near[$1].count, $1) }) {
            left.remove(next)
            let free = (0..<count).filter { !taken[next].contains($0) }
            let number = (free.isEmpty ? Array(0..<count) : free).min { (used[$0], $0) < (used[$1], $1) } ?? 0
            numbers[next] = number
            used[number] += 1
            for other in near[next] { taken[other].insert(number) }
        }
        return numbers.map { $0 ?? 0 }
    }
}
