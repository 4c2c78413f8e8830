import Basics

/// Who did it, as the journal keeps it: ids only.
package struct EntryActor: Hashable, Sendable {
    package enum Sort: String, Sendable { case person, pass, client, system }
    package let sort: Sort
    package let id: UUIDv7?
    /// Of the system only: the name of the follower, import or demo.
    package let name: String?

    package init(sort: Sort, id: UUIDv7? = nil, name: String? = nil) {
        self.sort = sort
        self.id = id
        self.name = name
    }

    package static func system(_ name: String) -> EntryActor { EntryActor(sort: .system, name: name) }
}

/// One line of the journal: who did what to what, when, as which post. Never words, names or other personal values.
package struct Entry: Sendable {
    package let id: UUIDv7
    package let at: Instant
    package let actor: EntryActor
    package let post: UUIDv7?
    /// The sort of thing: `matter`, `grid`, `post`, …
    package let subject: String
    package let subjectID: UUIDv7
    /// `matter.opened`, `part.offered`, … : thing, dot, what happened.
    package let verb: String
    package let path: Path
    /// Ids, catalog ids and digests.
    package let detail: [String: String]
    /// Place in the journal; zero until it is written.
    package private(set) var cursor = JournalCursor.start

    package init(
        id: UUIDv7, at: Instant, actor: EntryActor, post: UUIDv7? = nil, subject: String, subjectID: UUIDv7, verb: String, path: Path,
        detail: [String: String] = [:]
    ) {
        self.id = id
        self.at = at
        self.actor = actor
        self.post = post
        self.subject = subject
        self.subjectID = subjectID
        self.verb = verb
        self.path = path
        self.detail = detail
    }

    package init(_ row: Row) throws {
        self = try Self.placeless(row)
        cursor = JournalCursor(turn: try row["turn"], seq: try row["seq"])
    }

    /// Out of a backup, where an entry has no place but its line.
    static func placeless(_ row: Row) throws -> Entry {
        Entry(
            id: try row["id"], at: try row["at"],
            actor: EntryActor(sort: try row["actor_sort"], id: try row["actor_id"], name: try row["actor_name"]), post: try row["post_id"],
            subject: try row["subject"], subjectID: try row["subject_id"], verb: try row["verb"], path: try row["path"],
            detail: try row.json("detail"))
    }

    package static let columns: SQL =
        "seq, turn, id, at, actor_sort, actor_id, actor_name, post_id, subject, subject_id, verb, path, detail"
}

/// A place in the journal. `turn` is PostgreSQL's transaction number (0 on SQLite): `seq` alone would skip commits still under way.
package struct JournalCursor: Hashable, Comparable, Sendable, Codable {
    package let turn: Int64
    package let seq: Int64

    package init(turn: Int64, seq: Int64) {
        self.turn = turn
        self.seq = seq
    }

    package static let start = JournalCursor(turn: 0, seq: 0)
    package static func < (a: JournalCursor, b: JournalCursor) -> Bool { (a.turn, a.seq) < (b.turn, b.seq) }
}

extension Transaction {
    /// Appends to the journal in this transaction. An entry whose id is there already changes nothing: the act was a retry.
    /// - Returns: false when it was there already.
    @discardableResult
    package func record(_ entry: Entry) throws -> Bool {
        let rows = try run(
            """
            INSERT INTO entry (id, at, actor_sort, actor_id, actor_name, post_id, subject, subject_id, verb, path, detail)
            VALUES (\(entry.id), \(entry.at), \(entry.actor.sort), \(entry.actor.id), \(entry.actor.name), \(entry.post), \(entry.subject),
                \(entry.subjectID), \(entry.verb), \(entry.path), \(json: entry.detail))
            ON CONFLICT (id) DO NOTHING
            """)
        noteRecorded()
        return rows > 0
    }

    package func hasEntry(_ id: UUIDv7) throws -> Bool { try exists("SELECT 1 FROM entry WHERE id = \(id)") }

    /// Settled entries after a cursor, in order.
    package func entries(after cursor: JournalCursor, limit: Int) throws -> [Entry] {
        try all(
            """
            SELECT \(sql: Entry.columns) FROM entry
            WHERE \(sql: dialect.entries(after: cursor)) AND \(sql: dialect.settledEntries)
            ORDER BY \(sql: dialect.entryOrder) LIMIT \(limit)
            """, Entry.init)
    }

    /// Nil when no entry has that place.
    package func entryID(at cursor: JournalCursor) throws -> UUIDv7? {
        try first("SELECT id FROM entry WHERE seq = \(cursor.seq) AND turn = \(cursor.turn)") { try $0[0] }
    }

    package func entries(after cursor: JournalCursor, areAtMost count: Int) throws -> Bool {
        try self.count("SELECT COUNT(*) FROM (SELECT 1 FROM entry WHERE \(sql: dialect.entries(after: cursor)) LIMIT \(count + 1)) few")
            <= count
    }

    /// By the clock of whoever wrote the last entry.
    package func lastRecordedAt() throws -> Instant? {
        try first("SELECT at FROM entry ORDER BY \(sql: dialect.entryOrderBackwards) LIMIT 1") { try $0[0] }
    }

    /// How many entries lie behind a cursor.
    func countEntries(after cursor: JournalCursor) throws -> Int {
        try count("SELECT COUNT(*) FROM entry WHERE \(sql: dialect.entries(after: cursor))")
    }

    /// All that happened to one thing, oldest first.
    package func entries(of subject: some Identifier) throws -> [Entry] {
        try all("SELECT \(sql: Entry.columns) FROM entry WHERE subject_id = \(subject) ORDER BY seq", Entry.init)
    }

    /// The end of what is settled.
    package func journalEnd() throws -> JournalCursor {
        try first("SELECT turn, seq FROM entry WHERE \(sql: dialect.settledEntries) ORDER BY \(sql: dialect.entryOrderBackwards) LIMIT 1") {
            JournalCursor(turn: try $0["turn"], seq: try $0["seq"])
        } ?? .start
    }
}
