import Basics

/// Where things happen: beside streets, at corners, between buildings.
struct Scenes {
    private let land: Land
    private let micros: [Int]
    private let sums: [Double]
    private let halves: [Int: [Int]]
    /// The micro-grid of a face.
    private let micro: [Int: Int]
    /// Metres from a boundary within which both sides see a matter.
    private let reach: Double

    init(_ land: Land, border: Double) {
        self.land = land
        reach = border
        var chance = Seeded("scenes")
        let home = land.grids.lastIndex { $0.depth == 2 }
        micros = land.grids.indices.filter { land.grids[$0].depth == 4 }
        var sum = 0.0
        var sums: [Double] = []
        for place in micros {
            let busy = chance.between(0.5, 1.2) * (chance.chance(0.08) ? 2.4 : 1) * (land.grids[place].nature == nil ? 1 : 0.7)
            let isHome = land.grids[place].parent.flatMap { land.grids[$0].parent } == home
            // Where the demo's people sign in there is most to see.
            sum += busy * (isHome ? 6 : 1)
            sums.append(sum)
        }
        self.sums = sums
        halves = Dictionary(micros.map { place in (place, land.grids[place].faces.flatMap { land.plan.map.halves(of: $0) }) }) { first, _ in
            first
        }
        micro = Dictionary(micros.flatMap { place in land.grids[place].faces.map { ($0, place) } }) { first, _ in first }
    }

    func any(_ site: DemoContent.Trouble.Site, _ chance: inout Seeded) -> Scene { scene(in: micros[chance.draw(sums)], site, &chance) }

    func scene(in grid: Int, _ site: DemoContent.Trouble.Site, _ chance: inout Seeded) -> Scene {
        let onStreet = site == .street || (site == .both && chance.chance(0.5))
        if !onStreet, let buildings = land.buildingsIn[grid], !buildings.isEmpty {
            return beside(land.buildings[chance.pick(buildings)], &chance)
        }
        return along(grid, &chance)
    }

    private func beside(_ building: LandBuilding, _ chance: inout Seeded) -> Scene {
        let outline = land.grids[building.grid].outline
        let edge = chance.int(0..<building.corners.count)
        let (a, b) = (building.corners[edge], building.corners[(edge + 1) % building.corners.count])
        let on = a.toward(b, chance.unit())
        let away = on - building.middle
        let spot = Plane.snapped(on + away * (chance.between(1.5, 5) / max(1, away.length)))
        return Scene(
            grid: building.grid, spot: outline.contains(spot) ? spot : Plane.snapped(building.middle), words: building.name,
            record: building.id)
    }

    private func along(_ grid: Int, _ chance: inout Seeded) -> Scene {
        let map = land.plan.map
        let outline = land.grids[grid].outline
        let edges = halves[grid] ?? []
        for _ in 0..<12 {
            let half = chance.pick(edges)
            let (a, b) = (map.nodes[map.origin[half]], map.nodes[map.target(half)])
            guard a.distance(b) > 4 else { continue }
            let share = chance.between(0.1, 0.9)
            let u = (b - a) * (1 / a.distance(b))
            // A face lies to the left of its edges.
            let spot = Plane.snapped(a.toward(b, share) + Spot(x: -u.y, y: u.x) * chance.between(2.5, 7))
            guard outline.contains(spot), outline.distance(spot) > 1.5 else { continue }
            let border = outline.distance(spot) <= reach ? micro[map.face[half ^ 1]] : nil
            let corner = map.cut[map.previous[half] / 2]
            let here = map.cut[half / 2]
            if corner != here, share < 0.35, let one = land.wayNames[corner], let other = land.wayNames[here], one != other {
                return Scene(grid: grid, spot: spot, words: "\(one)与\(other)路口", border: border)
            }
            return Scene(grid: grid, spot: spot, words: land.address(half, share), border: border)
        }
        return Scene(grid: grid, spot: Plane.snapped(outline.middle(&chance)), words: land.grids[grid].name)
    }
}
