import Catalog
import Geo

// Splitting, merging, drawing. A grid that has grids inside is divided between them: each goes whole to the side that has most of it, so that
// no border of the levels below is cut.

extension LandDraft {
    mutating func split(_ grid: GridID, _ line: [Coordinate], _ within: Double, _ topology: Topology) throws {
        let place = try living(grid)
        let inner = children(of: grid)
        var probe = work
        let drawn = try probe.drawn(line, within: within, topology: topology)
        let cut = try probe.pieces(of: place, cutBy: drawn, topology: topology)
        guard !inner.isEmpty else {
            work = probe
            work.replace(place, with: cut.larger)
            make(like: items[place], under: items[place].parent, shape: cut.smaller)
            return
        }
        let part = try divided(place, inner, by: cut.smaller, topology)
        guard !part.inside.isEmpty, part.inside.count < inner.count else { throw DraftRefusal.oneSided(items[place].name) }
        hand(part, from: place, under: items[place].parent)
    }

    mutating func merge(_ grid: GridID, _ other: GridID, _ topology: Topology) throws {
        var (keeps, goes) = (try living(grid), try living(other))
        guard keeps != goes, items[keeps].level == items[goes].level, items[keeps].parent == items[goes].parent else {
            throw DraftRefusal.otherParent
        }
        // What is there already goes before what the draft made.
        if items[keeps].before == nil, items[goes].before != nil { swap(&keeps, &goes) }
        let shape: MultiPolygon
        do { shape = try work.joined(keeps, goes, topology: topology) } catch let fault as Patchwork.Fault {
            throw DraftRefusal(fault, items[keeps].name, items[goes].name)
        }
        for child in children(of: items[goes].id) { items[child].parent = items[keeps].id }
        items[goes].isOver = true
        work.replace(goes, with: .empty)
        work.replace(keeps, with: shape)
    }

    mutating func draw(_ parent: GridID, _ outline: [Coordinate], _ within: Double, _ topology: Topology) throws {
        let drawn = try work.drawn(outline, closed: true, within: within, topology: topology)
        let siblings = children(of: parent)
        let above: GridRef? = day[parent]
        guard places[parent] != nil || above?.grid.isRoot == true else { throw DraftRefusal.gone }
        let rank = places[parent].map { items[$0].rank } ?? 0
        guard let level = siblings.first.map({ items[$0].level }) ?? levels.first(where: { $0.rank > rank })?.id,
            let depth = levels.first(where: { $0.id == level })?.rank
        else { throw DraftRefusal.lowest(self[parent]?.name ?? "") }
        var free = MultiPolygon([Polygon(outer: Ring(drawn))])
        if let place = places[parent] { free = try work.carved(place, by: drawn, topology: topology).inside }
        var taken: [MultiPolygon] = []
        var handed: [Int] = []
        for sibling in siblings {
            let inner = children(of: items[sibling].id)
            let part: (inside: [Int], shape: MultiPolygon, left: MultiPolygon)
            if inner.isEmpty {
                let cut = try work.carved(sibling, by: drawn, topology: topology)
                part = ([], cut.inside, cut.left)
            } else {
                part = try divided(sibling, inner, by: free, topology)
            }
            guard !part.shape.isEmpty else { continue }
            guard !part.left.isEmpty else { throw DraftRefusal.vanishes(items[sibling].name) }
            work.replace(sibling, with: part.left)
            taken.append(part.shape)
            handed += part.inside
        }
        let others = siblings.map { work.shapes[$0] } + taken
        // Narrower than a hand can draw is rounding.
        free = try others.reduce(free) { try topology.difference($0, $1) }
        free = MultiPolygon(free.polygons.filter { $0.area >= 1 && 2 * $0.area / $0.perimeter > 0.01 })
        guard !taken.isEmpty || !free.isEmpty else { throw DraftRefusal.emptyLand }
        let model =
            siblings.last.map { items[$0] }
            ?? Item(
                id: parent, level: level, rank: depth, code: (self[parent]?.code ?? above?.code ?? "") + "00",
                name: (self[parent]?.name ?? above?.name ?? "") + "0", parent: parent, before: nil)
        make(like: model, under: parent, shape: try topology.union(taken + [free]))
        let new = items[items.count - 1].id
        for child in handed { items[child].parent = new }
    }

    /// Which inner grids lie mostly in an area, their land with what else of the grid lies there, and the rest.
    private func divided(
        _ place: Int, _ inner: [Int], by area: MultiPolygon, _ topology: Topology
    ) throws -> (inside: [Int], shape: MultiPolygon, left: MultiPolygon) {
        let inside = try inner.filter { try topology.sharedArea(work.shapes[$0], area) > work.shapes[$0].area / 2 }
        guard !inside.isEmpty else { return ([], .empty, work.shapes[place]) }
        let others = inner.filter { !inside.contains($0) }
        // Land of the grid that no inner one has goes by the line itself.
        let bare = try topology.difference(work.shapes[place], topology.union(inner.map { work.shapes[$0] }))
        let wide = MultiPolygon(bare.polygons.filter { 2 * $0.area / $0.perimeter > 0.01 })
        let here = wide.isEmpty ? MultiPolygon.empty : try topology.intersection(wide, area)
        let there = wide.isEmpty ? MultiPolygon.empty : try topology.difference(wide, area)
        return (
            inside, try topology.union(inside.map { work.shapes[$0] } + [here]),
            try topology.union(others.map { work.shapes[$0] } + [there])
        )
    }

    /// Makes a grid of a part of another; the larger keeps its name.
    private mutating func hand(_ part: (inside: [Int], shape: MultiPolygon, left: MultiPolygon), from place: Int, under parent: GridID) {
        let isSmaller = part.shape.area <= part.left.area
        let all = children(of: items[place].id)
        work.replace(place, with: isSmaller ? part.left : part.shape)
        make(like: items[place], under: parent, shape: isSmaller ? part.shape : part.left)
        let new = items[items.count - 1].id
        for child in all where part.inside.contains(child) == isSmaller { items[child].parent = new }
    }
}
