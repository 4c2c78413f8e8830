import Basics
import Logging
import ServiceLifecycle

/// What happens when a timer rings; runs in the transaction that takes the timer away.
package protocol RingsOnTime: Sendable {
    /// Timers whose sort begins with this, up to the dot, are for it.
    var timerSort: String { get }
    func ring(_ timer: DueTimer, at now: Instant, in tx: Transaction) throws
}

/// Rings due timers, one at a time across all nodes.
package struct TimerLoop: Service {
    private let database: Database
    private let bells: [String: any RingsOnTime]
    private let time: TimeSource
    private let pollEvery: Duration
    private let holder = Secret.token()

    package init(database: Database, bells: [any RingsOnTime], time: TimeSource, pollEvery: Duration = .seconds(1)) {
        self.database = database
        self.bells = Dictionary(bells.map { ($0.timerSort, $0) }, uniquingKeysWith: { first, _ in first })
        self.time = time
        self.pollEvery = pollEvery
    }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    while try await ringDue() > 0 {}
                } catch StoreFailure.closed {
                    return
                } catch {
                    database.logger.error("a timer failed and will ring again", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: pollEvery)
            }
        }
    }

    /// - Returns: how many rang. One that fails is put back a minute later, so that it does not hold up the others.
    private func ringDue() async throws -> Int {
        let now = time.now
        let holder = holder
        guard let next = try await database.read({ try $0.nextTimer() }), next <= now else { return 0 }
        let bells = bells
        let logger = database.logger
        return try await database.write { tx in
            guard try tx.takeLease("timers", holder: holder, now: now) else { return 0 }
            let due = try tx.takeDueTimers(at: now, limit: 50)
            for timer in due {
                let sort = String(timer.sort.prefix { $0 != "." })
                do {
                    try tx.savepoint { try bells[sort]?.ring(timer, at: now, in: tx) }
                } catch {
                    logger.error("timer failed", metadata: ["sort": "\(timer.sort)", "subject": "\(timer.subject)", "error": "\(error)"])
                    try tx.schedule(
                        DueTimer(id: timer.id, at: now + .minutes(1), sort: timer.sort, subject: timer.subject, detail: timer.detail))
                }
            }
            return due.count
        }
    }
}
