import Foundation
import ServiceLifecycle

/// Clears away what a process that was killed left behind: in the folder of things arriving, and kept files whose row was never written.
/// What came within the hour stays: uploads under way, and the photos of a form that is not sent yet.
package struct FileSweeper: Service {
    private let database: Database
    private let every: Duration

    package init(database: Database, every: Duration = .seconds(600)) {
        self.database = database
        self.every = every
    }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // NB: the machine's clock and not the platform's, since the file system goes by it.
                database.files.sweepIncoming(now: Date())
                await sweepKept()
                try? await Task.sleep(for: every)
            }
        }
    }

    private func sweepKept() async {
        let files = database.files
        for shelf in files.shelves() {
            // First what lies there, then the rows: a file whose row comes in between is young.
            let lying = files.digests(on: shelf)
            guard !lying.isEmpty else { continue }
            guard !Task.isCancelled, let noted = try? await database.read({ try $0.notedFiles(on: shelf) }) else { return }
            for digest in lying where !noted.contains(digest) { files.drop(digest, now: Date()) }
        }
    }
}
