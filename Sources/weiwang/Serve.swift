import ArgumentParser
import Basics
import Catalog
import Delivery
import Foundation
import Grids
import Insight
import Logging
import Matters
import Posts
import ServiceLifecycle
import Store
import UnixSignals
import Web

/// `weiwang serve`: pages, interfaces and followers in one process.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve the pages and interfaces, and run what follows the journal.")

    @OptionGroup var data: DataOptions
    @Option(help: "Address to listen on (WEIWANG_HOST, default 127.0.0.1).") var host: String?
    @Option(help: "Port to listen on, 0 for any free one (WEIWANG_PORT, default 8080).") var port: Int?
    @Option(name: .customLong("public-url"), help: "What all links and QR codes begin with (WEIWANG_PUBLIC_URL).") var publicURL: String?
    @Option(name: .customLong("trusted-proxy"), help: "Address of a proxy whose X-Forwarded-For is believed; may be given again.")
    var trustedProxies: [String] = []

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let host = host ?? environment["WEIWANG_HOST"] ?? "127.0.0.1"
        let port = port ?? environment["WEIWANG_PORT"].map { Int($0) ?? -1 } ?? 8080
        guard (0...65_535).contains(port) else {
            throw ValidationError("The port is a number from 0 to 65535.")
        }
        let given = publicURL ?? environment["WEIWANG_PUBLIC_URL"]
        if let given, !given.hasPrefix("http://"), !given.hasPrefix("https://") {
            throw ValidationError("--public-url begins with http:// or https://")
        }
        var logger = Logger(label: "weiwang")
        logger.logLevel = environment["WEIWANG_LOG"].flatMap { Logger.Level(rawValue: $0) } ?? .notice
        let engines = try await Engines.open(data.place(), asNode: true, logger: logger)
        let settings = WebSettings(
            publicURL: given ?? "http://\(host == "0.0.0.0" ? "localhost" : host):\(port)", trustedProxies: Set(trustedProxies))
        if !settings.https { Terminal.warn("weiwang: --public-url is not https, so cookies have plain names and travel unprotected.") }
        let server = try await Server.make(engines, settings: settings, logger: logger)
        let application = WebApp.application(server.house, host: host, port: port, logger: logger) { port in
            Terminal.say("weiwang: http://\(host):\(port)")
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: application)] + server.services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        await engines.database.close()
    }
}

/// What a serving process runs beside the pages.
struct Server: Sendable {
    let house: House
    let services: [any Service]

    /// Loads what lives in memory, then makes the pages and the followers that keep it in step.
    /// - Parameters:
    ///   - pollEvery: how often followers and timers look without being woken.
    ///   - sweepEvery: how often uploads that were cut off are cleared away.
    static func make(
        _ engines: Engines, settings: WebSettings, pollEvery: Duration = .seconds(1), sweepEvery: Duration = .seconds(600), logger: Logger
    ) async throws -> Server {
        let matters = engines.matters
        let database = engines.database
        let board = Board(catalog: engines.catalog)
        let start = try await board.load(from: database)
        let catalog = engines.catalog.current
        try await database.read { try matters.model.load(catalog, in: $0) }
        let feed = Feed(matters: matters, time: engines.time)
        let followers = Followers(
            database: database, leased: [Notices(matters: matters), Seal()],
            node: [(BoardFollower(board), start), (LandFollower(engines.grids), start), (ModelFollower(matters), start), (feed, start)],
            time: engines.time, pollEvery: pollEvery)
        let timers = TimerLoop(database: database, bells: [MatterTimers(matters), engines.grids], time: engines.time, pollEvery: pollEvery)
        let house = try House(
            home: engines.home, settings: settings, time: engines.time, database: database, matters: matters, board: board,
            followers: followers,
            feed: feed)
        return Server(
            house: house,
            services: [
                followers, timers, FileSweeper(files: database.files, every: sweepEvery), CatalogWatch(engines: engines, logger: logger),
                SearchWatch(matters: matters, database: database, logger: logger),
            ])
    }
}

/// Reads the catalog again when a file changed; a broken one leaves the old in force and is said once.
struct CatalogWatch: Service {
    let engines: Engines
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            let catalog = engines.catalog
            var told: [CatalogProblem] = []
            var seen = CatalogFiles.stamps(home: engines.home)
            try await recount()
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(2))
                let stamps = CatalogFiles.stamps(home: engines.home)
                if stamps == seen { continue }
                seen = stamps
                if catalog.reload(home: engines.home) {
                    logger.notice("catalog read again")
                    try await recount()
                }
                let problems = catalog.problems
                if problems != told {
                    told = problems
                    for problem in problems { logger.error("catalog: the old one stays in force", metadata: ["problem": "\(problem)"]) }
                }
            }
        }
    }

    /// A calendar that has come makes provisional limits certain.
    private func recount() async throws {
        let count = try await engines.matters.recountProvisional(at: engines.time.now, in: engines.database)
        if count > 0 { logger.notice("limits counted again by the calendar", metadata: ["count": "\(count)"]) }
    }
}

/// Brings the index of older versions up to date once, beside the work.
struct SearchWatch: Service {
    let matters: Matters
    let database: Database
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                if let count = try await matters.reindex(in: database), count > 0 { logger.notice("search: indexed again") }
            } catch is CancellationError {
            } catch {
                // The next start tries again; what is not indexed anew is found as before.
                logger.error("search: could not index again", metadata: ["error": "\(error)"])
            }
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        }
    }
}
