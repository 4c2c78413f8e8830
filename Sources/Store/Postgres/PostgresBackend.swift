import Basics
import Foundation
import Synchronization

/// PostgreSQL: one transaction each (it groups commits by itself), repeated when the server says that repeating helps.
final class PostgresBackend: Backend {
    private static let tries = 6
    static let migrationLock: Int64 = 0x7765_6977_616e_67

    private let threads: ConnectionThreads
    private let bell: NotifyThread?
    private let commits: CommitSignal
    private let readOnly: Bool
    private let rehearses = Atomic<Bool>(false)
    let dialect = Dialect.postgres

    static func open(url: String, readOnly: Bool, commits: CommitSignal) async throws -> PostgresBackend {
        let threads = ConnectionThreads(url: url, count: readOnly ? 2 : 16)
        guard !readOnly else { return PostgresBackend(threads: threads, bell: nil, readOnly: true, commits: commits) }
        do {
            try await PostgresBackend(threads: threads, bell: nil, readOnly: false, commits: commits).write { tx in
                // NB: several nodes may start at once; the lock makes them migrate one after the other.
                try tx.connection.lock(migrationLock)
                if try Migrations.areDue(tx) { try PostgresHouse.takeAlone(tx) }
                try Migrations.run(on: tx.connection)
            }
        } catch {
            threads.stop()
            throw error
        }
        return PostgresBackend(threads: threads, bell: NotifyThread(url: url, commits: commits), readOnly: false, commits: commits)
    }

    private init(threads: ConnectionThreads, bell: NotifyThread?, readOnly: Bool, commits: CommitSignal) {
        self.threads = threads
        self.bell = bell
        self.commits = commits
        self.readOnly = readOnly
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", isReadOnly: true, rehearse: false, body).0
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        guard !readOnly else { throw StoreFailure.readOnly }
        var tries = 0
        while true {
            do {
                let (value, recorded) = try await run("BEGIN", isReadOnly: false, rehearse: rehearses.load(ordering: .relaxed), body)
                if recorded > 0 {
                    commits.send()
                    bell?.ring()
                }
                return value
            } catch StoreFailure.statement(let words, let state) {
                tries += 1
                // 40001 serialization failure, 40P01 deadlock: nothing was done, so do it again.
                guard state.hasPrefix("40"), tries < Self.tries else { throw StoreFailure.statement(words, state: state) }
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...(8 << tries))))
            }
        }
    }

    private func run<T: Sendable>(
        _ begin: String, isReadOnly: Bool, rehearse: Bool, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> (T, Int) {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<(T, Int), any Error>) in
            threads.submit { found in
                continuation.resume(
                    with: Result {
                        let connection = try found.get()
                        try connection.execute(begin)
                        do {
                            if rehearse { Self.rehearse(body, on: connection) }
                            let transaction = Transaction(connection, isReadOnly: isReadOnly)
                            let value = try body(transaction)
                            try connection.execute("COMMIT")
                            return (value, transaction.recorded)
                        } catch {
                            try? connection.execute("ROLLBACK")
                            throw error
                        }
                    })
            }
        }
    }

    private static func rehearse<T>(_ body: (Transaction) throws -> T, on connection: PostgresConnection) {
        let transaction = Transaction(connection, isReadOnly: false)
        try? transaction.savepoint {
            _ = try body(transaction)
            throw Undone()
        }
    }

    /// NB: not within a transaction.
    func tidy() async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            threads.submit { found in continuation.resume(with: Result { try found.get().execute("VACUUM (ANALYZE)") }) }
        }
    }

    func rehearse(_ on: Bool) { rehearses.store(on, ordering: .relaxed) }

    func close() async {
        bell?.stop()
        threads.stop()
    }
}
