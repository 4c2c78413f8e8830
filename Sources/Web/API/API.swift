import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// The interface for programs: each route with what a reader of `/api/openapi.json` must know, so that table and document are one.
struct APIRoute: Sendable {
    struct Parameter: Sendable {
        enum Place: String, Sendable { case query, path }
        enum Sort: String, Sendable { case string, number, integer, date }
        let name: String
        let place: Place
        let sort: Sort
        let required: Bool
        /// All it may be, where that is few.
        var values: [String] = []

        static func query(_ name: String, _ sort: Sort = .string, required: Bool = false, values: [String] = []) -> Parameter {
            Parameter(name: name, place: .query, sort: sort, required: required, values: values)
        }
        static func path(_ name: String) -> Parameter { Parameter(name: name, place: .path, sort: .string, required: true) }
    }

    /// Who gets an answer; checked by `APIReader`, since a program is refused and not led to a page.
    enum Open: Sendable { case all, reader, exporter }

    /// Also the key of its sentences: `api.<id>`.
    let id: String
    let path: String
    let open: Open
    var parameters: [Parameter] = []
    /// Content types of the answer.
    var types = ["application/json"]
    /// Refusals besides 422, and 429 where a key may ask.
    var refusals: [Int] = []
    let handler: Handler
}

enum API {
    static let filters: [APIRoute.Parameter] = [
        .query("tab", values: MatterFilter.Tab.allCases.map(\.rawValue)), .query("grid"), .query("category"), .query("state"), .query("q"),
        .query("opened_from", .date),
        .query("opened_before", .date), .query("closed_from", .date), .query("closed_before", .date), .query("channel"),
        .query("confirmed", values: Matter.Answer.allCases.map(\.rawValue)),
    ]

    static var all: [APIRoute] {
        [
            APIRoute(
                id: "locate", path: "/api/locate", open: .all,
                parameters: [.query("lon", .number, required: true), .query("lat", .number, required: true), .query("on", .date)],
                handler: LocateAPI.show),
            APIRoute(
                id: "grids", path: "/api/grids", open: .all, parameters: [.query("level"), .query("under"), .query("on", .date)],
                types: ["application/geo+json"], refusals: [404], handler: GridsAPI.show),
            APIRoute(
                id: "matters", path: "/api/matters", open: .reader,
                parameters: filters + [
                    .query("order", values: [MattersAPI.newest]), .query("page", .integer), .query("page_size", .integer),
                    .query("count", values: [MattersAPI.noCount]),
                ],
                refusals: [403, 404],
                handler: MattersAPI.list),
            APIRoute(
                id: "matter", path: "/api/matters/:number", open: .reader, parameters: [.path("number")], refusals: [403, 404],
                handler: MattersAPI.show),
            APIRoute(
                id: "export_matters", path: "/api/export/:file", open: .exporter,
                parameters: [.path("file"), .query("level")] + filters,
                types: ["text/csv", "application/geo+json", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
                refusals: [403, 404], handler: ExportAPI.show),
            APIRoute(id: "openapi", path: "/api/openapi.json", open: .all, handler: OpenAPI.show),
            APIRoute(id: "health", path: "/health", open: .all, refusals: [503], handler: Health.show),
        ]
    }

    static func declare(_ routes: inout Routes) {
        for route in all { routes.route(.get, route.path, needs: .client, route.handler) }
    }
}

/// Who asks: a signed-in person, or a client by its key.
enum APIReader {
    static let unknown = PlainRefusal("api.who", sort: .forbidden)

    /// - Throws: *forbidden* for nobody, *too many* beyond a client's rate.
    static func actor(_ call: Call) async throws -> Actor {
        if let session = call.session { return session.actor }
        let key = call.apiKey()
        guard !key.isEmpty else { throw unknown }
        let client = try await call.house.open311.admit(key, call.house, at: call.now)
        // NB: the remembered client is only for its rate; whether the key still opens is asked each time.
        guard let current = try await call.house.database.read({ [posts = call.house.posts] tx in try posts.client(key: key, in: tx) })
        else {
            call.house.open311.forget(key)
            throw Open311Memory.noKey
        }
        guard current.id == client.id, !current.verbs.isDisjoint(with: [VerbGroup.see.rawValue, VerbGroup.export.rawValue]) else {
            throw PlainRefusal("api.no_sight", sort: .forbidden)
        }
        return current.actor
    }
}

extension Call {
    /// A document of its own making, in the order given.
    func tree(_ tree: Tree, type: String = "application/json; charset=utf-8") -> Response {
        Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: .init(bytes: tree.jsonBytes)))
    }

    /// A whole number of the query from 1, or the usual one; more than the most is the most.
    /// - Throws: *invalid* when it is none.
    func count(_ name: String, or usual: Int, most: Int) throws -> Int {
        guard !query(name).isEmpty else { return usual }
        guard let count = Int(query(name)), count >= 1 else { throw PlainRefusal("api.value", values: ["name": name]) }
        return min(count, most)
    }

    /// A day of the query; nil when it is not there.
    /// - Throws: *invalid* when it is none.
    func day(_ name: String) throws -> Day? {
        guard !query(name).isEmpty else { return nil }
        guard let day = Day(query(name)) else { throw PlainRefusal("api.day", values: ["name": name]) }
        return day
    }
}
