import Basics
import Geo
import Grids
import Store

/// A grid as pages name it.
struct NamedGrid: Sendable {
    let id: GridID
    let name: String
    let path: Path
}

/// The little that pages ask of the land, as it is today.
struct LandView {
    let today: LandDay

    init(_ house: House, in tx: Transaction) throws { today = try house.grids.land(in: tx).on() }

    /// The chain of grids that hold a point, the root not among them.
    func chain(at point: Coordinate) -> [NamedGrid] { today.locate(point).map(named) }
    func grid(_ id: GridID) -> NamedGrid? { today[id].map(named) }
    /// The grids above, the root not among them, the nearest last.
    func above(_ grid: NamedGrid) -> [NamedGrid] { today[grid.id].map { today.chain(to: $0).dropLast().map(named) } ?? [] }
    /// The grids just below a path.
    func inside(_ path: Path) -> [NamedGrid] { today[path].map { today.children(of: $0.id).map(named) } ?? [] }
    func shape(of id: GridID) -> MultiPolygon? { today[id] == nil ? nil : today.shape(of: id) }

    /// Outlines that come into a box, coarse ones last so that they lie on top.
    func shapes(in box: Box, deepest rank: Int) -> [(shape: MultiPolygon, rank: Int)] {
        today.meeting(box).filter { today.refs[$0].rank > 0 && today.refs[$0].rank <= rank }.map { (today.shapes[$0], today.refs[$0].rank) }
            .sorted { $0.1 > $1.1 }
    }

    var whole: Box {
        today.root.map { root in today.children(of: root.id).reduce(.empty) { $0.union(today.shape(of: $1.id).box) } } ?? .empty
    }

    private func named(_ grid: GridRef) -> NamedGrid { NamedGrid(id: grid.id, name: grid.name, path: grid.path) }
}
