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

/// The little that pages ask of the land.
struct LandView {
    let land: Land

    init(_ house: House, in tx: Transaction) throws { land = try house.grids.land(in: tx) }

    /// The chain of grids that hold a point, the root not among them.
    func chain(at point: Coordinate) -> [NamedGrid] { land.locate(point).map(named) }
    func grid(_ id: GridID) -> NamedGrid? { nil }
    func above(_ grid: NamedGrid) -> [NamedGrid] { [] }
    func inside(_ path: Path) -> [NamedGrid] { [] }
    func shape(of id: GridID) -> MultiPolygon? { nil }
    /// Outlines that come into a box, coarse to fine.
    func shapes(in box: Box, finest: Bool) -> [(shape: MultiPolygon, depth: Int)] { [] }
    var whole: Box { .empty }

    private func named(_ grid: GridRef) -> NamedGrid { NamedGrid(id: grid.id, name: "", path: grid.path) }
}
