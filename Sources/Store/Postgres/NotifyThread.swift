import Foundation
import Glibc
import Synchronization

/// Tells other nodes of commits and hears of theirs: LISTEN and NOTIFY on a connection of its own, after the commit
/// (inside one it would serialise commits), at most every 20 ms.
final class NotifyThread: Sendable {
    private let url: String
    private let commits: CommitSignal
    private let pipe: (read: Int32, write: Int32)
    private let stopped = Atomic<Bool>(false)
    private let rung = Atomic<Bool>(false)

    init(url: String, commits: CommitSignal) {
        self.url = url
        self.commits = commits
        var ends: [Int32] = [-1, -1]
        _ = Glibc.pipe(&ends)
        pipe = (ends[0], ends[1])
        let thread = Thread { [self] in loop() }
        thread.name = "postgres-notify"
        thread.start()
    }

    func ring() {
        guard !rung.exchange(true, ordering: .acquiringAndReleasing) else { return }
        poke()
    }

    func stop() {
        stopped.store(true, ordering: .releasing)
        poke()
    }

    private func poke() {
        var byte: UInt8 = 1
        _ = Glibc.write(pipe.write, &byte, 1)
    }

    private func loop() {
        while !stopped.load(ordering: .acquiring) {
            do {
                let connection = try PostgresConnection(url: url)
                try connection.execute("LISTEN weiwang")
                // Held as long as the connection: whoever wants the tables for himself sees that somebody works on them.
                try connection.execute("SELECT pg_advisory_lock_shared(\(PostgresHouse.inUse))")
                while !stopped.load(ordering: .acquiring) {
                    var waits = [
                        pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0),
                        pollfd(fd: pipe.read, events: Int16(POLLIN), revents: 0),
                    ]
                    _ = poll(&waits, 2, 5000)
                    if waits[1].revents != 0 {
                        var bytes = [UInt8](repeating: 0, count: 64)
                        _ = Glibc.read(pipe.read, &bytes, 64)
                    }
                    if connection.consumeNotifications() { commits.send() }
                    guard connection.isUsable else { break }
                    if rung.exchange(false, ordering: .acquiringAndReleasing) {
                        try connection.execute("NOTIFY weiwang")
                        usleep(20_000)
                    }
                }
            } catch {
                // The followers poll besides, so a lost bell only makes them slower.
                sleep(1)
            }
        }
        Glibc.close(pipe.read)
        Glibc.close(pipe.write)
    }
}
