import Basics
import Foundation
import Insight
import Logging
import Posts
import ServiceLifecycle
import Store
import Web

/// The whole server (pages, interfaces, followers, timers) in this process on a free port, with one client that has no limit.
struct BenchServer: Sendable {
    let engines: Engines
    let house: House
    let port: Int
    /// Of a client that may report.
    let key: String

    static func with(_ place: DatabasePlace, _ body: (BenchServer) async throws -> Void) async throws {
        var logger = Logger(label: "bench")
        logger.logLevel = .critical
        let engines = try await Engines.open(place, asNode: true, logger: logger)
        do {
            try await serve(engines, logger, body)
        } catch {
            await engines.database.close()
            throw error
        }
        await engines.database.close()
    }

    private static func serve(_ engines: Engines, _ logger: Logger, _ body: (BenchServer) async throws -> Void) async throws {
        let (key, now) = (Secret.token(bytes: 24), engines.time.now)
        let (posts, id) = (engines.posts, ClientID(at: now))
        let act = Act.system("bench", id: UUIDv7(at: now), at: now)
        try await engines.database.write { tx in
            try posts.addClient(id, name: "bench \(id)", key: key, rate: 0, verbs: [VerbGroup.report.rawValue], act: act, in: tx)
        }
        let server = try await Server.make(engines, settings: WebSettings(publicURL: "http://127.0.0.1"), logger: logger)
        let (port, serving) = try await server.listening(logger: logger)
        let result: Result<Void, any Error>
        do { result = .success(try await body(BenchServer(engines: engines, house: server.house, port: port, key: key))) } catch {
            result = .failure(error)
        }
        serving.cancel()
        _ = await serving.result
        try result.get()
    }

    /// Waits until the board has all figures.
    func counted() async throws {
        while !house.board.isReady { try await Task.sleep(for: .milliseconds(50)) }
    }

    /// A signed-in browser: what it sends along.
    func visitor(_ person: BenchTown.Person) async throws -> BenchVisitor {
        let entered = try await engines.posts.enter(
            name: person.name, password: person.password, at: engines.time.now, in: engines.database)
        guard case .whole(let signedIn) = entered else { throw BenchFailure.asksForCode }
        return BenchVisitor(person: signedIn.session.person, cookie: "weiwang=\(signedIn.token)")
    }
}

struct BenchVisitor: Sendable {
    let person: PersonID
    let cookie: String

    /// A GET as it goes over the wire.
    func get(_ path: String) -> [UInt8] {
        Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: \(cookie)\r\nAccept-Language: zh\r\n\r\n".utf8)
    }
}
