import Basics
import Catalog
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

extension RightsMatrix {
    /// Who may not, leaves nothing behind.
    func acting(_ town: Town, _ cast: RightsCast) async throws {
        try await closedAreas(town, cast)
        try await foreignMatters(town, cast)
        try await byLink(town, cast)
        try await mergingAcross(town, cast)
    }

    private func nothing(_ town: Town, _ what: String, _ send: () async throws -> WebClient.Answer) async throws {
        let before = try await town.entries()
        let answer = try await send()
        #expect(answer.status >= 400 && answer.status < 500, "\(what): \(answer.status)")
        #expect(try await town.entries() == before, "\(what) left something in the journal")
    }

    /// A form with everything in it, so that only the right can be missing.
    private func filled(_ town: Town, _ name: String?, other: MatterID) throws -> [(String, String)] {
        let category = town.engines.catalog.current.categories.first?.id ?? ""
        return [
            ("act", UUIDv7(at: .systemNow).description), ("csrf", name.map(Town.csrf) ?? ""), ("words", "试"), ("reason", "试"),
            ("rating", "3"),
            ("category", category), ("units", Town.unit("water").description), ("posts", Town.post("center").description),
            ("other", other.description), ("outcome", "not_ours"), ("milestone_name", "一"), ("milestone_day", "2026-12-01"),
        ]
    }

    /// Every POST of an area, by whom it is closed to.
    private func closedAreas(_ town: Town, _ cast: RightsCast) async throws {
        let piece = cast.pieces[0]
        for visitor in RightsCast.visitors where visitor.name == nil || !visitor.opens.contains(.desk) {
            let browser = try await town.browser(visitor.name)
            for route in WebApp.routes.all where !route.reads && [.account, .field, .desk, .command, .admin, .walls].contains(route.need) {
                guard !visitor.opens.contains(route.need) else { continue }
                let path = route.path.replacing(":matter", with: piece.id.description).replacing(":verb", with: "note")
                let fields = try filled(town, visitor.name, other: cast.pieces[3].id)
                try await nothing(town, "\(visitor.title) POST \(path)") { try await browser.post(path, fields) }
            }
        }
        try await nothing(town, "Open311 without a key") {
            try await WebClient(port: town.client).post(
                "/open311/v2/requests.json", [("service_code", "x"), ("lat", "\(Town.micro.lat)"), ("long", "\(Town.micro.lon)")])
        }
    }

    /// Every action on what one does not see, and every action that one is not offered on what one does.
    private func foreignMatters(_ town: Town, _ cast: RightsCast) async throws {
        let engine = town.engines.matters
        let now = town.clock.time.now
        for visitor in RightsCast.visitors where visitor.opens.contains(.desk) {
            guard let name = visitor.name else { continue }
            let (browser, actor) = (try await town.browser(name), try await town.actor(name))
            for piece in cast.pieces where !visitor.sees(piece) || piece.privacy == .open {
                let view = try await town.engines.database.read { try engine.view(piece.id, for: actor, at: now, in: $0) }
                if !visitor.sees(piece) { #expect(view?.actions.isEmpty ?? true, "\(name), \(piece.name)") }
                let open = Set(view?.actions.map(\.id) ?? [])
                let actions = try engine.kinds()[try await town.matter(piece.id).kind].actions
                for (index, action) in actions.enumerated() where !open.contains(action.id) {
                    let path = "/\(index % 2 == 0 ? "desk" : "field")/matters/\(piece.id)/acts/\(action.id)"
                    let fields = try filled(town, name, other: cast.pieces[piece.isNear ? 3 : 0].id)
                    try await nothing(town, "\(name) POST \(path), \(piece.name)") { try await browser.post(path, fields) }
                }
            }
        }
    }

    /// The reporter's link does what is the reporter's, and only on his own matter.
    private func byLink(_ town: Town, _ cast: RightsCast) async throws {
        let stranger = WebClient(port: town.client)
        let origin = [("Origin", town.house.settings.publicURL)]
        let (own, other) = (cast.pieces[0], cast.pieces[1])
        for action in try town.engines.matters.kinds()[try await town.matter(own.id).kind].actions where !action.by.contains(.reporter) {
            let fields = try filled(town, nil, other: other.id)
            try await nothing(town, "link \(action.id)") {
                try await stranger.post("/r/\(own.token)/acts/\(action.id)", fields, headers: origin)
            }
        }
        let wrong = String(own.token.reversed())
        try await nothing(town, "a wrong link") { try await stranger.post("/r/\(wrong)/acts/withdraw", [], headers: origin) }
        #expect(try await stranger.get("/r/\(wrong)").status == 404)
        for piece in cast.pieces where piece.id != own.id {
            #expect(try await stranger.get("/r/\(own.token)/photos/\(piece.digest)").status == 404, "\(piece.name)")
        }
    }

    /// Another matter named in a form is not there either when it is not seen, by its id or by its number.
    private func mergingAcross(_ town: Town, _ cast: RightsCast) async throws {
        let own = cast.pieces[0]
        let browser = try await town.browser("何雨")
        for piece in cast.pieces where !piece.isNear {
            for field in [("other", piece.id.description), ("number", piece.number)] {
                let fields = [("act", UUIDv7(at: .systemNow).description), ("csrf", Town.csrf("何雨")), field]
                try await nothing(town, "merge into \(piece.name) by \(field.0)") {
                    try await browser.post("/desk/matters/\(own.id)/acts/merge", fields)
                }
            }
        }
    }
}
