import Basics
import Catalog
import Geo
import Store

/// What a plain map draws of the ledger: lines (streets) and areas (buildings, compounds), without any fact.
package struct MapShapes: Sendable {
    package var lines: [(name: String, shape: [[Coordinate]])] = []
    package var areas: [MultiPolygon] = []
    /// Areas that hold others: compounds.
    package var grounds: [MultiPolygon] = []
}

extension Ledger {
    /// The widest areas that tell places (compounds, not houses) below a path: the first names, and how many there are.
    package func areaNames(under path: Path, on day: Day, limit: Int = 3, in tx: Transaction) throws -> (names: [String], count: Int) {
        guard let register = try registers().telling.last(where: { $0.place == .area })?.id else { return ([], 0) }
        return (
            try records(register, under: path, on: day, limit: limit, in: tx).map(\.name), try count(register, under: path, on: day, in: tx)
        )
    }
}

extension Ledger {
    /// Square metres beyond which an area is ground and no building.
    private var largestBuilding: Double { 4000 }

    /// - Parameter areas: false leaves the areas out, where they would be specks.
    package func shapes(in box: Box, on day: Day, areas: Bool, in tx: Transaction) throws -> MapShapes {
        var shapes = MapShapes()
        for line in try lines(in: tx).lines(in: box) {
            if case .lines(let points) = line.shape { shapes.lines.append((line.name, points)) }
        }
        guard areas else { return shapes }
        let corner = Coordinate(lon: box.west, lat: box.south)
        let registers = try registers().byID.values.filter { $0.place == .area || $0.place == .point }.map(\.id).sorted()
        for found in try near(box.center, meters: box.center.distance(to: corner) + 60, registers: registers, on: day, limit: 1500, in: tx)
        {
            guard case .area(let shape)? = found.record.shape else { continue }
            if shape.area > largestBuilding { shapes.grounds.append(shape) } else { shapes.areas.append(shape) }
        }
        return shapes
    }
}
