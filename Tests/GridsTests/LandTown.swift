import Basics
import Catalog
import Foundation
import Geo
import Store
import Support
import Synchronization
@testable import Grids

/// Blocks of land in metres east and north of a corner in Zhengzhou, imported as a file would be.
struct LandTown {
    let database: Database
    let grids: Grids
    let clock: Clock

    final class Clock: Sendable {
        private let day: Mutex<Day>
        init(_ day: Day) { self.day = Mutex(day) }
        var today: Day {
            get { day.withLock { $0 } }
            set { day.withLock { $0 = newValue } }
        }
    }

    static let levels = ["subdistrict", "community", "third", "micro"].enumerated().map {
        Level(id: $1, rank: $0 + 1, natures: $1 == "micro" ? ["school", "mall"] : [])
    }
    static let plane = LocalPlane(at: Coordinate(lon: 113.6, lat: 34.7))

    init(_ database: Database, today: String = "2026-11-21") async throws {
        self.database = database
        let clock = Clock(Day(today) ?? .beginning)
        self.clock = clock
        let grids = Grids(levels: Self.levels, zone: .gmt, time: TimeSource { Instant(clock.today, in: .gmt) })
        self.grids = grids
        let now = Instant(clock.today, in: .gmt)
        let root = GridID(at: now)
        try await database.write { try grids.bootstrap(id: root, name: "Root", at: now, in: $0) }
        try await reload()
    }

    func reload() async throws {
        let grids = grids
        _ = try await database.read { try grids.reload(in: $0) }
    }

    static func at(_ x: Double, _ y: Double) -> Coordinate {
        let c = plane.coordinate(x: x, y: y)
        return Coordinate(lon: (c.lon * 1e9).rounded() / 1e9, lat: (c.lat * 1e9).rounded() / 1e9)
    }

    static func block(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> MultiPolygon {
        MultiPolygon([Polygon(outer: Ring([at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)]))])
    }

    static func feature(_ code: String, _ shape: MultiPolygon?, _ more: [String: String] = [:]) -> GeoJSON.Feature {
        GeoJSON.Feature(shape: shape, sort: shape == nil ? "Point" : "Polygon", properties: more.merging(["code": code]) { $1 })
    }

    func plan(_ level: String, _ features: [GeoJSON.Feature], _ change: (inout LandImport) -> Void = { _ in }) throws -> LandPlan {
        var wanted = LandImport(level: level)
        change(&wanted)
        return try wanted.plan(
            features, on: grids.land, levels: grids.levels, today: clock.today, at: Instant(clock.today, in: .gmt))
    }

    @discardableResult
    func take(_ level: String, _ features: [GeoJSON.Feature], _ change: (inout LandImport) -> Void = { _ in }) async throws -> LandPlan {
        let plan = try plan(level, features, change)
        let grids = grids
        let now = Instant(clock.today, in: .gmt)
        try await database.write { try grids.apply(plan, by: .system("test"), at: now, in: $0) }
        try await reload()
        return plan
    }

    /// Codes of the chain at a place in metres.
    func codes(_ x: Double, _ y: Double, on day: String? = nil) -> String {
        grids.land.locate(Self.at(x, y), on: day.flatMap { Day($0) }).map(\.code).joined(separator: ",")
    }
}
