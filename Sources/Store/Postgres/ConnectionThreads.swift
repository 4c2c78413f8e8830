import Foundation
import Synchronization

/// Threads that each own one PostgreSQL connection. libpq blocks, so it stays off the cooperative pool.
final class ConnectionThreads: Sendable {
    typealias Job = @Sendable (Result<PostgresConnection, any Error>) -> Void

    private struct State {
        var waiting: [Job] = []
        var stopped = false
        var running: Int
    }

    private let url: String
    private let state: Mutex<State>
    private let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let count: Int

    init(url: String, count: Int) {
        self.url = url
        self.count = count
        state = Mutex(State(running: count))
        for number in 0..<count {
            let thread = Thread { [self] in loop() }
            thread.name = "postgres-\(number)"
            thread.start()
        }
    }

    func submit(_ job: @escaping Job) {
        let accepted = state.withLock { state in
            if !state.stopped { state.waiting.append(job) }
            return !state.stopped
        }
        if accepted { wake.signal() } else { job(.failure(StoreFailure.closed)) }
    }

    func stop() {
        state.withLock { $0.stopped = true }
        for _ in 0..<count { wake.signal() }
        for _ in 0..<count { ended.wait() }
    }

    private func loop() {
        var connection: PostgresConnection?
        while true {
            wake.wait()
            let (job, stopped) = state.withLock { state in (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.stopped) }
            guard let job else {
                if stopped { break }
                continue
            }
            do {
                if let usable = connection, usable.isUsable {
                    job(.success(usable))
                } else {
                    let fresh = try PostgresConnection(url: url)
                    connection = fresh
                    job(.success(fresh))
                }
            } catch {
                connection = nil
                job(.failure(error))
            }
        }
        connection = nil
        ended.signal()
    }
}
