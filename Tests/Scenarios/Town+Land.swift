import Basics
import Foundation
import Geo
import Grids
import Ledger
import Posts
import Store
import Support
import Web

@testable import weiwang

// Boundaries come into the town as `weiwang import grids` takes them: from a file, checked, all or nothing.
extension Town {
    /// Two buildings of the ledger, one in each micro-grid of the first working grid.
    func buildings() async throws {
        let (ledger, now) = (engines.ledger, clock.time.now)
        let places = [
            ("building", "丹亭小区 3 号楼", "槐荫路 88 号", Town.micro, try grid("1.1.1.1").path),
            ("building", "丹亭小区 4 号楼", "槐荫路 90 号", Town.otherMicro, try grid("1.1.1.2").path),
        ]
        try await engines.database.write { tx in
            for (register, name, address, point, path) in places {
                let id = RecordID(Town.id(name))
                try ledger.put(
                    NewRecord(
                        id: id, register: register, name: name, values: ["address": .text(address)], point: point, path: path),
                    source: "test", act: .system("test", id: id.uuid, at: now), in: tx)
            }
        }
    }

    static func block(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> MultiPolygon {
        MultiPolygon(Box(west: west, south: south, east: east, north: north))
    }

    static func feature(_ code: String, _ shape: MultiPolygon, _ more: [String: String] = [:]) -> GeoJSON.Feature {
        GeoJSON.Feature(shape: shape, sort: "Polygon", properties: more.merging(["code": code]) { $1 })
    }

    /// What an import would do; nothing is written but the file.
    func plan(_ level: String, _ features: [GeoJSON.Feature], _ change: (inout LandImport) -> Void = { _ in }) async throws -> LandPlan {
        let path = NSTemporaryDirectory() + "land-\(UUIDv7(at: .systemNow)).geojson"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let lines = try features.map { feature in
            let properties = String(decoding: try JSONSerialization.data(withJSONObject: feature.properties), as: UTF8.self)
            return
                "{\"type\":\"Feature\",\"properties\":\(properties),\"geometry\":\(feature.shape.map { GeoJSON.text(of: $0) } ?? "null")}"
        }
        try "{\"type\":\"FeatureCollection\",\"features\":[\(lines.joined(separator: ",\n"))]}".write(
            toFile: path, atomically: true, encoding: .utf8)
        var wanted = LandImport(level: level)
        change(&wanted)
        let grids = engines.grids
        let land = try await engines.database.read { try grids.land(in: $0) }
        return try wanted.plan(BoundaryFile(path: path).features, on: land, levels: grids.levels, today: grids.today, at: clock.time.now)
    }

    @discardableResult
    func take(_ level: String, _ features: [GeoJSON.Feature], _ change: (inout LandImport) -> Void = { _ in }) async throws -> LandPlan {
        let plan = try await plan(level, features, change)
        try await apply(plan)
        return plan
    }

    func apply(_ plan: LandPlan) async throws {
        let (grids, now) = (engines.grids, clock.time.now)
        try await engines.database.write { try grids.apply(plan, by: .system("import"), at: now, in: $0) }
        try await settle()
    }

    /// What `/api/locate` says of a point.
    func located(_ point: Coordinate, on day: String? = nil) async throws -> (codes: [String], levels: [String], post: [String: Any]) {
        let answer = try await browser().get("/api/locate?lon=\(point.lon)&lat=\(point.lat)" + (day.map { "&on=\($0)" } ?? ""))
        let grids = answer.document["grids"] as? [[String: Any]] ?? []
        return (
            grids.compactMap { $0["code"] as? String }, grids.compactMap { $0["level"] as? String },
            answer.document["post"] as? [String: Any] ?? [:]
        )
    }

    /// How many entries the journal has of land.
    func landEntries() async throws -> Int {
        try await engines.database.read { try $0.count("SELECT COUNT(*) FROM entry WHERE verb LIKE 'grid.%' OR verb LIKE 'land.%'") }
    }
}

extension WebClient.Answer {
    /// A JSON object; empty when it is none.
    var document: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:] }
    /// The features of a collection.
    var features: [[String: Any]] { document["features"] as? [[String: Any]] ?? [] }
}
