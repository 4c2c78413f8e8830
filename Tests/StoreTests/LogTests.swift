import Foundation
import Store
import Support
import Testing

/// SQLite's write-ahead log stays short where some reader is always there.
@Suite struct LogTests {
    @Test func staysShort() async throws {
        try await withDatabase(.sqlite) { database in
            let log = database.folder + "/weiwang.sqlite-wal"
            let text = String(repeating: "x", count: 1 << 20)
            var longest = 0
            try await withThrowingTaskGroup(of: Void.self) { readers in
                // Each overlaps the next, so that SQLite's own checkpoint, which waits for nobody, never comes to the end of the log.
                for reader in 0..<3 {
                    readers.addTask {
                        try await Task.sleep(for: .milliseconds(20 * reader))
                        while !Task.isCancelled {
                            try await database.read { tx in
                                _ = try tx.count("SELECT COUNT(*) FROM meta")
                                Thread.sleep(forTimeInterval: 0.06)
                            }
                        }
                    }
                }
                for turn in 0..<300 {
                    try await database.write { tx in
                        try tx.run("DELETE FROM meta WHERE key = \("log \(turn % 20)")")
                        try tx.run("INSERT INTO meta (key, value) VALUES (\("log \(turn % 20)"), \(text))")
                    }
                    let size = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int
                    longest = max(longest, size ?? 0)
                }
                readers.cancelAll()
            }
            #expect(longest > 48 << 20, "the readers held nothing up: \(longest)")
            // Left alone it holds every write, 300 MB.
            #expect(longest < 160 << 20, "\(longest)")
        }
    }
}
