import Basics

// The links of the chain as rows. What is hashed and what is held against it is said by `Chain`.

/// One link beside what the journal has.
struct ChainLink {
    let place: Int64
    let hash: [UInt8]
    let sealed: UUIDv7
    /// The sealed entry; nil when it is gone.
    let entry: Entry?
}

extension Transaction {
    package func lastSeal() throws -> Chain.Head {
        try first("SELECT seq, hash FROM seal ORDER BY seq DESC LIMIT 1") { Chain.Head(place: try $0["seq"], hash: try $0["hash"]) }
            ?? Chain.Head(place: 0, hash: [])
    }

    package func seal(_ entry: UUIDv7, place: Int64, hash: [UInt8]) throws {
        try run("INSERT INTO seal (seq, hash, entry_id) VALUES (\(place), \(hash), \(entry))")
    }

    /// The next links, each with its entry.
    ///
    /// NB: held against the order of the journal in pieces; one statement with both orders was quadratic on SQLite.
    func links(after place: Int64, limit: Int) throws -> [ChainLink] {
        try all(
            """
            SELECT s.seq AS place, s.hash AS seal_hash, s.entry_id AS sealed_id, e.*
            FROM seal s LEFT JOIN entry e ON e.id = s.entry_id WHERE s.seq > \(place) ORDER BY s.seq LIMIT \(limit)
            """
        ) { row in
            ChainLink(
                place: try row["place"], hash: try row["seal_hash"], sealed: try row["sealed_id"],
                entry: try row.isNull("verb") ? nil : Entry(row))
        }
    }

    /// The next entries in the order of the journal.
    func standing(after cursor: JournalCursor, limit: Int) throws -> [(id: UUIDv7, cursor: JournalCursor)] {
        try all(
            """
            SELECT id, turn, seq FROM entry WHERE \(sql: dialect.entries(after: cursor)) ORDER BY \(sql: dialect.entryOrder) LIMIT \(limit)
            """
        ) { (id: try $0["id"] as UUIDv7, cursor: JournalCursor(turn: try $0["turn"], seq: try $0["seq"])) }
    }

    /// Entries that wait to be sealed.
    package func unsealed() throws -> Int { try waitingForSeal(after: try lastSeal().place).count }

    func isSealed(_ entry: UUIDv7) throws -> Bool { try exists("SELECT 1 FROM seal WHERE entry_id = \(entry)") }

    /// How many entries stand behind the sealed ones, and the first of them.
    func waitingForSeal(after place: Int64) throws -> (count: Int, next: (entry: UUIDv7, cursor: JournalCursor)?) {
        let total = try count("SELECT COUNT(*) FROM entry")
        let next = try first(
            "SELECT id, turn, seq FROM entry ORDER BY \(sql: dialect.entryOrder) LIMIT 1 OFFSET \(place)"
        ) { (entry: try $0["id"] as UUIDv7, cursor: JournalCursor(turn: try $0["turn"], seq: try $0["seq"])) }
        return (max(0, total - Int(place)), next)
    }
}
