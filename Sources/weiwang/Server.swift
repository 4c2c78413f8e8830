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
import Web

/// What a serving process runs beside the pages.
struct Server: Sendable {
    let house: House
    let services: [any Service]

    /// Makes the pages and the followers that keep what lives in memory in step.
    /// - Parameters:
    ///   - loaded: board and category model are there when it returns; else they load while the pages are served already, and figures say that
    ///     they are being counted.
    ///   - pollEvery: how often followers and timers look without being woken.
    ///   - sweepEvery: how often uploads that were cut off are cleared away.
    static func make(
        _ engines: Engines, settings: WebSettings, loaded: Bool = true, pollEvery: Duration = .seconds(1),
        sweepEvery: Duration = .seconds(600), logger: Logger
    ) async throws -> Server {
        let matters = engines.matters
        let database = engines.database
        let board = Board(catalog: engines.catalog)
        // What happens from here on is followed; the board waits with that until it is loaded, and goes on from where its file stood.
        let start = try await database.read { try $0.journalEnd() }
        let loading = Loading(board: board, matters: matters, database: database)
        let kept = try await loading.file.cursor(in: database, zone: engines.catalog.current.platform.zone)
        if loaded { try await loading.load() }
        let feed = Feed(matters: matters, time: engines.time)
        let followers = Followers(
            database: database, leased: [Notices(matters: matters), Seal()],
            node: [
                (BoardFollower(board), kept ?? start), (LandFollower(engines.grids), start), (ModelFollower(matters), start), (feed, start),
            ],
            time: engines.time, pollEvery: pollEvery)
        let timers = TimerLoop(database: database, bells: [MatterTimers(matters), engines.grids], time: engines.time, pollEvery: pollEvery)
        let house = try House(
            home: engines.home, settings: settings, time: engines.time, database: database, matters: matters, board: board,
            followers: followers,
            feed: feed)
        return Server(
            house: house,
            services: (loaded ? [] : [loading]) + [
                followers, timers, FileSweeper(database: database, every: sweepEvery), MemoryKeeper(),
                CatalogWatch(engines: engines, logger: logger),
                SearchWatch(matters: matters, database: database, logger: logger),
                BoardKeeper(
                    board: board, file: loading.file, positions: followers.positions, database: database, logger: logger),
                Anchors(
                    database: database, folder: database.folder, time: engines.time, zone: engines.catalog.current.platform.zone,
                    logger: logger),
            ] + (database.dialect == .sqlite ? [BackupService(database: database, folder: database.folder, logger: logger)] : []))
    }
}

extension Server {
    /// Serves on a free port of this machine until the task is cancelled: for stories and measurements, which call in from the same process.
    func listening(logger: Logger) async throws -> (port: Int, serving: Task<Void, any Error>) {
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let application = WebApp.application(house, host: "127.0.0.1", port: 0, logger: logger) { told.yield($0) }
        let services = services
        let serving = Task {
            // A server that cannot start must not leave the caller waiting for its port.
            defer { told.finish() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await application.run() }
                for service in services { group.addTask { try await service.run() } }
                try await group.waitForAll()
            }
        }
        for await port in ports { return (port, serving) }
        try await serving.value
        throw StoreFailure.closed
    }
}
