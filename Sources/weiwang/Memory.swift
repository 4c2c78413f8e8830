import CMalloc
import Foundation
import ServiceLifecycle

/// What the allocator keeps for itself goes back to the system.
enum Memory {
    /// An arena for each core, not eight: each keeps what its busiest moment needed. Takes effect for threads that begin later.
    static func haveFewArenas() { mallopt(M_ARENA_MAX, Int32(max(2, ProcessInfo.processInfo.activeProcessorCount))) }

    static func giveBack() { malloc_trim(0) }
}

/// Gives back what a busy minute left.
struct MemoryKeeper: Service {
    var every: Duration = .seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: every)
                Memory.giveBack()
            }
        }
    }
}
