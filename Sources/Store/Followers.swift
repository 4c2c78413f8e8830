import Basics
import Logging
import ServiceLifecycle
import Synchronization

/// Reads the journal one at a time across all nodes, under a lease, and keeps its place in the same transaction as what it
/// writes: what it does in the database happens exactly once.
package protocol LeasedFollower: Sendable {
    var name: String { get }
    /// No I/O but through `tx`. When it throws nothing is kept and the same entries come again.
    func follow(_ entries: [Entry], in tx: Transaction) throws
}

/// Reads the journal on every node, from the end at start, to keep something in memory in step.
package protocol NodeFollower: Sendable {
    var name: String { get }
    func follow(_ entries: [Entry], from database: Database) async throws
}

/// How far one follower is behind.
package struct FollowerLag: Codable, Sendable {
    package let name: String
    package let entries: Int
}

/// Runs the followers of this node until it is cancelled.
package struct Followers: Service {
    private static let batch = 500

    private let database: Database
    private let leased: [any LeasedFollower]
    private let node: [(follower: any NodeFollower, from: JournalCursor)]
    private let time: TimeSource
    private let holder = Secret.token()
    private let pollEvery: Duration
    private let tail: JournalTail
    private let leases = FollowerPositions()
    package let positions = FollowerPositions()

    package init(
        database: Database, leased: [any LeasedFollower], node: [(any NodeFollower, JournalCursor)], time: TimeSource,
        pollEvery: Duration = .seconds(1)
    ) {
        self.database = database
        self.leased = leased
        self.node = node.map { (follower: $0.0, from: $0.1) }
        self.time = time
        self.pollEvery = pollEvery
        tail = JournalTail(database)
    }

    package func run() async throws {
        try await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                for follower in leased { group.addTask { await loop(follower.name) { try await advance(follower) } } }
                for (follower, start) in node {
                    let cursor = Mutex(start)
                    positions.set(follower.name, start)
                    group.addTask {
                        await loop(follower.name) {
                            let from = cursor.withLock { $0 }
                            let entries = try await tail.entries(after: from, limit: Self.batch)
                            guard let last = entries.last else { return false }
                            try await follower.follow(entries, from: database)
                            cursor.withLock { $0 = last.cursor }
                            positions.set(follower.name, last.cursor)
                            return entries.count == Self.batch
                        }
                    }
                }
                await group.waitForAll()
            }
        } onGracefulShutdown: {
            stopping.raise()
            database.commits.send()
        }
    }

    private let stopping = StopFlag()

    private func loop(_ name: String, _ step: @escaping @Sendable () async throws -> Bool) async {
        let wakes = merge(database.commits.listen(), every: pollEvery)
        var failures = 0
        for await _ in wakes {
            if stopping.isRaised || Task.isCancelled { return }
            do {
                while try await step(), !Task.isCancelled {}
                failures = 0
                // After a look, not before it: the first act is followed at once, a stream of them in batches.
                try await Task.sleep(for: .milliseconds(20))
            } catch is CancellationError {
                return
            } catch StoreFailure.closed {
                return
            } catch {
                failures += 1
                database.logger.error(
                    "follower stopped, goes on from where it was",
                    metadata: ["follower": "\(name)", "error": "\(error)", "try": "\(failures)"])
                // A database that is away comes back at once, after a failover too; whatever else fails will hardly mend itself so soon.
                let most = Outage(error) == .databaseAway ? 1000 : 10_000
                try? await Task.sleep(for: .milliseconds(min(most, 50 << min(failures, 8))))
            }
        }
    }

    /// One batch under the lease. - Returns: true when there may be more.
    private func advance(_ follower: any LeasedFollower) async throws -> Bool {
        let now = time.now
        let (name, holder) = (follower.name, holder)
        // Look first without writing: most wake-ups have nothing for us, and none has anything while another node does the work.
        let known: JournalCursor? =
            if let known = leases[name] { known } else {
                try await database.read { try $0.isLeaseFree(name, for: holder, now: now) ? $0.followerCursor(name) : nil }
            }
        guard let from = known else { return false }
        let entries = try await tail.entries(after: from, limit: Self.batch)
        guard let last = entries.last else { return false }
        let stands: FollowerStanding = try await database.write { tx in
            guard try tx.takeLease(name, holder: holder, now: now) else { return .elsewhere }
            guard try tx.followerCursor(name) == from else { return .moved }
            try follower.follow(entries, in: tx)
            try tx.saveFollowerCursor(name, last.cursor, at: now)
            return .done
        }
        // Where it stands is known without asking only to the node that has it.
        leases.set(name, stands == .done ? last.cursor : nil)
        return stands == .moved || stands == .done && entries.count == Self.batch
    }

    /// How far each follower of this node is behind.
    package func lags() async throws -> [FollowerLag] {
        let node = positions.all
        let leased = leased.map(\.name)
        return try await database.read { tx in
            var cursors = node
            for name in leased { cursors[name] = try tx.followerCursor(name) }
            return try cursors.sorted { $0.key < $1.key }.map { name, cursor in
                FollowerLag(name: name, entries: try tx.countEntries(after: cursor))
            }
        }
    }
}

