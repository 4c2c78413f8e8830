import Basics
import Catalog
import Foundation
import Insight
import Logging
import Matters
import Posts
import ServiceLifecycle
import Store

/// Fills what lives in memory: the post book; the board from its file or, without a good one, from the tables; the category model from the tables.
struct Loading: Service {
    let board: Board
    let matters: Matters
    let database: Database

    var file: BoardFile { BoardFile(folder: database.folder) }

    func load() async throws {
        // Whoever comes first would wait for it: a second in a large city.
        let posts = matters.posts
        try await database.read { _ = try posts.book(in: $0) }
        if try await !board.restore(from: file, in: database) { try await board.load(from: database) }
        let (model, catalog) = (matters.model, matters.catalog.current)
        try await database.read { try model.load(catalog, in: $0) }
        // What only the reading needed goes back; a server would hold it for as long as it runs.
        Memory.giveBack()
    }

    func run() async throws {
        try await load()
        try await gracefulShutdown()
    }
}

/// Keeps the board's file young enough that a start reads little besides it.
struct BoardKeeper: Service {
    /// Fewer rows than this are read again as fast as the file is.
    private static let worth = 20_000

    let board: Board
    let file: BoardFile
    let positions: FollowerPositions
    let database: Database
    let logger: Logger
    var every: Duration = .seconds(600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await keep()
                try? await Task.sleep(for: board.isReady ? every : .seconds(1))
            }
        }
        await keep()
    }

    private func keep() async {
        guard board.isReady, board.readings >= Self.worth, let cursor = positions.all[BoardFollower.name] else { return }
        do {
            try await board.keep(in: file, at: cursor, from: database)
        } catch {
            // The next start reads the tables instead.
            logger.warning("board: could not be kept", metadata: ["error": "\(error)"])
        }
    }
}
