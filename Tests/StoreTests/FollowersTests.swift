import Basics
import Store
import Support
import Synchronization
import Testing

/// What a follower saw, and how often it shall stumble.
private final class Watcher: Sendable {
    struct Stumbled: Error {}
    private let state = Mutex<(seen: [UUIDv7], calls: Int)>(([], 0))
    let stumblesEvery: Int

    init(stumblesEvery: Int) { self.stumblesEvery = stumblesEvery }

    var seen: [UUIDv7] { state.withLock { $0.seen } }

    func stumble() throws {
        let calls = state.withLock { state in
            state.calls += 1
            return state.calls
        }
        if stumblesEvery > 0, calls % stumblesEvery == 1 { throw Stumbled() }
    }

    func see(_ entries: [Entry]) { state.withLock { $0.seen += entries.map(\.id) } }
}

private struct InMemory: NodeFollower {
    let name: String
    let watcher: Watcher

    func follow(_ entries: [Entry], from database: Database) async throws {
        try watcher.stumble()
        watcher.see(entries)
    }
}

/// Counts in the database, so that what is done twice or undone is seen.
private struct InDatabase: LeasedFollower {
    let name: String
    let watcher: Watcher

    func follow(_ entries: [Entry], in tx: Transaction) throws {
        for entry in entries {
            try tx.run(
                "INSERT INTO search_doc (subject_id) VALUES (\(UUIDv7(high: entry.id.high, low: entry.id.low ^ UInt64(name.utf8.count))))")
        }
        try watcher.stumble()
    }
}

@Suite struct FollowersTests {
    @Test("each follower meets each entry once and in order, also one that stumbles and two nodes at once", arguments: Backend.all)
    func onceAndInOrder(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let watchers = [Watcher(stumblesEvery: 0), Watcher(stumblesEvery: 3), Watcher(stumblesEvery: 0)]
            let leased = Watcher(stumblesEvery: 2)
            func followers(_ more: [any NodeFollower]) -> Followers {
                Followers(
                    database: database,
                    leased: [
                        InDatabase(name: "steady", watcher: Watcher(stumblesEvery: 0)), InDatabase(name: "stumbling", watcher: leased),
                    ],
                    node: more.map { ($0, .start) }, time: .system, pollEvery: .milliseconds(20))
            }
            let running = [
                followers([InMemory(name: "a", watcher: watchers[0]), InMemory(name: "b", watcher: watchers[1])]),
                followers([InMemory(name: "c", watcher: watchers[2])]),
            ].map { followers in Task { try await followers.run() } }
            let entries = (0..<1200).map { number in
                Entry(
                    id: UUIDv7(at: .systemNow), at: .systemNow, actor: .system("test"), subject: "thing", subjectID: UUIDv7(at: .systemNow),
                    verb: "n.\(number)", path: .root)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for entry in entries[(writer * 150)..<(writer + 1) * 150] { try await database.write { try $0.record(entry) } }
                    }
                }
                try await group.waitForAll()
            }
            let counted: @Sendable (Transaction) throws -> Int = { try $0.count("SELECT COUNT(*) FROM search_doc") }
            for _ in 0..<600 {
                if watchers.allSatisfy({ $0.seen.count == 1200 }), try await database.read(counted) == 2400 { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            for task in running { task.cancel() }
            let written = try await database.read { try $0.entries(after: .start, limit: 2000).map(\.id) }
            for watcher in watchers { #expect(watcher.seen == written) }
            #expect(written.count == 1200)
            // The id is unique: one done twice would have failed for ever.
            #expect(try await database.read(counted) == 2400)
        }
    }
}
