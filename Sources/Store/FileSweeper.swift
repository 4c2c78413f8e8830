import Foundation
import ServiceLifecycle

/// Clears away what a process that was killed left in the folder of things arriving. What came within the hour stays: uploads under way,
/// and the photos of a form that is not sent yet.
package struct FileSweeper: Service {
    private let files: Files
    private let every: Duration

    package init(files: Files, every: Duration = .seconds(600)) {
        self.files = files
        self.every = every
    }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // NB: the machine's clock and not the platform's, since the file system goes by it.
                files.sweepIncoming(now: Date())
                try? await Task.sleep(for: every)
            }
        }
    }
}
