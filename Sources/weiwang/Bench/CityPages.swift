import ArgumentParser
import Basics
import Foundation
import Geo
import Matters
import Posts
import Store

/// The main pages of the six roles, each at addresses from all over the city.
struct CityPages {
    private let server: BenchServer
    private let town: BenchTown
    private let grids: [String]
    private let places: [Coordinate]
    /// Units, posts and persons.
    private let staff: [[String]]
    private let links: [String]

    init(_ server: BenchServer, _ town: BenchTown) async throws {
        self.server = server
        self.town = town
        let (engines, now) = (server.engines, server.engines.time.now)
        (grids, places, staff) = try await engines.database.read { tx in
            func some(_ table: String) throws -> [String] {
                let all = try tx.all("SELECT id FROM \(sql: SQL(stringLiteral: table))") { (try $0["id"] as UUIDv7).description }
                return stride(from: 0, to: all.count, by: max(1, all.count / 200)).map { all[$0] }
            }
            let places = try tx.all("SELECT lon, lat FROM matter WHERE state = 'open' AND cell IS NOT NULL LIMIT 300") {
                Coordinate(lon: try $0["lon"], lat: try $0["lat"])
            }
            return (try some("grid WHERE level <> 'root'"), places, [try some("unit"), try some("post"), try some("person")])
        }
        links = try await engines.database.write { tx in
            try tx.all("SELECT id FROM report LIMIT 100") { try $0["id"] as UUIDv7 }.map {
                try engines.posts.reporterPass(report: $0, verbs: [], at: now, in: tx).token
            }
        }
    }

    func all() async throws -> [CityPage] {
        try await resident() + field("micro") + field("worker") + desk("officer") + desk("center") + desk("department") + command()
            + admin()
    }

    private func resident() -> [CityPage] {
        func page(_ name: String, _ paths: [String]) -> CityPage { CityPage(role: "resident", name: name, visitor: nil, paths: paths) }
        return [
            page("home", ["/"]), page("grid", grids.map { "/g/\($0)" }), page("card", grids.map { "/g/\($0)/card" }),
            page("report", ["/report"] + grids.map { "/report?grid=\($0)" }),
            page("nearby", places.map { "/report/nearby?lon=\($0.lon)&lat=\($0.lat)&words=路灯".escaped }),
            page("map picture", places.map { "/map.svg?view=\($0.lon),\($0.lat),3&marks=1" }), page("find", ["/find"]),
            page("progress of a report", links.map { "/r/\($0)" }), page("receipt", links.map { "/r/\($0)/receipt" }),
            page("open311 list", ["/open311/v2/requests.json"]), page("sign-in", ["/sign-in"]),
        ]
    }

    private func field(_ name: String) async throws -> [CityPage] {
        let (visitor, matters) = try await visitor(name)
        func page(_ title: String, _ paths: [String]) -> CityPage { CityPage(role: name, name: title, visitor: visitor, paths: paths) }
        return [
            page("today", ["/field"]), page("land", ["/field/land"]), page("done", ["/field/done"]), page("report", ["/field/report"]),
            page("nearby", places.map { "/field/report/nearby?lon=\($0.lon)&lat=\($0.lat)&words=路灯".escaped }),
            page("matter", matters.map { "/field/matters/\($0)" }), page("me", ["/me"]),
        ]
    }

    private func desk(_ name: String) async throws -> [CityPage] {
        let (visitor, matters) = try await visitor(name)
        func page(_ title: String, _ paths: [String]) -> CityPage { CityPage(role: name, name: title, visitor: visitor, paths: paths) }
        return MatterFilter.Tab.allCases.map { page("desk \($0.rawValue)", ["/desk?tab=\($0.rawValue)"]) } + [
            page("desk", ["/desk"]), page("desk, search of 2", ["路灯", "井盖", "污水"].map { "/desk?q=\($0)".escaped }),
            page("desk, search of 4", ["/desk?q=垃圾清运".escaped]), page("matter", matters.map { "/desk/matters/\($0)" }),
            page("matter now", matters.map { "/desk/matters/\($0)/now" }), page("new", ["/desk/new"]), page("calls", ["/desk/calls"]),
            page("queue", ["/desk/queue"]), page("api list of 50", ["/api/matters?page_size=50&count=no&order=newest"]),
        ]
    }

    private func command() async throws -> [CityPage] {
        let (visitor, _) = try await visitor("root")
        func page(_ title: String, _ paths: [String]) -> CityPage { CityPage(role: "command", name: title, visitor: visitor, paths: paths) }
        func tiles(_ layer: String, _ zoom: Int) -> CityPage {
            page("\(layer) \(zoom)", Set(places.map { Tile(holding: $0, zoom: zoom) }).map { "\(layer)/\($0.z)/\($0.x)/\($0.y).mvt" })
        }
        let pieces = ["figures", "table", "late", "battle-figures", "battle-now"].map { page("piece \($0)", ["/command/pieces/\($0)"]) }
        let layers = ["/tiles/grids", "/tiles/matters", "/tiles/duty"].flatMap { layer in [8, 11, 14, 16].map { tiles(layer, $0) } }
        return [page("command", ["/command"]), page("of a grid", grids.map { "/command?grid=\($0)" }), page("list", ["/command/list"])]
            + pieces
            + [page("map", ["/command/map"]), page("map picture", ["/command/map.svg"]), page("duty", ["/command/duty"])] + layers
            + [tiles("/tiles/streets", 14), tiles("/tiles/buildings", 16)] + (try await desk("root"))
    }

    private func admin() async throws -> [CityPage] {
        let (visitor, _) = try await visitor("admin")
        func page(_ title: String, _ paths: [String]) -> CityPage { CityPage(role: "admin", name: title, visitor: visitor, paths: paths) }
        return [
            page("coverage", ["/admin"]), page("gaps", ["/admin/gaps/vacant"]),
            page("grid", grids.map { "/admin/grids/\($0)" }), page("units", ["/admin/units"]),
            page("unit", staff[0].map { "/admin/units/\($0)" }), page("post", staff[1].map { "/admin/posts/\($0)" }),
            page("people", ["/admin/people"]), page("people, search", ["/admin/people?q=林".escaped]),
            page("person", staff[2].map { "/admin/people/\($0)" }), page("net", ["/admin/map"]),
            page("net of a grid", grids.map { "/admin/map?grid=\($0)" }),
            page("net coverage", grids.map { "/admin/map/coverage?grid=\($0)" }),
            page("division", ["/admin/division"]),
        ]
    }

    /// Who signs in by that name, and what he sees.
    private func visitor(_ name: String) async throws -> (BenchVisitor, matters: [String]) {
        guard let person = town.people.first(where: { $0.name == name }) else { throw ValidationError("no sign-in \(name)") }
        let visitor = try await server.visitor(person)
        let (matters, posts, now) = (server.engines.matters, server.engines.posts, server.engines.time.now)
        let seen = try await server.engines.database.read { tx in
            let actor = try posts.book(in: tx).actor(visitor.person, at: now)
            return try matters.list(MatterFilter(), for: actor, at: now, limit: 200, in: tx).map { $0.matter.id.description }
        }
        return (visitor, seen)
    }
}

extension String {
    /// Chinese as an address carries it.
    fileprivate var escaped: String {
        addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? self
    }
}