/// Where each node follower stands.
package final class FollowerPositions: Sendable {
    private let cursors = Mutex<[String: JournalCursor]>([:])
    package var all: [String: JournalCursor] { cursors.withLock { $0 } }
    subscript(_ name: String) -> JournalCursor? { cursors.withLock { $0[name] } }
    func set(_ name: String, _ cursor: JournalCursor?) { cursors.withLock { $0[name] = cursor } }
}

/// What became of a batch under a lease.
private enum FollowerStanding: Sendable {
    case done
    /// Another node has the lease.
    case elsewhere
    /// Another node had it meanwhile.
    case moved
}

final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)
    func raise() { flag.store(true, ordering: .releasing) }
    var isRaised: Bool { flag.load(ordering: .acquiring) }
}

/// Wakes at once, at each signal, and at least every interval.
private func merge(_ signals: AsyncStream<Void>, every interval: Duration) -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let task = Task {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await signal in signals { continuation.yield(signal) } }
            group.addTask {
                while !Task.isCancelled {
                    continuation.yield()
                    try? await Task.sleep(for: interval)
                }
            }
            await group.next()
            group.cancelAll()
        }
        continuation.finish()
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
}

extension Transaction {
    package func followerCursor(_ name: String) throws -> JournalCursor {
        try first("SELECT turn, seq FROM follower WHERE name = \(name)") { JournalCursor(turn: try $0["turn"], seq: try $0["seq"]) }
            ?? .start
    }

    package func saveFollowerCursor(_ name: String, _ cursor: JournalCursor, at now: Instant) throws {
        try run(
            """
            INSERT INTO follower (name, era, turn, seq, at) VALUES (\(name), 1, \(cursor.turn), \(cursor.seq), \(now))
            ON CONFLICT (name) DO UPDATE SET turn = excluded.turn, seq = excluded.seq, at = excluded.at
            """)
    }

    private static let leaseLasts = Span.seconds(5)

    /// Whether `takeLease` would succeed, without taking it.
    func isLeaseFree(_ name: String, for holder: String, now: Instant) throws -> Bool {
        try !exists(
            """
            SELECT 1 FROM lease
            WHERE name = \(name) AND holder <> \(holder) AND until >= \(now) AND until <= \(now + Self.leaseLasts)
            """)
    }

    /// True when the lease is ours until some seconds from now; one holder at a time. Others wait that long when the holder dies. One that ends
    /// later than that was taken by a clock that has been set back since: nobody waits for it.
    package func takeLease(_ name: String, holder: String, now: Instant) throws -> Bool {
        try run(
            """
            INSERT INTO lease (name, holder, until) VALUES (\(name), \(holder), \(now + Self.leaseLasts))
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
            WHERE lease.holder = excluded.holder OR lease.until < \(now) OR lease.until > excluded.until
            """) > 0
    }
}
