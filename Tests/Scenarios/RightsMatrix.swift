import Basics
import Catalog
import Foundation
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

/// Every route × who comes × whose land × privacy class (model.md 2.11): what is not yours to see is not there, by no door; reading never
/// acts; and what is not yours to do leaves the journal as it was.
@Suite struct RightsMatrix {
    @Test("ASVS-3.5.3 ASVS-8.2.2 ASVS-8.3.1 ASVS-8.4.1 everybody at every door", arguments: Backend.all)
    func everyDoor(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let cast = try await RightsCast.set(town)
            try await engineAgrees(town, cast)
            try await reading(town, cast)
            try await lists(town, cast)
            try await acting(town, cast)
        }
    }

    /// The reach said in words of the town, the engine's rule in memory and its rule as SQL are one.
    private func engineAgrees(_ town: Town, _ cast: RightsCast) async throws {
        let now = town.clock.time.now
        for visitor in RightsCast.visitors {
            guard let name = visitor.name else { continue }
            let actor = try await town.actor(name)
            for piece in cast.pieces {
                let matter = try await town.matter(piece.id)
                let posts = try await town.parts(piece.id).map(\.post)
                let (engine, rights) = (town.engines.matters, town.engines.posts)
                let row = ScopeRow(
                    id: matter.id.uuid, path: matter.path, privacy: matter.privacy, category: matter.category, posts: posts,
                    reports: [piece.report.uuid])
                let (inMemory, inSQL) = try await town.engines.database.read { tx in
                    (try rights.scope(of: actor, .see, at: now, in: tx).admits(row), try engine.sees(actor, matter, at: now, in: tx))
                }
                #expect(inMemory == visitor.sees(piece), "\(name), \(piece.name)")
                #expect(inSQL == inMemory, "\(name), \(piece.name): lists and live parts differ")
            }
        }
    }

    // MARK: Reading

    private func reading(_ town: Town, _ cast: RightsCast) async throws {
        for visitor in RightsCast.visitors {
            let browser = try await town.browser(visitor.name)
            let before = try await town.entries()
            for route in WebApp.routes.all where route.reads {
                // A stream that does not end; LiveTests reads it.
                if route.path.hasSuffix("/live"), visitor.name != nil || route.need == .link { continue }
                // The link's own authority and the public interface: the same whoever asks, so three ask.
                if route.need == .link || route.path.hasPrefix("/open311"), !["nobody", "何雨", "白桦"].contains(visitor.title) { continue }
                for piece in route.names(":matter", ":report", ":digest", ":number", ":token", ":id") ? cast.pieces : [cast.pieces[0]] {
                    let path = try Self.address(route.path, piece, town)
                    let answer = try await browser.get(path)
                    let expected = self.expected(route, visitor, piece)
                    #expect(expected.contains(answer.status), "\(visitor.title) GET \(path), \(piece.name): \(answer.status)")
                    if answer.status == 303, visitor.name == nil { #expect(answer.location.hasPrefix("/sign-in"), "\(path)") }
                    noForeign(answer, path, visitor, cast, but: route.need == .link ? piece : nil)
                }
            }
            #expect(try await town.entries() == before, "reading acted, as \(visitor.title)")
        }
    }

    /// The statuses that are right.
    private func expected(_ route: Route, _ visitor: RightsCast.Visitor, _ piece: RightsCast.Piece) -> Set<Int> {
        let isPublic = piece.privacy == .open
        let sees = visitor.sees(piece)
        switch route.need {
        case .account, .field, .desk, .command, .admin, .walls, .audit:
            guard visitor.name != nil else { return [303] }
            guard visitor.opens.contains(route.need) else { return [403] }
            if route.path.hasPrefix("/command/table") { return Self.exporters.contains(visitor.title) ? [200] : [403] }
            if route.names(":place") { return [404] }  // the town has none
            if route.path == "/admin/grids" { return [303] }  // to the top grid
            return route.names(":matter", ":report") && !sees ? [404] : [200]
        case .link: return [200]
        case .anyone:
            if ["/assets/**", "/vendor/**", "/map.svg"].contains(route.path) { return [404] }  // nothing is named
            if route.path.hasPrefix("/sign-in/") { return [303] }  // nobody is half-way in
            if route.path == "/sign-in" { return [200, 303] }  // who is in goes to the day's page
            if route.path.hasPrefix("/report/drafts/") { return [404] }  // no photo waits for a report that is in
            // Strangers see a photo once somebody has taken the matter up; at the far end nobody has.
            return route.names(":digest") && !sees && !(isPublic && piece.isNear) ? [404] : [200]
        case .client:
            if route.path.hasPrefix("/open311") { return route.names(":id") && !isPublic ? [404] : [200] }
            if route.path == "/live" { return [403] }
            if route.path == "/api/matters" { return visitor.name == nil ? [403] : [200] }
            if route.path.hasPrefix("/api/export") { return Self.exporters.contains(visitor.title) ? [200] : [403] }
            if route.names(":number") { return visitor.name == nil ? [403] : sees || isPublic ? [200] : [404] }
            return [200]
        }
    }

    private static let exporters: Set<String> = ["何雨", "秦岭", "白桦", "柳青", "江帆", "苏城", "唐原"]

    /// A route with its parameters filled in; one that is not known here fails, so that a new sort of address is thought of.
    static func address(_ pattern: String, _ piece: RightsCast.Piece, _ town: Town) throws -> String {
        switch pattern {
        case "/assets/**": return "/assets/none"
        case "/vendor/**": return "/vendor/none"
        case "/wall/:wall/pieces/:piece": return "/wall/\(piece.wall)/pieces/battle-now"
        case "/tiles/:layer/:z/:x/:y": return "/tiles/matters/6/0/0.mvt"
        case "/admin/map/ground/:layer/:z/:x/:y": return "/admin/map/ground/streets/6/0/0.mvt"
        case "/open311/:resource": return "/open311/discovery.json"
        case "/open311/v2/:resource": return "/open311/v2/requests.json"
        case "/open311/v2/:resource/:id": return "/open311/v2/requests/\(piece.number).json"
        default: break
        }
        let values = [
            "grid": try town.grid("1.1.1.1").id.description, "token": piece.token, "digest": piece.digest, "matter": piece.id.description,
            "report": piece.report.description, "verb": "note", "number": piece.number, "file": "matters.csv",
            "unit": Town.unit("water").description, "post": Town.post("leader").description, "person": Town.person("何雨").description,
            "wall": piece.wall, "screen": Town.id("no screen").description, "layer": "matters", "z": "6", "x": "0", "y": "0.mvt",
            "place": Town.id("no place").description, "kind": "vacant", "piece": "late", "index": "0",
        ]
        var path = try pattern.split(separator: "/").map { part in
            guard part.hasPrefix(":") else { return String(part) }
            return try #require(values[String(part.dropFirst())], "\(pattern) has a part the matrix does not know")
        }.joined(separator: "/")
        if ["/api/locate", "/report/nearby", "/field/report/nearby"].contains(pattern) {
            let point = piece.isNear ? Town.micro : Town.otherSubdistrict
            path += "?lon=\(point.lon)&lat=\(point.lat)"
        }
        return "/" + path
    }

    /// Neither number nor words nor picture of what this visitor may not know of.
    private func noForeign(
        _ answer: WebClient.Answer, _ path: String, _ visitor: RightsCast.Visitor, _ cast: RightsCast, but own: RightsCast.Piece?
    ) {
        for piece in cast.pieces where piece.id != own?.id && piece.privacy != .open && !visitor.sees(piece) {
            for trace in [piece.number, piece.digest, piece.token, RightsCast.words(piece)] where !path.contains(trace) {
                #expect(!answer.shows(trace), "\(visitor.title) GET \(path) shows \(piece.name)")
            }
        }
    }

    // MARK: Lists

    /// Lists, searches, counts and exports hold what is seen, exactly.
    private func lists(_ town: Town, _ cast: RightsCast) async throws {
        let word = try #require(RightsCast.word.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        for visitor in RightsCast.visitors {
            let browser = try await town.browser(visitor.name)
            let seen = Set(cast.pieces.filter(visitor.sees).map(\.number))
            func numbers(_ text: String) -> Set<String> { Set(cast.pieces.map(\.number).filter(text.contains)) }
            if visitor.opens.contains(.desk) {
                for query in ["tab=all", "tab=late", "q=\(word)", "state=open", "grid=\(try town.grid("1").id)", "path=0000"] {
                    let answer = try await browser.get("/desk?" + query)
                    #expect(numbers(answer.text).isSubset(of: seen), "\(visitor.title) /desk?\(query)")
                    for piece in cast.pieces where !visitor.sees(piece) {
                        #expect(!answer.shows(piece.id.description), "\(visitor.title) /desk?\(query) leads to \(piece.name)")
                    }
                }
            }
            if visitor.opens.contains(.command) {
                for path in ["/command/list", "/command/pieces/late"] {
                    for code in ["1", "1.1", "1.1.1.1", "1.2", "2", "2.1.1.1"] {
                        let answer = try await browser.get("\(path)?grid=\(try town.grid(code).id)")
                        #expect(
                            [200, 403, 404].contains(answer.status) && numbers(answer.text).isSubset(of: seen),
                            "\(visitor.title) \(path) \(code)")
                        for piece in cast.pieces where !visitor.sees(piece) {
                            #expect(!answer.shows(piece.id.description), "\(visitor.title) \(path) \(code) leads to \(piece.name)")
                        }
                    }
                }
            }
            guard visitor.name != nil else { continue }
            for query in ["", "?q=\(word)", "?tab=all&order=newest"] {
                let answer = try await browser.get("/api/matters" + query)
                #expect(numbers(answer.text) == seen, "\(visitor.title) /api/matters\(query)")
                let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
                #expect((object?["count"] as? NSNumber)?.intValue == seen.count, "\(visitor.title) counts")
            }
            for end in Self.exporters.contains(visitor.title) ? ["csv", "geojson"] : [] {
                let answer = try await browser.get("/api/export/matters." + end)
                // To take away is a right of its own, by land: what is seen by a part alone stays here.
                let mayLeave = Set(cast.pieces.filter { visitor.sees($0) && $0.privacy != .confidential }.map(\.number))
                #expect(answer.status == 200 && numbers(answer.text) == mayLeave, "\(visitor.title) matters.\(end)")
            }
        }
    }
}

extension Route {
    var reads: Bool { "\(method)" == "GET" }
    func names(_ parts: String...) -> Bool { path.split(separator: "/").contains { parts.contains(String($0)) } }
}

extension Town {
    /// How long the journal is, without what it says of those who only looked.
    func entries() async throws -> Int {
        try await engines.database.read { try $0.count("SELECT COUNT(*) FROM entry WHERE verb NOT LIKE 'access.%'") }
    }
}
