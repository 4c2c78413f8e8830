import Basics
import Foundation
import Glibc
import Logging
import ServiceLifecycle
import Store
import Synchronization

/// Makes the backups that a command beside the server asks for, in the server's own process.
struct BackupService: Service {
    let database: Database
    let folder: String
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var last: String?
            while !Task.isCancelled {
                if let wish = wish(), wish.id != last {
                    last = wish.id
                    await answer(wish)
                }
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    /// What is asked for, as long as somebody waits for it.
    private func wish() -> BackupWish? {
        guard isWaitedFor, let bytes = FileManager.default.contents(atPath: BackupWish.path(folder)) else { return nil }
        return try? JSONDecoder().decode(BackupWish.self, from: bytes)
    }

    private var isWaitedFor: Bool {
        let descriptor = open(BackupWish.path(folder), O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    private func answer(_ wish: BackupWish) async {
        var told = BackupTold(id: wish.id)
        tell(told)
        let lastTold = Mutex(Date.distantPast)
        do {
            let backup = try await database.backUp(to: wish.target, at: .systemNow) { part, done in
                let now = Date()
                guard
                    lastTold.withLock({ last in
                        guard now.timeIntervalSince(last) > 0.3 else { return false }
                        last = now
                        return true
                    })
                else { return }
                // Whoever asked has gone, or the server ends.
                guard isWaitedFor, !Task.isCancelled else { throw CancellationError() }
                var step = BackupTold(id: wish.id)
                (step.part, step.done) = (part, done)
                tell(step)
            }
            told.made = BackupTold.Made(backup.manifest)
            logger.notice("backup", metadata: ["folder": "\(wish.target)", "rows": "\(backup.manifest.rows)"])
        } catch let refusal as any Refusal {
            (told.refusal, told.values) = (refusal.key, refusal.values)
        } catch {
            told.failure = "\(error)"
            logger.error("backup", metadata: ["folder": "\(wish.target)", "error": "\(error)"])
        }
        tell(told)
    }

    private func tell(_ told: BackupTold) {
        guard let bytes = try? JSONEncoder().encode(told) else { return }
        try? bytes.write(to: URL(fileURLWithPath: BackupTold.path(folder)), options: .atomic)
    }
}
