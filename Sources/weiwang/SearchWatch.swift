import Logging
import Matters
import ServiceLifecycle
import Store

/// Brings the index of older versions up to date once, beside the work.
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
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        }
    }
}
