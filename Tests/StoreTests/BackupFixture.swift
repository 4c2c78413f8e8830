import Basics
import Crypto
import Foundation

@testable import Store

// What is in the databases of which backups are made.

extension BackupTests {
    /// The seal of an entry, as simple as can be; the real one is Delivery's.
    static func entry(_ verb: String, _ detail: [String: String] = [:]) -> Entry {
        let now = Instant.systemNow
        return Entry(
            id: UUIDv7(at: now), at: now, actor: .system("test"), subject: "thing", subjectID: UUIDv7(at: now), verb: verb, path: .root,
            detail: detail)
    }

    /// An entry, a timer and a seal in one write: as many of each, or the write was torn.
    static func act(_ number: Int, in database: Database) async throws {
        let entry = entry("n.\(number)", ["words": "井盖 \"破\" \\ \n \u{1}"])
        try await database.write { tx in
            try tx.lock(UUIDv7(high: 1, low: 1))
            try tx.record(entry)
            try tx.schedule(DueTimer(id: entry.id, at: entry.at, sort: "a.b", subject: entry.subjectID))
            let head = try tx.lastSeal()
            try tx.seal(entry.id, place: head.place + 1, hash: Chain.hash(entry, after: head.hash))
        }
    }

    /// A database with something of every sort in it, two photos too.
    static func fill(_ database: Database) async throws {
        let ids = (0..<3).map { UUIDv7(at: Instant(milliseconds: 1_700_000_000_000 + $0)) }
        for number in 0..<25 { try await act(number, in: database) }
        // On PostgreSQL an entry is read once no older transaction of the whole cluster runs.
        while try await database.read({ try $0.countEntries(after: try $0.journalEnd()) }) > 0 {
            try await Task.sleep(for: .milliseconds(20))
        }
        let photos = try (0..<2).map { try database.files.keep(bytes: Array("photo \($0)".utf8), type: "image/jpeg") }
        try await database.write { tx in
            try tx.note(photos[1], at: Instant(milliseconds: 1))
            try tx.note(photos[0], small: photos[1].digest, at: Instant(milliseconds: -1))
            for (index, id) in ids.enumerated() {
                try tx.run(
                    """
                    INSERT INTO unit (id, code, name, class, parent_id, inside, from_day, to_day)
                    VALUES (\(id), \("c\(index)"), \("环卫 \(index) 𬍡"), 'department', \(index == 0 ? nil : ids[0]), \(index == 1), '2026-01-01', '9999-12-31')
                    """)
                try tx.run(
                    """
                    INSERT INTO record (id, register, name, fields, lon, lat, cell, shape, path_now, from_day, to_day)
                    VALUES (\(id), 'r', '', '{}', \([0.1 + 0.2, -0.0, 1e-300][index]), \(34.7), \([Int64.max, .min, 0][index]),
                        \([[], [UInt8](repeating: 0, count: 16), [0, 255, 34, 92, 10]][index]), '0000', '2026-01-01', '9999-12-31')
                    """)
            }
            // Refers to a row that comes after it.
            try tx.run("UPDATE unit SET parent_id = \(ids[2]) WHERE id = \(ids[0])")
            try tx.saveFollowerCursor("seal", try tx.journalEnd(), at: Instant(milliseconds: 5))
            try tx.setMeta("secret", "x")
            try tx.noteSearchCurrent()
        }
    }

    static func scratch() -> String { NSTemporaryDirectory() + "weiwang-backup-\(UUIDv7(at: .systemNow))" }
}
