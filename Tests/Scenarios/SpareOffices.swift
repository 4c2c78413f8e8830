import Basics
import Foundation
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

/// What an administrator of the first subdistrict may change, made anew once it was used; beside the community whose pages others compare.
final class SpareOffices {
    private let town: Town
    private var made: [String: String]?
    private var request: String?

    init(_ town: Town) { self.town = town }

    func use() { made = nil }

    /// A unit with a post and a remit and a person who holds the post, by the name of the path's part; for some acts a unit without posts or
    /// a person without any.
    func all(for verb: String) async throws -> [String: String] {
        var all = try await all()
        if verb == "end_unit" { all["unit"] = all["empty"] }
        if verb == "begin_holding" { all["person"] = all["free"] }
        return all
    }

    private func all() async throws -> [String: String] {
        if let made { return made }
        let (posts, grid, now, fresh) = (town.engines.posts, try town.grid("1.2"), town.clock.time.now, UUIDv7(at: .systemNow))
        try await town.engines.database.write { tx in
            func act(_ label: String) -> Act { .system("test", id: fresh.derived("make \(label)"), at: now - .days(2)) }
            let (unit, post, person) = (UnitID(fresh.derived("unit")), PostID(fresh.derived("post")), PersonID(fresh.derived("person")))
            try posts.addUnit(WorkUnit(id: unit, name: "科室", unitClass: "department", grid: grid.id), act: act("unit"), in: tx)
            try posts.addUnit(
                WorkUnit(id: UnitID(fresh.derived("empty")), name: "空科室", unitClass: "department", grid: grid.id), act: act("empty"), in: tx
            )
            try posts.addPerson(Person(id: PersonID(fresh.derived("free")), name: "新人"), act: act("free"), in: tx)
            try posts.addPost(
                NewPost(id: post, role: "department_clerk", name: "科员", seat: .unit(unit)), act: act("post"), in: tx)
            try posts.addPerson(Person(id: person, name: "科员"), act: act("person"), in: tx)
            try posts.beginHolding(
                Holding(id: HoldingID(fresh.derived("holding")), post: post, person: person, from: now - .days(1)), act: act("holding"),
                in: tx)
            try posts.addRemit(
                Remit(id: RemitID(fresh.derived("remit")), owner: .unit(unit), subject: "sanitation", path: grid.path), act: act("remit"),
                in: tx)
        }
        var all = Dictionary(
            uniqueKeysWithValues: ["unit", "empty", "post", "person", "free", "holding", "remit"].map {
                ($0, fresh.derived($0).description)
            })
        all["grid"] = grid.id.description
        all["place"] = Town.id("no place").description
        made = all
        return all
    }

    /// A call that one takes; those before are gone, so that the list of calls stays as long as it is.
    func call(of name: String) async throws -> String {
        let (matters, id, now, actor) = (town.engines.matters, ReportID(at: .systemNow), town.clock.time.now, try await town.actor(name))
        try await town.engines.database.write { tx in
            try tx.run("DELETE FROM intake WHERE person_id = \(Town.person(name)) OR moved_by = \(Town.person(name))")
            try matters.keep(id, ["words": "来电"], act: Act(id: id.uuid.derived("kept"), at: now, actor: actor), in: tx)
        }
        return id.description
    }

    /// A file of boundaries as the check before has kept it, with the grids as they are.
    func boundaries(_ codes: [String]) throws -> String {
        let features = try codes.map { code in
            let grid = try town.grid(code)
            let box = town.engines.grids.land.on().shape(of: grid.id).box
            let ring = [(box.west, box.south), (box.east, box.south), (box.east, box.north), (box.west, box.north), (box.west, box.south)]
            let points = ring.map { "[\($0.0),\($0.1)]" }.joined(separator: ",")
            return #"{"type":"Feature","properties":{"code":"\#(code)","name":"\#(grid.name)"},"#
                + #""geometry":{"type":"Polygon","coordinates":[[\#(points)]]}}"#
        }
        let text = #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#
        let (name, folder) = (Secret.hex(Secret.digest(text)), town.engines.database.files.folder + "/divisions")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: "\(folder)/\(name).geojson", atomically: true, encoding: .utf8)
        return name
    }

    /// One's own trusted device.
    func device(of name: String) async throws -> String {
        let (id, now) = (UUIDv7(at: .systemNow), town.clock.time.now)
        try await town.engines.database.write { tx in
            _ = try tx.run(
                """
                INSERT INTO trusted_device (digest, id, person_id, made_at, until)
                VALUES (\(Secret.digest("\(id)")), \(id), \(Town.person(name)), \(now), \(now + .days(30))) ON CONFLICT (id) DO NOTHING
                """)
        }
        return id.description
    }

    /// A screen of one's own.
    func wall(by trier: RightsFields.Trier, _ grid: String) async throws -> String {
        let (posts, id, now) = (town.engines.posts, WallID(at: .systemNow), town.clock.time.now)
        let (actor, grid) = (try await town.actor(trier.name ?? ""), try #require(GridID(grid)))
        do {
            try await town.engines.database.write { tx in
                try posts.addWall(id, name: "屏", grid: grid, act: Act(id: id.uuid, at: now, actor: actor), in: tx)
            }
        } catch is PostsRefusal {}
        return id.description
    }

    /// The number of a report that the program with this key has sent.
    func sent(by key: String, _ report: [(String, String)]) async throws -> String {
        if let request { return request }
        let answer = try await WebClient(port: town.client).post("/open311/v2/requests.json", [("api_key", key)] + report)
        let number = try #require(answer.text.firstMatch(of: #/"service_request_id"\s*:\s*"([^"]+)"/#)).1
        request = String(number)
        return String(number)
    }
}
