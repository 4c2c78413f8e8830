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
    var grids: [LandGrid] = []
    var wayNames: [Int: String] = [:]
    var compounds: [LandCompound] = []
    var buildings: [LandBuilding] = []
    /// Buildings by place of their grid in the list.
    var buildingsIn: [Int: [Int]] = [:]
    var wayOffsets: [Int: Double] = [:]
    var compoundOf: [Int: Int] = [:]
    var naming: Naming
    var chance = Seeded("land")
    let start: Instant

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
}
