import Basics
import Geo
import Matters
import Posts
import Store
import Support
import Web

@testable import weiwang

// What people of the town do when a story is not about the pages: through the engine's own door, as every door does.
extension Town {
    func actor(_ name: String) async throws -> Actor {
        let posts = engines.posts
        let now = clock.time.now
        return try await engines.database.read { tx in try posts.book(in: tx).actor(Town.person(name), at: now) }
    }

    /// A resident's report: through the portal, or through the engine's door when a story fixes the category.
    func report(
        _ words: String, at point: Coordinate?, id: ReportID? = nil, category: String? = nil, join: MatterID? = nil, photos: Int = 0
    ) async throws -> Opened {
        let id = id ?? ReportID(at: .systemNow)
        guard category == nil, let point else { return try await reportInside(words, at: point, id: id, category: category) }
        let known = try await matters().count
        let browser = try await browser()
        var fields = [("id", id.description), ("lon", "\(point.lon)"), ("lat", "\(point.lat)"), ("placed", "phone"), ("words", words)]
        if let join { fields.append(("join", join.description)) }
        if photos > 0 { fields.append(("awaited", "\(photos)")) }
        let answer = try await browser.post("/report", fields, headers: [("Origin", house.settings.publicURL)])
        guard answer.status == 303 else { throw Refused(status: answer.status) }
        return try await opened(id, before: known)
    }

    private func reportInside(_ words: String, at point: Coordinate?, id: ReportID, category: String?) async throws -> Opened {
        let now = clock.time.now
        let engine = engines.matters
        let known = try await matters().count
        var report = NewReport(
            id: id, number: try await engine.nextNumber(at: now, from: engines.database), channel: "portal", queryCode: "123456")
        report.words = words
        report.point = point
        report.category = category
        let new = report
        let act = Act(id: id.uuid.derived("open"), at: now, actor: .stranger)
        let posts = engines.posts
        _ = try await engines.database.write { tx in
            _ = try engine.open(new, act: act, in: tx)
            _ = try posts.reporterPass(report: id.uuid, verbs: [], at: now, in: tx)
        }
        return try await opened(id, before: known)
    }

    private func opened(_ id: ReportID, before: Int) async throws -> Opened {
        let engine = engines.matters
        let isNew = try await matters().count > before
        return try await engines.database.read { tx in
            guard let report = try engine.report(id, in: tx), let matter = try engine.matter(report.matter, in: tx) else {
                throw MatterRefusal.unknown
            }
            let first = try engine.parts(of: matter.id, in: tx).first
            return Opened(
                matter: matter, report: id, queryCode: report.queryCode, part: first, joined: matter.reporters > 1,
                repeated: !isNew && matter.reporters == 1)
        }
    }

    /// What a door answered instead of doing it.
    struct Refused: Error, Equatable { let status: Int }

    /// One action of somebody, over HTTP: on the phone for those who work in the grids, at the desk for the others.
    /// - Throws: `Refused` with the status of the answer.
    func perform(_ name: String, _ verb: String, _ matter: MatterID, id: UUIDv7? = nil, _ fill: (inout ActInput) -> Void = { _ in })
        async throws
    {
        let door = ["林小满", "周禾"].contains(name) ? "field" : "desk"
        let browser = try await browser(name)
        let answer = try await browser.post(
            "/\(door)/matters/\(matter)/acts/\(verb)",
            Self.fields(fill) + [("act", (id ?? UUIDv7(at: .systemNow)).description), ("csrf", Self.csrf(name))])
        guard answer.status == 303 else { throw Refused(status: answer.status) }
    }

    /// The private link of a report.
    func link(of report: ReportID) async throws -> String {
        let posts = engines.posts
        return "/r/" + (try await engines.database.read { try posts.secret(in: $0).token(for: report.uuid) })
    }

    /// One action of the reporter by his private link.
    func perform(reporter report: ReportID, _ verb: String, _ matter: MatterID, _ fill: (inout ActInput) -> Void = { _ in }) async throws {
        let posts = engines.posts
        let token = try await engines.database.read { try posts.secret(in: $0).token(for: report.uuid) }
        let answer = try await browser().post(
            "/r/\(token)/acts/\(verb)", Self.fields(fill) + [("act", UUIDv7(at: .systemNow).description)],
            headers: [("Origin", house.settings.publicURL)])
        guard answer.status == 303 else { throw Refused(status: answer.status) }
    }

    private static func fields(_ fill: (inout ActInput) -> Void) -> [(String, String)] {
        var input = ActInput()
        fill(&input)
        var fields: [(String, String)] = []
        func add(_ name: String, _ value: (some CustomStringConvertible)?) { if let value { fields.append((name, value.description)) } }
        add("words", input.words)
        add("reason", input.reason)
        for unit in input.units { add("units", unit) }
        for post in input.posts { add("posts", post) }
        add("category", input.category)
        add("class", input.class)
        add("due", input.due)
        add("other", input.other)
        add("rating", input.rating)
        add("outcome", input.outcome)
        add("milestone", input.milestone)
        for milestone in input.milestones {
            add("milestone_name", milestone.name)
            add("milestone_day", milestone.due)
        }
        return fields
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
