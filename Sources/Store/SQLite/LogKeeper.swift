import Foundation
import GRDB

/// Keeps SQLite's write-ahead log from growing without end.
///
/// Its own checkpoint waits for nobody: while there is always some reader with an older snapshot it never comes to the end of the log, and the
/// log begins anew only from there. When it has grown long, this one waits, a moment, for the readers that are there; those who come
/// meanwhile read on.
struct LogKeeper {
    /// Bytes; the log begins anew by itself at half of it.
    private static let longest = 64 << 20
    /// How often, and how long each time, writes wait for readers, milliseconds. An export takes longer than that: then it is tried again
    /// later, and later still.
    ///
    /// NB: several short tries. SQLite waits for a mark that an old reader held even when new ones have taken it over meanwhile, and then in
    /// vain; the next try sees that it is new.
    private static let tries = 6
    private static let patience = 150
    private static let firstPause = Duration.seconds(2)
    private static let longestPause = Duration.seconds(60)

    private let path: String
    private var next = ContinuousClock.now
    private var pause = firstPause

    init(path: String) { self.path = path + "-wal" }

    /// To be asked after each commit, on the writer's thread.
    mutating func look(_ pool: DatabasePool) {
        var found = stat()
        guard stat(path, &found) == 0, found.st_size > Self.longest, .now >= next else { return }
        // What was committed is on disk either way; a disk that fails says so at the next commit.
        let isDone = try? pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA busy_timeout = \(Self.patience)")
            defer { try? database.execute(sql: "PRAGMA busy_timeout = \(SQLiteBackend.patience * 1000)") }
            let text = "PRAGMA wal_checkpoint(TRUNCATE)"
            return try (0..<Self.tries).contains { _ in try Int.fetchOne(database, sql: text) == 0 }
        }
        if isDone == true { return pause = Self.firstPause }
        next = .now + pause
        pause = min(pause * 2, Self.longestPause)
    }
}
