import Basics
import Catalog
import Geo
import Grids
import Matters
import Posts
import Store
import Testing
import Web

@testable import weiwang

/// A form of each POST in which nothing is wrong, so that only the field that is tried can be; a POST that is not known here fails.
final class SoundForms {
    struct Form {
        var path: String
        var fields: [(String, String)]
    }

    /// The query code of one's own report.
    static let code = "654321"

    private let town: Town
    private let trier: RightsFields.Trier
    private let key: String
    private let spares: SpareMatters
    private let offices: SpareOffices

    init(_ town: Town, _ trier: RightsFields.Trier, key: String) async throws {
        (self.town, self.trier, self.key) = (town, trier, key)
        spares = try await SpareMatters(town, trier)
        offices = SpareOffices(town)
    }

    /// What was sent last may have used up what it was about.
    func heard(_ status: Int) {
        spares.isUsed = status < 400
        if status < 400 { offices.use() }
    }

    /// What stands in the place of the route's verb.
    func verbs(_ route: Route) async throws -> [String] {
        if route.names(":verb") {
            let actions = try town.engines.matters.kinds()[try await town.matter(trier.own.id).kind].actions
            return actions.filter { action in
                if route.need == .link { return action.by.contains(.reporter) }
                return action.by.contains { $0 != .reporter && trier.by?.contains($0) ?? true }
            }.map(\.id)
        }
        if route.names(":resource") { return ["requests.json", "servicerequestupdates.json"] }
        guard route.names(":act") else { return [""] }
        // What asks for a password first has no id of anything, and the passwords of the town open nothing.
        if route.path.hasPrefix("/me") { return ["distrust"] }
        return try RightsFields.adminVerbs("Admin")
    }

    /// - Parameter way: a button that is pressed.
    /// - Returns: nil for an act that is not this visitor's at any matter.
    func form(_ route: Route, _ verb: String, _ way: String) async throws -> Form? {
        var form: Form?
        if route.names(":verb") {
            form = try await act(route, verb)
        } else if route.path.hasPrefix("/admin/"), route.names(":act") {
            form = try await office(route, verb)
        } else {
            form = try await plain(route, verb)
        }
        if !way.isEmpty { form?.fields.append((way, "1")) }
        return form
    }

    private func signed() -> [(String, String)] {
        [("csrf", trier.name.map(Town.csrf) ?? ""), ("act", UUIDv7(at: .systemNow).description)]
    }

    // MARK: Forms

    private func act(_ route: Route, _ verb: String) async throws -> Form? {
        guard let spare = try await spares.open(for: verb) else { return nil }
        let path = route.path.replacing(":matter", with: spare.matter.description).replacing(":token", with: spare.token)
        return Form(path: path.replacing(":verb", with: verb), fields: signed() + spare.fields)
    }

    private func office(_ route: Route, _ verb: String) async throws -> Form {
        let made = try await offices.all(for: verb)
        var path = route.path.replacing(":act", with: verb)
        for (name, value) in made { path = path.replacing(":" + name, with: value) }
        let fields = [
            ("name", "改名"), ("on", "2026-12-01"), ("from", "2026-12-01"), ("sort", "regular"),
            ("role", route.names("grids") ? "community_officer" : "department_clerk"), ("class", "department"), ("subject", "sanitation"),
            ("account", made["unit"] ?? ""),
        ]
        let things = ["grid", "remit", "holding", "unit", "person"].map { ($0, made[$0] ?? "") }
        return Form(path: path, fields: signed() + fields + things)
    }

    private func plain(_ route: Route, _ verb: String) async throws -> Form {
        let fresh = UUIDv7(at: .systemNow).description
        let place = trier.own.isNear ? Town.micro : Town.otherSubdistrict
        let spot = [("lon", "\(place.lon)"), ("lat", "\(place.lat)"), ("placed", "phone")]
        let words = [("words", "井盖松动"), ("reason", "试")]
        let category = try #require(town.engines.catalog.current.categories.first { $0.form.isEmpty }?.id)
        let grid = try town.grid(trier.own.isNear ? "1.1" : "2.1").id.description
        let land = try town.grid(trier.own.isNear ? "1" : "2").id.description
        let path = route.path.replacing(":resource", with: verb).replacing(":act", with: verb).replacing(":token", with: trier.own.token)
        func form(_ fields: [(String, String)]) -> Form { Form(path: path, fields: fields) }
        switch route.path {
        case "/sign-in": return form([("name", "无此人"), ("password", "not this one")])
        case "/sign-in/code", "/sign-in/app": return form([("code", "123456")])
        case "/sign-out": return form([("words", "")])  // without the token of its form: nobody is signed out
        case "/me": return form(signed() + [("language", "zh-Hans"), ("type", "usual")])
        case "/me/account/:act": return form(signed() + [("device", try await offices.device(of: trier.name ?? ""))])
        case "/find": return form([("number", trier.own.number), ("code", Self.code)] + signed())
        case "/report": return form(signed() + spot + words + [("id", fresh)])
        case "/field/report": return form(signed() + spot + words + [("id", fresh), ("category", category)])
        case "/r/:token/photo": return form(signed() + [("slot", "0")])
        case "/desk/new", "/desk/new/typed":
            let desk = Town.post(trier.own.isNear ? "center" : "officer3").description
            let call = try await offices.call(of: trier.name ?? "")
            return form(signed() + spot + words + [("id", call), ("category", category), ("phone", "13900000000"), ("desk", desk)])
        case "/desk/many": return form(signed() + words + [("m", trier.own.id.description), ("verb", "note")])
        case "/walls": return form(signed() + [("name", "屏"), ("grid", land)])
        case "/walls/:screen/end":
            return Form(path: path.replacing(":screen", with: try await offices.wall(by: trier, land)), fields: signed())
        case "/open311/v2/:resource":
            let report = [("service_code", category), ("lat", "\(place.lat)"), ("long", "\(place.lon)"), ("description", "井盖松动")]
            return form(
                [("api_key", key)] + report + [("status", "open"), ("service_request_id", try await offices.sent(by: key, report))])
        case "/admin/units":
            return form(signed() + [("name", "新单位"), ("class", "department"), ("grid", try town.grid("1.2").id.description)])
        case "/admin/people": return form(signed() + [("name", "新人"), ("phone", "")])
        case "/admin/division", "/admin/division/carry-out":
            let file = try offices.boundaries(["1.1.1.1", "1.1.1.2"])
            return form(signed() + [("level", "micro"), ("parent", "1.1.1"), ("code", "code"), ("name", "name"), ("file", file)])
        case "/admin/map/draft", "/admin/map/rehearse", "/admin/map/apply":
            let steps = #"[{"do":"name","grid":"\#(try town.grid("1.1.1.1").id)","name":"改\#(fresh.suffix(4))"}]"#
            let revision = try await town.engines.database.read { [grids = town.engines.grids] in try grids.land(in: $0).revision }
            return form(signed() + [("id", fresh), ("grid", grid), ("steps", steps), ("from", "2026-12-01"), ("revision", revision)])
        default:
            Issue.record("no form is known for POST \(route.path)")
            return form(signed())
        }
    }
}
