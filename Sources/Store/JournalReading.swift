import Basics

/// Which entries are looked at.
package struct JournalFilter: Sendable {
    /// Half-open.
    package let from: Instant
    package let to: Instant
    package let actor: UUIDv7?
    package let post: UUIDv7?
    /// Verbs by their whole name or, ending in a dot, by their first half; empty: all.
    package let verbs: [String]
    /// Entries before this place, newest first.
    package let before: JournalCursor?

    package init(from: Instant, to: Instant, actor: UUIDv7? = nil, post: UUIDv7? = nil, verbs: [String] = [], before: JournalCursor? = nil)
    {
        self.from = from
        self.to = to
        self.actor = actor
        self.post = post
        self.verbs = verbs
        self.before = before
    }

    fileprivate var conditions: SQL {
        var all: SQL = "at >= \(from) AND at < \(to)"
        if let actor { all = "\(sql: all) AND actor_sort = 'person' AND actor_id = \(actor)" }
        if let post { all = "\(sql: all) AND post_id = \(post)" }
        if let before { all = "\(sql: all) AND (turn, seq) < (\(before.turn), \(before.seq))" }
        guard !verbs.isEmpty else { return all }
        var any: SQL = "verb IN (\(list: verbs))"
        // "." is followed by "/": a range of the names that begin so.
        for half in verbs where half.hasSuffix(".") { any = "\(sql: any) OR (verb >= \(half) AND verb < \(half.dropLast() + "/"))" }
        return "\(sql: all) AND (\(sql: any))"
    }
}

extension Transaction {
    /// Entries as an auditor reads them, newest first.
    package func journal(_ filter: JournalFilter, limit: Int) throws -> [Entry] {
        try all(
            """
            SELECT \(sql: Entry.columns) FROM entry WHERE \(sql: filter.conditions)
            ORDER BY \(sql: dialect.entryOrderBackwards) LIMIT \(limit)
            """, Entry.init)
    }
}

/// What the chain was found to be, not asked anew for each page.
package actor ChainWatch {
    private var known: (state: Chain.State, at: Instant)?
    private let lasts = Span.minutes(10)

    package init() {}

    /// - Returns: the state, and when the whole chain was walked.
    package func state(at now: Instant, in database: Database) async throws -> (state: Chain.State, at: Instant) {
        if let known, known.at <= now, now - known.at < lasts { return known }
        let state = try await database.read { try Chain.examine(in: $0) }
        known = (state, now)
        return (state, now)
    }
}
