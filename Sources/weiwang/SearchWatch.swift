import Logging
import Matters
import ServiceLifecycle
import Store

/// Brings the index of older versions up to date once, beside the work, and after land moved what lies there.
struct SearchWatch: Service {
    let matters: Matters
    let database: Database
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            do {
                if let count = try await matters.reindex(in: database), count > 0 { logger.notice("search: indexed again") }
            } catch is CancellationError {
            } catch {
                // The next start tries again; what is not indexed anew is found as before.
                logger.error("search: could not index again", metadata: ["error": "\(error)"])
            }
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(5))
                do {
                    let count = try await matters.indexStale(in: database)
                    if count > 0 { logger.notice("search: indexed what land moved", metadata: ["matters": "\(count)"]) }
                } catch is CancellationError {
                } catch {
                    logger.error("search: could not index what land moved", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
