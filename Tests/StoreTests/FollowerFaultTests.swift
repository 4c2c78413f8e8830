import Basics
import Foundation
import Store
import Support
import Synchronization
import Testing

/// A follower that counts what it sees in the database, and dies at a given step: in the middle of a batch, with some of it written.
private final class Mortal: LeasedFollower {
    let name = "mortal"
    private let lives: Int
    private let steps = Mutex(0)

    struct Died: Error {}

    init(lives: Int) { self.lives = lives }

    var isDead: Bool { steps.withLock { $0 >= lives } }

    func follow(_ entries: [Entry], in tx: Transaction) throws {
        for entry in entries {
            // Not the same when done twice, so that twice is seen.
            let seen = Int(try tx.meta("seen \(entry.id)") ?? "0") ?? 0
            try tx.setMeta("seen \(entry.id)", "\(seen + 1)")
            let step = steps.withLock { steps in
                steps += 1
                return steps
            }
            if step >= lives { throw Died() }
        }
    }
}

@Suite struct FollowerFaultTests {
    private func entry(_ number: Int) -> Entry {
        Entry(
            id: UUIDv7(at: .systemNow), at: .systemNow, actor: .system("test"), subject: "thing", subjectID: UUIDv7(at: .systemNow),
            verb: "thing.happened", path: .root, detail: ["number": "\(number)"])
    }

    private func run(_ mortal: Mortal, on database: Database, until done: () async throws -> Bool) async throws {
        let followers = Followers(database: database, leased: [mortal], node: [], time: .system, pollEvery: .milliseconds(20))
        let running = Task { try await followers.run() }
        for _ in 0..<1000 where try await !done() { try await Task.sleep(for: .milliseconds(5)) }
        running.cancel()
        _ = await running.result
    }

    @Test("a follower that dies at each step sees each entry once in the end", arguments: Backend.all)
    func dies(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            database.rehearseWrites(false)
            var ids: [UUIDv7] = []
            for number in 0..<8 {
                let new = entry(number)
                try await database.write { _ = try $0.record(new) }
                ids.append(new.id)
            }
            let all = ids
            func seen() async throws -> [String?] { try await database.read { tx in try all.map { try tx.meta("seen \($0)") } } }
            for lives in 1...all.count {
                let mortal = Mortal(lives: lives)
                try await run(mortal, on: database) { mortal.isDead }
                #expect(mortal.isDead)
                // What it had written in that batch went with it.
                #expect(try await seen() == Array(repeating: nil, count: all.count), "died at \(lives)")
            }
            try await run(Mortal(lives: .max), on: database) { try await seen().last == "1" }
            #expect(try await seen() == Array(repeating: "1", count: all.count))
        }
    }

    @Test("SQLite: what a killed process held is free at once, for the folder has one process")
    func lease() async throws {
        let scratch = try await ScratchPlace(.sqlite)
        let first = try await Database.open(scratch.place, logger: .quiet)
        let now = Instant.systemNow
        #expect(try await first.write { try $0.takeLease("seal", holder: "killed", now: now) })
        #expect(try await !first.write { try $0.takeLease("seal", holder: "other", now: now) })
        await first.close()
        let second = try await Database.open(scratch.place, logger: .quiet)
        #expect(try await second.write { try $0.takeLease("seal", holder: "other", now: now) })
        await second.close()
    }
}
