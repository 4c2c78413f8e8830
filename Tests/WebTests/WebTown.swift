import Basics
import Catalog
import Foundation
import Geo
import Grids
import Hummingbird
import Insight
import Ledger
import Logging
import Matters
import Posts
import ServiceLifecycle
import Store
import Support
import Synchronization

@testable import Web

/// A clock that a test sets.
final class TestClock: Sendable {
    private let value: Mutex<Instant>
    init(_ start: Instant) { value = Mutex(start) }
    var now: Instant { value.withLock { $0 } }
    func advance(_ span: Span) { value.withLock { $0 = $0 + span } }
    var source: TimeSource { TimeSource { self.now } }
}

/// The web over a folder of its own: root, one post, one account `officer` with the password `correct horse`.
struct WebTown: Sendable {
    static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path
    static let password = "correct horse"

    let house: House
    let database: Database
    let clock: TestClock
    let port: Int

    func client() -> WebClient {
        let client = WebClient(port: port)
        client.headers = [("Accept-Language", "zh-CN,zh")]
        return client
    }

    func signedIn(_ name: String = "officer") async throws -> WebClient {
        let client = client()
        let page = try await client.get(Paths.signIn)
        _ = try await client.post(Paths.signIn, [("csrf", page.input("csrf") ?? ""), ("name", name), ("password", Self.password)])
        return client
    }
}

func withWeb(
    _ backend: Backend, publicURL: String = "http://localhost", proxies: Set<String> = [], port: Int = 0, asksForCodes: Bool = false,
    logger: Logger = .quiet,
    _ body: @Sendable (WebTown) async throws -> Void
) async throws {
    try await withDatabase(backend) { database in
        let clock = TestClock(Instant(iso: "2026-11-19T10:00:00+08:00", zone: .gmt) ?? .systemNow)
        let catalog = try LiveCatalog(CatalogFiles.load(home: WebTown.home))
        let posts = Posts(catalog: catalog, time: clock.source)
        let grids = Grids(levels: catalog.current.levels, zone: catalog.current.platform.zone, time: clock.source)
        let matters = Matters(catalog: catalog, grids: grids, posts: posts, ledger: Ledger(catalog: catalog, posts: posts))
        let house = try House(
            home: WebTown.home, settings: WebSettings(publicURL: publicURL, trustedProxies: proxies), time: clock.source,
            database: database, matters: matters,
            board: Board(catalog: catalog))
        try await WebTown.people(posts, database, asksForCodes: asksForCodes, at: clock.now)
        let running = AsyncStream<Int>.makeStream()
        let application = WebApp.application(house, host: "127.0.0.1", port: port, logger: logger) { port in
            running.continuation.yield(port)
            running.continuation.finish()
        }
        let group = ServiceGroup(configuration: .init(services: [.init(service: application)], logger: .quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var ports = running.stream.makeAsyncIterator()
            do {
                guard let port = await ports.next() else { return }
                try await body(WebTown(house: house, database: database, clock: clock, port: port))
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

extension WebTown {
    static func people(_ posts: Posts, _ database: Database, asksForCodes: Bool, at now: Instant) async throws {
        let record = try KeyStretching.record(of: password)
        try await database.write { tx in
            let root = GridID(UUIDv7(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0001))
            if try !tx.exists("SELECT 1 FROM grid") {
                let none: String? = nil
                let noParent: GridID? = nil
                try tx.run(
                    "INSERT INTO grid (id, code, name, level, nature, attributes, from_day, to_day) VALUES (\(root), \(none), 'root', 'root', \(none), '{}', \(Day.beginning), \(Day.end))"
                )
                try tx.run(
                    "INSERT INTO grid_path (grid_id, parent_id, path, from_day, to_day) VALUES (\(root), \(noParent), \(Path.root), \(Day.beginning), \(Day.end))"
                )
            }
            try posts.bootstrap(at: now, in: tx)
            // Stories about other things sign in with the password alone.
            if !asksForCodes { try Posts.waiveSecondFactor(in: tx) }
            let book = try posts.book(in: tx)
            let act = Act.system("test", id: root.uuid.derived("people"), at: now)
            let person = Person(id: PersonID(act.derived("officer")), name: "林晓静")
            try posts.addPerson(person, act: act, in: tx)
            try posts.addAccount(of: person.id, name: "officer", record: record, act: act, in: tx)
            if let post = book.posts.values.first {
                try posts.beginHolding(
                    Holding(id: HoldingID(act.derived("holding")), post: post.id, person: person.id, from: now - .days(1)), act: act, in: tx
                )
            }
        }
    }
}
