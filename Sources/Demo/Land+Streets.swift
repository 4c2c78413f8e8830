import Basics

// Streets have names, houses have numbers.

extension Land {
    static func edge(_ a: Int, _ b: Int) -> Int { min(a, b) << 32 | max(a, b) }

    mutating func nameWays() {
        for number in 0..<4 { wayNames[-1 - number] = content.city.edge_streets[number] }
        // The streets round the grid of the demo's people are named first.
        if let home = content.city.people.first(where: { $0.micro != nil }), let grid = grid(third: home.third ?? 1, micro: nil) {
            var lengths: [Int: Double] = [:]
            for face in grid.faces.sorted() {
                for half in plan.map.halves(of: face) where !grid.faces.contains(plan.map.face[half ^ 1]) {
                    let (a, b) = (plan.map.nodes[plan.map.origin[half]], plan.map.nodes[plan.map.target(half)])
                    lengths[plan.map.cut[half / 2], default: 0] += a.distance(b)
                }
            }
            let ways = lengths.filter { $0.key >= 0 && $0.value > 40 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            for (way, name) in zip(ways, content.city.first_streets) { wayNames[way.key] = name + "路" }
        }
        var lanes: [Int: Int] = [:]
        for way in plan.ways where wayNames[way.number] == nil {
            if way.depth < 4 {
                let (a, b) = (way.line.first ?? Spot(x: 0, y: 0), way.line.last ?? Spot(x: 0, y: 0))
                let eastWest = abs(a.x - b.x) > abs(a.y - b.y)
                wayNames[way.number] = naming.stem() + (way.depth == 1 ? "大道" : eastWest ? "路" : "街")
            }
        }
        let byNumber = Dictionary(plan.ways.map { ($0.number, $0) }) { first, _ in first }
        for way in plan.ways where way.depth == 4 && wayNames[way.number] == nil {
            var street = way.from
            while let above = byNumber[street], above.depth == 4 { street = above.from }
            lanes[street, default: 0] += 1
            wayNames[way.number] = "\(wayNames[street] ?? "")\(Naming.numeral(lanes[street] ?? 1))巷"
        }
    }

    /// The last community holds the demo's people; its third-level grids and micro-grids are found by number.
    func grid(third: Int?, micro: Int?) -> LandGrid? {
        guard let community = grids.lastIndex(where: { $0.depth == 2 }) else { return nil }
        guard let third else { return grids[community] }
        guard let place = grids.firstIndex(where: { $0.parent == community && $0.number == third }) else { return nil }
        guard let micro else { return grids[place] }
        return grids.first { $0.parent == place && $0.number == micro }
    }

    /// A house number: along the street in steps of nine metres, odd on one side, even on the other.
    func address(_ half: Int, _ share: Double) -> String {
        let map = plan.map
        let (a, b) = (map.origin[half], map.target(half))
        let way = map.cut[half / 2]
        let length = map.nodes[a].distance(map.nodes[b])
        let along = (wayOffsets[Self.edge(a, b)] ?? 0) + length * share
        return "\(wayNames[way] ?? "") \(2 * Int(along / 9) + (half % 2 == 0 ? 1 : 2)) 号"
    }

    /// The house number of a building: where its nearest street passes it.
    func address(of building: LandBuilding) -> String {
        let middle = building.middle
        var best: (half: Int, distance: Double) = (0, .infinity)
        for face in grids[building.grid].faces {
            for half in plan.map.halves(of: face) {
                let distance = middle.distance(from: plan.map.nodes[plan.map.origin[half]], to: plan.map.nodes[plan.map.target(half)])
                if distance < best.distance { best = (half, distance) }
            }
        }
        let (a, b) = (plan.map.nodes[plan.map.origin[best.half]], plan.map.nodes[plan.map.target(best.half)])
        let along = (middle - a).dot(b - a) / max(1, (b - a).dot(b - a))
        return address(best.half, min(1, max(0, along)))
    }
}
