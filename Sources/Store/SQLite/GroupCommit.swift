import Foundation
import GRDB
import Synchronization

/// SQLite's single writer: writes that wait share one transaction, and nobody is answered before the commit is on disk. With nothing
/// waiting a write goes at once.
///
/// A write that fails leaves nothing of itself. Most fail before they wrote anything; when one had written, the group is undone and run
/// again with each write in a savepoint. NB: not so from the first, because FTS5 writes its index out at every savepoint, which was a
/// third of the time of a report.
final class GroupCommit: Sendable {
    /// One caller's write: what to do in the transaction, and how to tell the caller.
    private struct Job: Sendable {
        let run: @Sendable (Transaction) throws -> Void
        let finish: @Sendable ((any Error)?) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var stopped = false
    }

    private static let largestGroup = 256

    private let pool: DatabasePool
    private let commits: CommitSignal
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    let rehearses = Atomic<Bool>(false)

    init(pool: DatabasePool, commits: CommitSignal) {
        self.pool = pool
        self.commits = commits
        let thread = Thread { [self] in loop() }
        thread.name = "sqlite-writer"
        thread.start()
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        let answer = Mutex<T?>(nil)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let job = Job(
                run: { transaction in
                    let value = try body(transaction)
                    answer.withLock { $0 = value }
                },
                finish: { error in
                    if let error { continuation.resume(throwing: error) } else { continuation.resume() }
                })
            let accepted = state.withLock { state in
                if !state.stopped { state.waiting.append(job) }
                return !state.stopped
            }
            if accepted { wake.signal() } else { job.finish(StoreFailure.closed) }
        }
        guard let value = answer.withLock({ $0 }) else { throw StoreFailure.closed }
        return value
    }

    func stop() {
        state.withLock { $0.stopped = true }
        wake.signal()
        ended.wait()
    }

    private func loop() {
        var log = LogKeeper(path: pool.path)
        while true {
            wake.wait()
            let (jobs, stopped) = state.withLock { state in
                let jobs = Array(state.waiting.prefix(Self.largestGroup))
                state.waiting.removeFirst(jobs.count)
                return (jobs, state.stopped && state.waiting.isEmpty)
            }
            if !jobs.isEmpty {
                commit(jobs)
                log.look(pool)
            }
            if stopped { break }
            if state.withLock({ !$0.waiting.isEmpty || $0.stopped }) { wake.signal() }
        }
        ended.signal()
    }

    private func commit(_ jobs: [Job]) {
        var results: [(any Error)?] = Array(repeating: nil, count: jobs.count)
        var recorded = 0
        do {
            try pool.writeWithoutTransaction { database in
                let connection = SQLiteConnection(database)
                try connection.execute("BEGIN IMMEDIATE")
                do {
                    do {
                        recorded = try run(jobs, apart: false, on: connection, &results)
                    } catch is Torn {
                        try connection.execute("ROLLBACK")
                        try connection.execute("BEGIN IMMEDIATE")
                        recorded = try run(jobs, apart: true, on: connection, &results)
                    }
                    try connection.execute("COMMIT")
                } catch {
                    try? connection.execute("ROLLBACK")
                    throw error
                }
            }
        } catch {
            results = results.map { $0 ?? error }
        }
        for (index, job) in jobs.enumerated() { job.finish(results[index]) }
        if recorded > 0 { commits.send() }
    }

    /// A write failed with part of it written.
    private struct Torn: Error {}

    /// - Parameter apart: each write in a savepoint of its own.
    /// - Returns: how many entries the writes recorded. - Throws: `Torn`, only when they are not apart.
    private func run(_ jobs: [Job], apart: Bool, on connection: SQLiteConnection, _ results: inout [(any Error)?]) throws -> Int {
        var recorded = 0
        var metaRows: [String: String]?
        for (index, job) in jobs.enumerated() {
            results[index] = nil
            let transaction = Transaction(connection, isReadOnly: false, metaRows: metaRows)
            let before = connection.changes
            do {
                if rehearses.load(ordering: .relaxed) { rehearse(job, on: connection) }
                if apart { try transaction.savepoint { try job.run(transaction) } } else { try job.run(transaction) }
                recorded += transaction.recorded
                metaRows = transaction.metaRows
            } catch {
                metaRows = nil
                // A full disk or a failing one ends the whole transaction, not the statement alone.
                guard connection.isInTransaction else { throw error }
                if !apart, connection.changes != before { throw Torn() }
                results[index] = error
            }
        }
        return recorded
    }

    private func rehearse(_ job: Job, on connection: SQLiteConnection) {
        let transaction = Transaction(connection, isReadOnly: false)
        try? transaction.savepoint {
            try job.run(transaction)
            throw Undone()
        }
    }
}
