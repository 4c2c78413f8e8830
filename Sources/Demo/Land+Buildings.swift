import Basics

// Compounds, and the buildings that stand in them.

extension Land {
    mutating func raiseCompounds() {
        var groups: [Int: [Int]] = [:]
        for (grid, compound) in compoundOf { groups[compound, default: []].append(grid) }
        // The demo's own grid is in the compound that is named first.
        let home = content.city.people.first { $0.micro != nil }.flatMap { grid(third: $0.third, micro: $0.micro)?.id }
        let keys = groups.keys.sorted { a, b in
            let (isA, isB) = (groups[a]?.contains { grids[$0].id == home } == true, groups[b]?.contains { grids[$0].id == home } == true)
            return isA == isB ? a < b : isA
        }
        var renumbered: [Int: Int] = [:]
        for key in keys {
            let members = (groups[key] ?? []).sorted()
            let path =
                members.count == 1 ? grids[members[0]].path : grids[members[0]].parent.map { grids[$0].path } ?? grids[members[0]].path
            renumbered[key] = compounds.count
            compounds.append(
                LandCompound(
                    id: chance.id(at: start), name: naming.compound(), grids: members, path: path,
                    middle: grids[members[0]].outline.middle(&chance)))
        }
        compoundOf = compoundOf.compactMapValues { renumbered[$0] }
    }

    mutating func raiseBuildings() {
        var numbers: [Int: Int] = [:]
        for place in grids.indices where grids[place].depth == 4 {
            let grid = grids[place]
            let compound = compoundOf[place]
            let blocks = grid.nature == nil ? rows(grid.outline) : hall(grid.outline)
            for corners in blocks {
                var name = grid.name
                var number = 0
                if let compound {
                    numbers[compound, default: 0] += 1
                    number = numbers[compound] ?? 1
                    name = "\(compounds[compound].name) \(number) 号楼"
                } else {
                    number = (buildingsIn[place]?.count ?? 0) + 1
                    if number > 1 { name += " \(number) 号楼" }
                }
                buildingsIn[place, default: []].append(buildings.count)
                buildings.append(
                    LandBuilding(
                        id: chance.id(at: start), name: name, number: number, grid: place, compound: compound, corners: corners,
                        floors: grid.nature == nil ? chance.pick([6, 6, 6, 7, 11, 18]) : chance.pick([3, 4, 5])))
            }
        }
    }

    /// Rows of houses that face the sun, as far as they fit.
    private mutating func rows(_ outline: Outline) -> [[Spot]] {
        let middle = outline.centroid
        let turn = Cutting.grain(middle) * 0.8
        let u = turned(turn)
        let n = Spot(x: -u.y, y: u.x)
        let along = outline.points.map { ($0 - middle).dot(u) }
        let across = outline.points.map { ($0 - middle).dot(n) }
        guard let x0 = along.min(), let x1 = along.max(), let y0 = across.min(), let y1 = across.max() else { return [] }
        let width = chance.pick([40.0, 46, 54])
        let deep = chance.pick([11.0, 12, 13])
        let gap = chance.between(22, 30)
        var result: [[Spot]] = []
        var y = y0 + chance.between(8, 14)
        while y + deep < y1 {
            var x = x0 + chance.between(7, 16)
            while x < x1 {
                let wide = chance.chance(0.25) ? width * 0.6 : width
                let corners = [(x, y), (x + wide, y), (x + wide, y + deep), (x, y + deep)].map { middle + u * $0.0 + n * $0.1 }
                if fits(corners, in: outline) {
                    result.append(corners)
                    x += wide + chance.between(9, 14)
                } else {
                    x += 7
                }
            }
            y += deep + gap
        }
        return result
    }

    /// One or two large buildings.
    private mutating func hall(_ outline: Outline) -> [[Spot]] {
        let middle = outline.middle(&chance)
        let u = turned(Cutting.grain(middle))
        let n = Spot(x: -u.y, y: u.x)
        var result: [[Spot]] = []
        for (x, y) in [(0.0, 14.0), (0.0, -30.0)] {
            for size in [46.0, 36, 26, 16] {
                let corners = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)].map { middle + u * (x + $0.0 * size) + n * (y + $0.1 * size * 0.36) }
                if fits(corners, in: outline) {
                    result.append(corners)
                    break
                }
            }
        }
        return result
    }

    private func turned(_ angle: Double) -> Spot {
        // Small angles only: two terms are enough and the same everywhere.
        let cosine = 1 - angle * angle / 2
        let length = (cosine * cosine + angle * angle).squareRoot()
        return Spot(x: cosine / length, y: angle / length)
    }

    private func fits(_ corners: [Spot], in outline: Outline) -> Bool {
        let middles = corners.indices.map { corners[$0].toward(corners[($0 + 1) % corners.count], 0.5) }
        return (corners + middles).allSatisfy { outline.contains($0) && outline.distance($0) > 6 }
    }
}
