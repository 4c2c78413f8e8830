import Basics
import Foundation

/// How many grids of each level a subdistrict has. Dedicated ones stand beside the micro-grids.
struct Quota: Sendable {
    var communities: Int
    var thirds: Int
    var micros: Int
    var natures: [String]
}

/// One area of the plan: a subdistrict, community, third-level grid or micro-grid with what lies in it.
struct Area {
    /// Depth below the root: 1 subdistrict … 4 micro-grid.
    var depth: Int
    var children: [Area] = []
    /// Only at depth 4: what sort of dedicated grid it is.
    var nature: String?
    /// Only at depth 4: the compound it belongs to, numbered within the town.
    var compound: Int?
    var weight = 1.0
    var face = 0
    var faces: Set<Int> = []

    var total: Double { children.isEmpty ? weight : children.reduce(0) { $0 + $1.total } }
}

/// One street: where two areas were cut apart.
struct Way {
    var number: Int
    /// Depth of the areas it parts: 0 along the town's edge, 1 between subdistricts … 4 between micro-grids.
    var depth: Int
    /// The way that it leaves from.
    var from: Int
    var nodes: [Int]
    var line: [Spot]

    var length: Double { zip(line, line.dropFirst()).reduce(0) { $0 + $1.0.distance($1.1) } }
}

/// The finished plan: a tree of areas over one arrangement, and the streets between them.
struct TownPlan {
    private(set) var map: Arrangement
    private(set) var subdistricts: [Area]
    private(set) var ways: [Way] = []
    private(set) var compounds = 0
    private var cuts: [(depth: Int, from: Int)] = []

    /// Every tree of areas has a street pattern; only one in some thousand tries finds no cut, and then the next seed is taken.
    static func build(_ quotas: [Quota]) throws -> TownPlan {
        for seed in 0..<20 {
            var chance = Seeded("plan \(seed)")
            if let plan = TownPlan(quotas, &chance) { return plan }
        }
        throw DemoFailure.noPlan
    }

    private init?(_ quotas: [Quota], _ chance: inout Seeded) {
        let edge = Self.edge(area: quotas.reduce(0) { $0 + Double($1.micros + $1.natures.count) } * 15_500, &chance)
        map = Arrangement(outline: edge.points, sides: edge.sides)
        subdistricts = quotas.map { Self.area($0, &chance) }
        guard let laid = lay(subdistricts, face: 1, depth: 1, &chance) else { return nil }
        subdistricts = laid
        let lines = map.lines()
        ways = lines.keys.sorted().map { number in
            let cut = number >= 0 ? cuts[number] : (depth: 0, from: number)
            let nodes = lines[number] ?? []
            return Way(number: number, depth: cut.depth, from: cut.from, nodes: nodes, line: nodes.map { map.nodes[$0] })
        }
    }

    /// The town's edge: four sides that bend, one of them along a river.
    private static func edge(area: Double, _ chance: inout Seeded) -> (points: [Spot], sides: [Int]) {
        let wide = (area * 1.28).squareRoot() / 2
        let high = area / 4 / wide
        let corners = [
            Spot(x: -wide, y: -high), Spot(x: wide, y: -high * 0.94), Spot(x: wide * 0.95, y: high), Spot(x: -wide * 0.93, y: high * 0.97),
        ]
        var points: [Spot] = []
        var sides: [Int] = []
        for side in 0..<4 {
            let from = corners[side], to = corners[(side + 1) % 4]
            let out = Spot(x: to.y - from.y, y: from.x - to.x) * (1 / from.distance(to))
            let count = Int(from.distance(to) / 60)
            let (a, b) = (chance.between(0.6, 1), chance.between(0, 2))
            let swing = side == 1 ? 130.0 : 60.0
            for index in 0..<count {
                let t = Double(index) / Double(count)
                let hump = sin(.pi * t) * (sin(t * 7 * a + b) * swing + (side == 1 ? 60 * sin(t * 17 + b) : 0))
                points.append(from.toward(to, t) + out * hump)
                sides.append(-1 - side)
            }
        }
        return (points, sides)
    }

