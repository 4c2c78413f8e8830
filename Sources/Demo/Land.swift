import Basics
import Foundation
import Store

/// A grid of the demo with what its posts and matters need to know.
struct LandGrid {
    let id: UUIDv7
    let code: String
    let name: String
    /// 1 subdistrict … 4 micro-grid.
    let depth: Int
    let nature: String?
    /// Place in the list of its parent; nil under the root.
    let parent: Int?
    let path: Path
    let faces: Set<Int>
    let outline: Outline
    /// Number among its siblings, from 1.
    let number: Int
}

/// A building with where it stands.
struct LandBuilding {
    let id: UUIDv7
    let name: String
    let number: Int
    let grid: Int
    let compound: Int?
    let corners: [Spot]
    let floors: Int

    /// About as many as a micro-grid should have households.
    var homes: Int { compound == nil ? 0 : floors * 2 }

    var middle: Spot { corners.reduce(Spot(x: 0, y: 0)) { $0 + $1 * (1 / Double(corners.count)) } }
}

struct LandCompound {
    let id: UUIDv7
    let name: String
    let grids: [Int]
    let path: Path
    let middle: Spot
}

/// Streets, grids, compounds and buildings: the town before anybody lives in it.
struct Land {
    let content: DemoContent
    let plan: TownPlan
    private(set) var grids: [LandGrid] = []
    private(set) var wayNames: [Int: String] = [:]
    private(set) var compounds: [LandCompound] = []
    private(set) var buildings: [LandBuilding] = []
    /// Buildings by place of their grid in the list.
    private(set) var buildingsIn: [Int: [Int]] = [:]
    private var wayOffsets: [Int: Double] = [:]
    private var compoundOf: [Int: Int] = [:]
    private var naming: Naming
    private var chance = Seeded("land")
    private let start: Instant

    init(_ content: DemoContent) throws {
        self.content = content
        naming = Naming(content.city)
        start = Instant(content.day - 400, in: .gmt)
        plan = try TownPlan.build(
            content.city.subdistricts.map { subdistrict in
                let natures = (subdistrict.dedicated ?? [:]).sorted { $0.key < $1.key }
                return Quota(
                    communities: subdistrict.communities.count, thirds: subdistrict.thirds, micros: subdistrict.micros,
                    natures: natures.flatMap { Array(repeating: $0.key, count: $0.value) })
            })
        try layGrids()
        nameWays()
        for way in plan.ways {
            var along = 0.0
            for (a, b) in zip(way.nodes, way.nodes.dropFirst()) {
                wayOffsets[Self.edge(a, b)] = along
                along += plan.map.nodes[a].distance(plan.map.nodes[b])
            }
        }
        raiseCompounds()
        raiseBuildings()
    }

    // MARK: Grids

    private mutating func layGrids() throws {
        for (index, area) in plan.subdistricts.enumerated() {
            try add(area, index + 1, parent: nil, names: content.city.subdistricts[index])
        }
    }

    private mutating func add(_ area: Area, _ number: Int, parent: Int?, names: DemoContent.Subdistrict) throws {
        guard let outline = plan.map.outline(of: area.faces) else { throw DemoFailure.noPlan }
        let above = parent.map { grids[$0] }
        let code: String
        let name: String
        switch area.depth {
        case 1: (code, name) = (content.city.code + Self.digits(number, 3), names.name)
        case 2: (code, name) = ((above?.code ?? "") + Self.digits(number, 3), names.communities[number - 1] + "社区")
        case 3: (code, name) = ((above?.code ?? "") + Self.digits(number, 3), "第\(Naming.numeral(number))网格")
        default:
            let community = above?.parent.map { grids[$0].name.dropLast(2) } ?? ""
            code = (above?.code ?? "") + Self.digits(number, 2)
            name = area.nature.map { naming.dedicated($0) } ?? "\(community)\(above?.number ?? 0)-\(Self.digits(number, 2))"
        }
        let place = grids.count
        grids.append(
            LandGrid(
                id: chance.id(at: start), code: code, name: area.depth == 3 ? "\(above?.name.dropLast(2) ?? "")\(name)" : name,
                depth: area.depth,
                nature: area.nature, parent: parent, path: (above?.path ?? .root).child(number), faces: area.faces, outline: outline,
                number: number))
        if area.depth == 4 { compoundOf[place] = area.compound }
        // Numbered from north to south, then west to east, the ordinary before the dedicated.
        let band = [900.0, 500, 300, 100][min(area.depth, 3)]
        let children = area.children.map { child in
            (area: child, middle: plan.map.outline(of: child.faces)?.centroid ?? Spot(x: 0, y: 0))
        }.sorted { a, b in
            (a.area.nature == nil ? 0 : 1, -(a.middle.y / band).rounded(), a.middle.x) < (
                b.area.nature == nil ? 0 : 1, -(b.middle.y / band).rounded(), b.middle.x
            )
        }
        for (index, child) in children.enumerated() { try add(child.area, index + 1, parent: place, names: names) }
    }

    static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    // MARK: Streets

    static func edge(_ a: Int, _ b: Int) -> Int { min(a, b) << 32 | max(a, b) }

    private mutating func nameWays() {
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

    // MARK: Compounds and buildings

    private mutating func raiseCompounds() {
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

    private mutating func raiseBuildings() {
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
