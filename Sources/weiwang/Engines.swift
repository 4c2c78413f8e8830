import Basics
import Catalog
import Foundation
import Grids
import Ledger
import Logging
import Matters
import Posts
import Store

/// All engines on one set of data: made here and nowhere else.
struct Engines: Sendable {
    let home: String
    let database: Database
    let time: TimeSource
    let catalog: LiveCatalog
    let grids: Grids
    let posts: Posts
    let ledger: Ledger
    let matters: Matters

    /// Opens the data, makes root, unit and root post in a new folder, and reads the land.
    static func open(
        _ place: DatabasePlace, readOnly: Bool = false, asNode: Bool = false, home: String? = nil, time: TimeSource = .system,
        logger: Logger = Logger(label: "weiwang")
    ) async throws -> Engines {
        guard let home = home ?? CatalogFiles.home() else { throw CatalogProblem(file: "catalog", line: 1, .noCatalog, ["home": "."]) }
        let checks: [@Sendable (Catalog) throws -> Void] = [{ _ = try Kinds($0) }, { _ = try Registers($0) }]
        let catalog = try LiveCatalog(CatalogFiles.load(home: home), checks: checks)
        let database = try await Database.open(place, readOnly: readOnly, asNode: asNode, logger: logger)
        do {
            let posts = Posts(catalog: catalog, time: time)
            let grids = Grids(levels: catalog.current.levels, zone: catalog.current.platform.zone, time: time)
            let ledger = Ledger(catalog: catalog, posts: posts)
            let matters = Matters(catalog: catalog, grids: grids, posts: posts, ledger: ledger)
            let movers: [any MovesWithLand] = [ledger, posts, matters]
            grids.move(with: movers)
            if !readOnly {
                let now = time.now
                let root = GridID(at: now)
                let current = catalog.current
                let name = current.platform.name[current.platform.languages.first ?? .chinese]
                try await database.write { tx in
                    try grids.bootstrap(id: root, name: name, at: now, in: tx)
                    try posts.bootstrap(at: now, in: tx)
                }
            }
            let (last, _) = try await database.read { (try $0.lastRecordedAt(), try grids.reload(in: $0)) }
            if let last, last > time.now {
                // A clock that was set back while nothing ran: what is made now still sorts behind what is there.
                if last - time.now < UUIDv7.Sequence.held { UUIDv7.Sequence.shared.goOn(behind: last) }
                logger.warning("the clock is behind the journal", metadata: ["seconds": "\((last - time.now).milliseconds / 1000)"])
            }
            return Engines(
                home: home, database: database, time: time, catalog: catalog, grids: grids, posts: posts, ledger: ledger, matters: matters)
        } catch {
            await database.close()
            throw error
        }
    }

    /// Opens, does, closes; also when it throws.
    static func with<T>(_ place: DatabasePlace, readOnly: Bool = false, _ body: (Engines) async throws -> T) async throws -> T {
        let engines = try await open(place, readOnly: readOnly)
        do {
            let result = try await body(engines)
            await engines.database.close()
            return result
        } catch {
            await engines.database.close()
            throw error
        }
    }
}
