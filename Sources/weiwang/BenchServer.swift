import Basics
import Foundation
import Logging
import Posts
import ServiceLifecycle
import Store
import Web

/// The whole server (pages, interfaces, followers, timers) in this process on a free port, with one client that has no limit.
struct BenchServer: Sendable {
    let engines: Engines
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
            try posts.addClient(id, name: "bench", key: key, rate: 0, verbs: [VerbGroup.report.rawValue], act: act, in: tx)
        }
        let server = try await Server.make(engines, settings: WebSettings(publicURL: "http://127.0.0.1"), logger: logger)
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let application = WebApp.application(server.house, host: "127.0.0.1", port: 0, logger: logger) { told.yield($0) }
        let serving = Task {
            // A server that cannot start must not leave the measurement waiting for its port.
            defer { told.finish() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await application.run() }
                for service in server.services { group.addTask { try await service.run() } }
                try await group.waitForAll()
            }
        }
        var port = 0
        for await found in ports { port = found; break }
        guard port > 0 else { return try await serving.value }
        let result: Result<Void, any Error>
        do { result = .success(try await body(BenchServer(engines: engines, port: port, key: key))) } catch { result = .failure(error) }
        serving.cancel()
        _ = await serving.result
        try result.get()
    }
}
