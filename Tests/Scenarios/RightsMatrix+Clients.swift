import Basics
import Catalog
import Foundation
import Geo
import Matters
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

extension RightsMatrix {
    /// Programs with an api key: what each may is in its verbs, what it sees is what strangers see, and a key is no session.
    @Test(arguments: Backend.all)
    func everyDoorByKey(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let cast = try await RightsCast.set(town)
            let void = try await RightsCast.void(town)
            for verbs in [["report"], ["see"], ["see", "export"], ["report", "see"]] as [Set<String>] {
                let key = try await town.key(verbs: verbs)
                try await pages(town, cast, key, verbs)
                try await sight(town, cast, key, verbs, void: void)
                try await writing(town, cast, key, verbs)
            }
        }
    }

    /// No page of the staff opens by a key, and nothing is done by one at the pages.
    private func pages(_ town: Town, _ cast: RightsCast, _ key: String, _ verbs: Set<String>) async throws {
        let program = WebClient(port: town.client)
        program.headers = [("X-API-Key", key), ("Authorization", "Bearer \(key)")]
        let before = try await town.entries()
        for route in WebApp.routes.all where [.account, .field, .desk, .command, .admin].contains(route.need) {
            let path =
                "/"
                + route.path.split(separator: "/").map { $0.hasPrefix(":") ? cast.pieces[0].id.description : String($0) }
                .joined(separator: "/")
            let answer = route.reads ? try await program.get(path) : try await program.post(path, [("words", "试")])
            #expect(answer.status == (route.reads ? 303 : 403), "\(verbs) \(route.method) \(path)")
        }
        #expect(try await program.get("/live").status == 403)
        #expect(try await town.entries() == before)
    }

    /// Lists, single matters and exports hold the public faces, or nothing.
    private func sight(_ town: Town, _ cast: RightsCast, _ key: String, _ verbs: Set<String>, void: Matter) async throws {
        let program = WebClient(port: town.client)
        program.headers = [("X-API-Key", key)]
        let sees = verbs.contains("see")
        let list = try await program.get("/api/matters?page_size=1000")
        #expect(list.status == (sees ? 200 : 403), "\(verbs)")
        for piece in cast.pieces {
            let open = piece.privacy == .open
            #expect(list.text.contains(piece.number) == (sees && open), "\(verbs) \(piece.name)")
            let one = try await program.get("/api/matters/\(piece.number)")
            #expect(one.status == (sees ? (open ? 200 : 404) : 403), "\(verbs) \(piece.name)")
            // Neither the post's people nor what is said inside.
            for name in ["林小满", "周禾", "何雨", "reporters\":0"] { #expect(!one.text.contains(name), "\(verbs) \(piece.name) \(name)") }
        }
        #expect(!list.text.contains(void.number), "a void matter has no public face")
        #expect([403, 404].contains(try await program.get("/api/matters/\(void.number)").status))
        for file in ["matters.csv", "grids.csv"] {
            #expect(try await program.get("/api/export/\(file)").status == 403, "\(verbs) \(file)")
        }
    }

    /// Reports only with the verb, and words only about what the client itself sent.
    private func writing(_ town: Town, _ cast: RightsCast, _ key: String, _ verbs: Set<String>) async throws {
        let program = WebClient(port: town.client)
        let before = try await town.entries()
        let fields = [
            ("api_key", key), ("service_code", town.engines.catalog.current.categories.first { $0.form.isEmpty }?.id ?? ""),
            ("lat", "\(Town.micro.lat)"), ("long", "\(Town.micro.lon)"),
        ]
        let word = [("api_key", key), ("service_request_id", cast.pieces[0].number), ("status", "closed"), ("description", "试")]
        let foreign = try await program.post("/open311/v2/servicerequestupdates.json", word)
        #expect(foreign.status == 403, "\(verbs)")
        #expect(try await town.entries() == before, "\(verbs) left something in the journal")
        let sent = try await program.post("/open311/v2/requests.json", fields)
        #expect(sent.status == (verbs.contains("report") ? 200 : 403), "\(verbs)")
        #expect(try await (town.entries() > before) == verbs.contains("report"), "\(verbs)")
    }
}

extension Town {
    /// A client with a key of its own.
    func key(verbs: Set<String>) async throws -> String {
        let (key, now, id) = (Secret.token(), clock.time.now, ClientID(at: .systemNow))
        let posts = engines.posts
        try await engines.database.write { tx in
            try posts.addClient(
                id, name: verbs.sorted().joined(separator: " and "), key: key, rate: 0, verbs: verbs,
                act: .system("test", id: id.uuid.derived("add"), at: now), in: tx)
        }
        return key
    }
}

extension RightsCast {
    /// One that was never a matter, though its kind is a public one.
    static func void(_ town: Town) async throws -> Matter {
        let matter = try await town.report("一场误会", at: Town.micro).matter
        try await town.engines.database.write { tx in _ = try tx.run("UPDATE matter SET state = 'void' WHERE id = \(matter.id)") }
        return matter
    }
}
