import Basics
import Catalog
import Foundation
import Geo
import Grids
import Logging
import Matters
import Posts
import ServiceLifecycle
import Store
import Support
import Synchronization
import Testing
import Web

@testable import weiwang

/// The test town, served for real: two subdistricts in the rain of one November, its people by name, a clock that stands still.
///
/// 建安 has the communities 春晖 and 和平; each community two third-level grids, each of those two micro-grids, all boxes of equal size.
/// 柳林 lies beside it with one of each. Nobody of these people exists.
final class Town: Sendable {
    let engines: Engines
    let house: House
    let client: Int
    let clock: FrozenClock
    /// What its answers asked of the database.
    let texts: StatementTexts
    private let scratch: ScratchPlace
    private let serving: Task<Void, any Error>

    /// Friday, 2026-11-20, ten in the morning in Zhengzhou.
    static let morning = Instant(iso: "2026-11-20T10:00:00+08:00", zone: .gmt) ?? Instant(milliseconds: 0)

    static func open(_ backend: Backend) async throws -> Town {
        let scratch = try await ScratchPlace(backend)
        let clock = FrozenClock(morning)
        let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        let engines = try await Engines.open(scratch.place, home: home, time: clock.time, logger: .quiet)
        try await build(engines)
        engines.database.rehearseWrites(true)
        var settings = WebSettings(publicURL: "http://town.test")
        settings.countsStatements = true
        let texts = StatementTexts()
        settings.statementTexts = texts
        // The matrix asks everybody for everything.
        settings.mostMissing = 1_000_000
        settings.mostReports = 1_000_000
        let server = try await Server.make(
            engines, settings: settings, pollEvery: .milliseconds(50), sweepEvery: .milliseconds(200), logger: .quiet)
        let (port, serving) = try await server.listening(logger: .quiet)
        return Town(engines: engines, house: server.house, client: port, clock: clock, texts: texts, scratch: scratch, serving: serving)
    }

    private init(
        engines: Engines, house: House, client: Int, clock: FrozenClock, texts: StatementTexts, scratch: ScratchPlace,
        serving: Task<Void, any Error>
    ) {
        self.engines = engines
        self.texts = texts
        self.house = house
        self.client = client
        self.clock = clock
        self.scratch = scratch
        self.serving = serving
    }

    func close() async {
        serving.cancel()
        _ = try? await serving.value
        await engines.database.close()
    }

    // MARK: Places

    static let micro = Coordinate(lon: 113.6025, lat: 34.7412)  // 春晖 1-1, the micro-grid of 林小满
    static let otherMicro = Coordinate(lon: 113.6025, lat: 34.7475)  // 春晖 1-2, whose leader's post is vacant
    static let otherSubdistrict = Coordinate(lon: 113.6300, lat: 34.7450)
    static let outside = Coordinate(lon: 113.9, lat: 34.9)

    func grid(_ code: String) throws -> GridRef { try #require(engines.grids.land.on().refs.first { $0.code == code }) }

    // MARK: People

    static func person(_ name: String) -> PersonID { PersonID(id("person \(name)")) }
    static func post(_ name: String) -> PostID { PostID(id("post \(name)")) }
    static func unit(_ name: String) -> UnitID { UnitID(id("unit \(name)")) }
    static func id(_ label: String) -> UUIDv7 { UUIDv7(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000).derived(label) }

    /// A signed-in browser of somebody; nobody is a resident without an account.
    func browser(_ name: String? = nil) async throws -> WebClient {
        let browser = WebClient(port: client)
        guard let name else { return browser }
        let token = Secret.token()
        let now = clock.time.now
        let csrf = Self.csrf(name)
        try await engines.database.write { tx in
            try tx.run(
                """
                INSERT INTO session (digest, person_id, csrf, made_at, seen_at, until)
                VALUES (\(Secret.digest(token)), \(Self.person(name)), \(csrf), \(now), \(now), \(now + .days(7)))
                ON CONFLICT (digest) DO NOTHING
                """)
        }
        browser.cookies["weiwang"] = token
        return browser
    }

    /// The form token of somebody's session.
    static func csrf(_ name: String) -> String { Secret.hex(Secret.digest(name).prefix(12)) }

    // MARK: What happened

    func matters() async throws -> [Matter] {
        try await engines.database.read { tx in try tx.all("SELECT m.* FROM matter m ORDER BY m.opened_at, m.number", Matter.init) }
    }

    func parts(_ matter: MatterID) async throws -> [Part] {
        let engine = engines.matters
        return try await engines.database.read { try engine.parts(of: matter, in: $0) }
    }

    /// The verbs of the journal since the town was built, in order.
    func verbs() async throws -> [String] {
        try await engines.database.read { tx in
            try tx.all("SELECT verb FROM entry WHERE subject = 'matter' ORDER BY seq") { try $0["verb"] as String }
        }
    }

    /// What somebody was told, by the keys of the sentences; waits until the followers have caught up.
    func told(_ owner: some Identifier) async throws -> [String] {
        try await settle()
        return try await engines.database.read { tx in
            try tx.all("SELECT key FROM inbox WHERE owner_id = \(owner) ORDER BY at, id") { try $0["key"] as String }
        }
    }

    /// Waits until every follower has read the journal and no timer is due.
    func settle() async throws {
        let followers = try #require(house.followers)
        for _ in 0..<400 {
            // Timers first: what they ring becomes an entry, which the followers must still read.
            let now = clock.time.now
            let next = try await engines.database.read { try $0.nextTimer() }
            let behind = try await followers.lags().reduce(0) { $0 + $1.entries }
            if behind == 0, next.map({ $0 > now }) ?? true { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("followers did not catch up")
    }
}

/// A clock that moves only when it is told to.
final class FrozenClock: Sendable {
    private let instant: Mutex<Instant>
    init(_ start: Instant) { instant = Mutex(start) }
    var time: TimeSource { TimeSource { [self] in instant.withLock { $0 } } }
    func advance(_ span: Span) { instant.withLock { $0 = $0 + span } }
    func set(_ new: Instant) { instant.withLock { $0 = new } }
}

/// Opens a town, lets the story happen, closes it.
func inTown(_ backend: Backend, _ story: (Town) async throws -> Void) async throws {
    try await Turnstile.shared.pass {
        let town = try await Town.open(backend)
        do { try await story(town) } catch {
            await town.close()
            throw error
        }
        await town.close()
    }
}