    /// The tree of one subdistrict with its counts, uneven as real ones are.
    private static func area(_ quota: Quota, _ chance: inout Seeded) -> Area {
        let thirds = shares(quota.thirds, among: quota.communities, spread: 0.32, &chance)
        let micros = shares(quota.micros, among: quota.thirds, spread: 0.3, &chance)
        var dedicated = Array(quota.natures)
        chance.shuffle(&dedicated)
        var homes = Array(0..<quota.thirds)
        chance.shuffle(&homes)
        var natures: [Int: [String]] = [:]
        for (index, nature) in dedicated.enumerated() { natures[homes[index % homes.count], default: []].append(nature) }
        var third = 0
        var area = Area(depth: 1)
        for count in thirds {
            var community = Area(depth: 2)
            for _ in 0..<count {
                var leaves = (0..<micros[third]).map { _ in Area(depth: 4, weight: chance.between(0.78, 1.28)) }
                for nature in natures[third] ?? [] {
                    let place = chance.int(0..<leaves.count + 1)
                    leaves.insert(Area(depth: 4, nature: nature, weight: chance.between(1.0, 1.9)), at: place)
                }
                community.children.append(Area(depth: 3, children: leaves))
                third += 1
            }
            area.children.append(community)
        }
        return area
    }

    /// `total` in whole parts, each at least 2 (or 1 if there is only one), about equal but uneven.
    private static func shares(_ total: Int, among count: Int, spread: Double, _ chance: inout Seeded) -> [Int] {
        let weights = (0..<count).map { _ in chance.between(1 - spread, 1 + spread) }
        let sum = weights.reduce(0, +)
        var shares = weights.map { max(2, Int((Double(total) * $0 / sum).rounded())) }
        var left = total - shares.reduce(0, +)
        while left != 0 {
            let index = chance.int(0..<count)
            if left < 0, shares[index] <= 2, count > 1 { continue }
            shares[index] += left.signum()
            left -= left.signum()
        }
        return shares
    }

    /// Cuts a face into as many areas, then each of these into its own.
    private mutating func lay(_ areas: [Area], face: Int, depth: Int, compound: Int? = nil, _ chance: inout Seeded) -> [Area]? {
        var compound = compound
        if depth == 4, compound == nil, areas.count <= (chance.chance(0.5) ? 4 : 2) {
            compound = compounds
            compounds += 1
        }
        if areas.count == 1 {
            var area = areas[0]
            area.face = face
            if depth == 4 {
                area.compound = area.nature == nil ? compound : nil
                area.faces = [face]
                return [area]
            }
            guard let children = lay(area.children, face: face, depth: depth + 1, &chance) else { return nil }
            area.children = children
            area.faces = children.reduce(into: []) { $0.formUnion($1.faces) }
            return [area]
        }
        let half = areas.count / 2 + (areas.count % 2 == 1 && chance.chance(0.5) ? 1 : 0)
        let low = Array(areas[..<half])
        let high = Array(areas[half...])
        let weight = low.reduce(0) { $0 + $1.total }
        let cutting = Cutting(
            bend: [90, 60, 34, 9][depth - 1], jitter: [0.05, 0.06, 0.07, 0.07][depth - 1], reach: [60, 50, 38, 24][depth - 1],
            step: [45, 40, 34, 26][depth - 1])
        guard let plan = cutting.plan(map, face: face, share: weight / (weight + high.reduce(0) { $0 + $1.total }), &chance) else {
            return nil
        }
        let number = cuts.count
        cuts.append((depth, map.cut[plan.first.half / 2]))
        let first = plan.first.spot.map { map.split(plan.first.half, at: $0) } ?? plan.first.half
        let last = plan.last.spot.map { map.split(plan.last.half, at: $0) } ?? plan.last.half
        let lowFace = map.cutFace(from: first, to: last, via: plan.via, cut: number)
        guard let a = lay(low, face: lowFace, depth: depth, compound: compound, &chance),
            let b = lay(high, face: face, depth: depth, compound: compound, &chance)
        else { return nil }
        return a + b
    }
}

/// The demo fills an absent or empty folder only.
package enum DemoRefusal: Refusal, Equatable {
    case notEmpty(String)

    package var key: String { "demo.not_empty" }
    package var values: [String: String] { if case .notEmpty(let folder) = self { ["folder": folder] } else { [:] } }
    package var sort: RefusalSort { .conflict }
}

package enum DemoFailure: Error, CustomStringConvertible {
    case noPlan
    case content(String)

    package var description: String {
        switch self {
        case .noPlan: "no street plan could be drawn"
        case .content(let what): "examples/demo: \(what)"
        }
    }
}
