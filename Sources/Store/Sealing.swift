import Basics

// The chain over the journal: one hash an entry, in order. What is hashed is said by Delivery's `Seal`.

extension Transaction {
    /// The last link: its place, from 1, and its hash; place 0 and no bytes before the first.
    package func lastSeal() throws -> (place: Int64, hash: [UInt8]) {
        let last = try first("SELECT seq, hash FROM seal ORDER BY seq DESC LIMIT 1") { (try $0["seq"] as Int64, try $0["hash"] as [UInt8]) }
        return last ?? (0, [])
    }

    package func seal(_ entry: UUIDv7, place: Int64, hash: [UInt8]) throws {
        try run("INSERT INTO seal (seq, hash, entry_id) VALUES (\(place), \(hash), \(entry))")
    }

    /// The chain from its first link on.
    /// - Parameter body: the id that was sealed, its hash, and the entry; nil when that is gone.
    package func eachSealed(_ body: (_ id: UUIDv7, _ hash: [UInt8], _ entry: Entry?) throws -> Void) throws {
        try each(
            """
            SELECT s.hash AS seal_hash, s.entry_id AS sealed_id, e.* FROM seal s LEFT JOIN entry e ON e.id = s.entry_id ORDER BY s.seq
            """
        ) { row in
            try body(try row["sealed_id"], try row["seal_hash"], try row.isNull("verb") ? nil : Entry(row))
        }
    }
}
