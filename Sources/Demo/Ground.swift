import Basics
import Catalog
import Foundation
import Geo
import Ledger
import Store

/// Grids, streets, compounds and buildings as rows.
struct Ground {
    private(set) var grids = BulkRows("grid", "id", "code", "name", "level", "nature", "attributes", "from_day", "to_day")
    private(set) var paths = BulkRows("grid_path", "grid_id", "parent_id", "path", "from_day", "to_day")
    private(set) var shapes = BulkRows("grid_shape", "grid_id", "shape", "area", "from_day", "to_day")
    private(set) var records = BulkRows(
        "record", "id", "register", "name", "fields", "lon", "lat", "cell", "shape", "path_now", "confirmed_at", "from_day", "to_day")
    private(set) var links = BulkRows("link", "id", "from_id", "role", "to_id", "from_day", "to_day")
    private(set) var texts: [SearchDocument] = []

    private let land: Land
    private let at: Instant
    private var chance = Seeded("records")
    private var city: DemoContent.City { land.content.city }

    init(_ land: Land, catalog: Catalog, root: UUIDv7) throws {
        self.land = land
        at = Instant(land.content.day - 400, in: catalog.platform.zone)
        for element in city.elements.all where catalog.element(element) == nil {
            throw DemoFailure.content("city.yaml: no element \(element) in the catalog")
        }
        for grid in land.grids {
            grids.add(grid.id, grid.code, grid.name, city.levels[grid.depth - 1], grid.nature, "{}", Day.beginning, Day.end)
            paths.add(grid.id, grid.parent.map { land.grids[$0].id } ?? root, grid.path, Day.beginning, Day.end)
            let shape = Self.shape(grid.outline.points)
            shapes.add(grid.id, WKB.bytes(of: shape), shape.area, Day.beginning, Day.end)
        }
        for way in land.plan.ways { try addStreet(way) }
        let houses = Dictionary(grouping: land.buildings.indices, by: { land.buildings[$0].compound ?? -1 })
        for index in land.compounds.indices { try addCompound(index, buildings: houses[index] ?? []) }
        for building in land.buildings { try addBuilding(building) }
    }

    private mutating func addStreet(_ way: Way) throws {
        guard let name = land.wayNames[way.number], way.line.count > 1 else { return }
        let line = RecordShape.lines([way.line.map(Self.coordinate)])
        try add(
            chance.id(at: at), city.streets, name, [city.elements.length: .number(way.length.rounded())],
            Plane.snapped(way.line[way.line.count / 2]),
            line, land.grids.first { $0.depth == 4 && $0.outline.contains(way.line[way.line.count / 2]) }?.path ?? .root)
    }

    private mutating func addCompound(_ index: Int, buildings: [Int]) throws {
        let compound = land.compounds[index]
        let faces = compound.grids.reduce(into: Set<Int>()) { $0.formUnion(land.grids[$1].faces) }
        let outline = land.plan.map.outline(of: faces)
        let homes = buildings.reduce(0) { $0 + land.buildings[$1].homes }
        try add(
            compound.id, city.compounds, compound.name,
            [
                city.elements.buildings: .number(Double(buildings.count)), city.elements.households: .number(Double(homes)),
                city.elements.built_year: .number(Double(chance.int(1986..<2021))),
                city.elements.management: .text(chance.pick(city.managements)),
            ], compound.middle, outline.map { .area(Self.shape($0.points)) }, compound.path)
    }

    private mutating func addBuilding(_ building: LandBuilding) throws {
        try add(
            building.id, city.buildings, building.name,
            [
                city.elements.address: .text(land.address(of: building)), city.elements.floors: .number(Double(building.floors)),
                city.elements.households: .number(Double(building.homes)),
            ], building.middle, .area(Self.shape(building.corners)), land.grids[building.grid].path)
        if let compound = building.compound {
            links.add(chance.id(at: at), building.id, city.building_link, land.compounds[compound].id, Day.beginning, Day.end)
        }
    }

    private mutating func add(
        _ id: UUIDv7, _ register: String, _ name: String, _ values: [String: FactValue], _ spot: Spot, _ shape: RecordShape?, _ path: Path
    ) throws {
        let facts = values.mapValues { Fact(value: $0, by: nil, at: at, source: "demo") }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let place = Plane.lonLat(spot)
        records.add(
            id, register, name, String(decoding: try encoder.encode(facts), as: UTF8.self), place.lon, place.lat,
            DemoCity.cell(place.lon, place.lat), shape?.wkb, path, at, Day.beginning, Day.end)
        texts.append(SearchDocument(id, text: Ledger.searchText(name, facts.filter { $0.key == city.elements.address })))
    }

    private static func coordinate(_ spot: Spot) -> Coordinate {
        let place = Plane.lonLat(spot)
        return Coordinate(lon: place.lon, lat: place.lat)
    }

    private static func shape(_ points: [Spot]) -> MultiPolygon {
        MultiPolygon([Polygon(outer: Ring((points + points.prefix(1)).map(coordinate)))])
    }
}
