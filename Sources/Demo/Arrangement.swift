/// The town plan as faces, edges and nodes that know each other (a doubly connected edge list). Whatever is cut is cut for both
/// sides, so neighbours always share the same points, and every level is a union of faces: a partition by construction.
struct Arrangement {
    /// Half-edge `h` and its twin `h ^ 1` are the two sides of one edge; a face lies to the left of its half-edges.
    private(set) var nodes: [Spot] = []
    private(set) var degree: [Int] = []
    private(set) var origin: [Int] = []
    private(set) var next: [Int] = []
    private(set) var previous: [Int] = []
    private(set) var face: [Int] = []
    /// Which cut an edge belongs to; pieces of the outer outline have negative numbers.
    private(set) var cut: [Int] = []
    private(set) var start: [Int] = [0, 0]

    static let outside = 0

    /// - Parameter outline: anticlockwise; `sides[i]` numbers the street along the edge from point i.
    init(outline: [Spot], sides: [Int]) {
        nodes = outline.map(Plane.snapped)
        degree = nodes.map { _ in 2 }
        let count = nodes.count
        for index in 0..<count {
            origin += [index, (index + 1) % count]
            face += [1, Self.outside]
            cut.append(sides[index])
        }
        for index in 0..<count {
            let after = (index + 1) % count
            let before = (index + count - 1) % count
            next += [2 * after, 2 * before + 1]
            previous += [2 * before, 2 * after + 1]
        }
        start = [1, 0]
    }

    func target(_ half: Int) -> Int { origin[half ^ 1] }

    func halves(of face: Int) -> [Int] {
        var result: [Int] = []
        var half = start[face]
        repeat {
            result.append(half)
            half = next[half]
        } while half != start[face]
        return result
    }

    func outline(of face: Int) -> Outline { Outline(points: halves(of: face).map { nodes[origin[$0]] }) }

    /// A new node on an edge; returns the half-edge of the same face that now leaves it.
    mutating func split(_ half: Int, at spot: Spot) -> Int {
        let twin = half ^ 1
        let node = nodes.count
        nodes.append(Plane.snapped(spot))
        degree.append(2)
        let new = origin.count
        let newTwin = new + 1
        origin += [node, origin[twin]]
        face += [face[half], face[twin]]
        cut.append(cut[half / 2])
        origin[twin] = node
        next += [next[half], twin]
        previous += [half, previous[twin]]
        previous[next[half]] = new
        next[half] = new
        next[previous[twin]] = newTwin
        previous[twin] = newTwin
        return new
    }

    /// Cuts a face from the origin of one of its half-edges to that of another; the new face lies right of the cut.
    mutating func cutFace(from first: Int, to last: Int, via spots: [Spot], cut number: Int) -> Int {
        let whole = face[first]
        let beforeFirst = previous[first]
        let beforeLast = previous[last]
        var chain = [origin[first]]
        for spot in spots {
            chain.append(nodes.count)
            nodes.append(Plane.snapped(spot))
            degree.append(2)
        }
        chain.append(origin[last])
        degree[origin[first]] += 1
        degree[origin[last]] += 1
        let base = origin.count
        let pieces = chain.count - 1
        for piece in 0..<pieces {
            origin += [chain[piece], chain[piece + 1]]
            face += [whole, whole]
            cut.append(number)
            next += [piece + 1 < pieces ? base + 2 * (piece + 1) : last, piece > 0 ? base + 2 * (piece - 1) + 1 : first]
            previous += [piece > 0 ? base + 2 * (piece - 1) : beforeFirst, piece + 1 < pieces ? base + 2 * (piece + 1) + 1 : beforeLast]
        }
        next[beforeFirst] = base
        previous[last] = base + 2 * (pieces - 1)
        next[beforeLast] = base + 2 * (pieces - 1) + 1
        previous[first] = base + 1
        let new = start.count
        start[whole] = base
        start.append(first)
        for half in halves(of: new) { face[half] = new }
        return new
    }

    /// The outline of a union of faces that hang together without a hole; nil otherwise.
    func outline(of faces: Set<Int>) -> Outline? {
        var leaving: [Int: Int] = [:]
        var edges = 0
        for face in faces.sorted() {
            for half in halves(of: face) where !faces.contains(self.face[half ^ 1]) {
                guard leaving.updateValue(half, forKey: origin[half]) == nil else { return nil }
                edges += 1
            }
        }
        guard let first = leaving.keys.min() else { return nil }
        var points: [Spot] = []
        var node = first
        repeat {
            guard let half = leaving[node] else { return nil }
            points.append(nodes[node])
            node = target(half)
        } while node != first && points.count <= edges
        return points.count == edges ? Outline(points: points) : nil
    }

    /// The nodes of each cut in order, as they are when all cutting is done.
    func lines() -> [Int: [Int]] {
        var ways: [Int: [Int: [Int]]] = [:]
        for edge in cut.indices {
            ways[cut[edge], default: [:]][origin[2 * edge], default: []].append(origin[2 * edge + 1])
            ways[cut[edge], default: [:]][origin[2 * edge + 1], default: []].append(origin[2 * edge])
        }
        return ways.mapValues { neighbours in
            let ends = neighbours.filter { $0.value.count == 1 }.keys
            guard var node = ends.min() ?? neighbours.keys.min() else { return [] }
            var line = [node]
            var seen: Set<Int> = [node]
            while let following = neighbours[node]?.filter({ !seen.contains($0) }).min() {
                line.append(following)
                seen.insert(following)
                node = following
            }
            return line
        }
    }
}
