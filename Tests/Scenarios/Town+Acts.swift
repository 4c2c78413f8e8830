import Basics
import Geo
import Matters
import Posts
import Store

@testable import weiwang

// What people of the town do when a story is not about the pages: through the engine's own door, as every door does.
extension Town {
    func actor(_ name: String) async throws -> Actor {
        let posts = engines.posts
        let now = clock.time.now
        return try await engines.database.read { tx in try posts.book(in: tx).actor(Town.person(name), at: now) }
    }

    /// A resident's report through the engine.
    func report(
        _ words: String, at point: Coordinate?, id: ReportID? = nil, category: String? = nil, join: MatterID? = nil, photos: Int = 0
    ) async throws -> Opened {
        let now = clock.time.now
        let engine = engines.matters
        let id = id ?? ReportID(at: .systemNow)
        var report = NewReport(id: id, number: try await engine.nextNumber(at: now, from: engines.database), channel: "portal", queryCode: "123456")
        report.words = words
        report.point = point
        report.category = category
        report.join = join
        report.photos = (0..<photos).map { PhotoID(id.uuid.derived("photo \($0)")) }
        let new = report
        let act = Act(id: id.uuid.derived("open"), at: now, actor: .stranger)
        return try await engines.database.write { try engine.open(new, act: act, in: $0) }
    }

    /// One action of somebody.
    @discardableResult
    func perform(_ name: String, _ verb: String, _ matter: MatterID, id: UUIDv7? = nil, _ fill: (inout ActInput) -> Void = { _ in }) async throws -> Performed {
        try await perform(try await actor(name), verb, matter, id: id, fill)
    }

    /// One action of the reporter by his link.
    @discardableResult
    func perform(reporter report: ReportID, _ verb: String, _ matter: MatterID, _ fill: (inout ActInput) -> Void = { _ in }) async throws -> Performed {
        let pass = Actor.pass(PassID(report.uuid.derived("pass")), subject: PassSubject(sort: "report", id: report.uuid), verbs: [])
        return try await perform(pass, verb, matter, id: nil, fill)
    }

    private func perform(_ actor: Actor, _ verb: String, _ matter: MatterID, id: UUIDv7?, _ fill: (inout ActInput) -> Void) async throws -> Performed {
        var input = ActInput()
        fill(&input)
        let given = input
        let act = Act(id: id ?? UUIDv7(at: .systemNow), at: clock.time.now, actor: actor)
        let engine = engines.matters
        return try await engines.database.write { try engine.perform(verb, on: matter, input: given, act: act, in: $0) }
    }

    /// The numbers in somebody's tab.
    func queue(_ tab: MatterFilter.Tab, of name: String) async throws -> [String] {
        let actor = try await actor(name)
        let now = clock.time.now
        let engine = engines.matters
        return try await engines.database.read { tx in
            try engine.list(MatterFilter(tab: tab), for: actor, at: now, in: tx).map(\.matter.number)
        }
    }

    func matter(_ id: MatterID) async throws -> Matter {
        let engine = engines.matters
        guard let matter = try await engines.database.read({ try engine.matter(id, in: $0) }) else { throw MatterRefusal.unknown }
        return matter
    }
}
