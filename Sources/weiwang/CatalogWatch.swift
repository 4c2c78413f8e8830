import Basics
import Catalog
import Logging
import Matters
import ServiceLifecycle

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
