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

/// What the chain was found to be. A long journal takes its time, so it is walked beside the pages, and not anew for each.
package actor ChainWatch {
    private var known: (state: Chain.State, at: Instant)?
    private var walking: Task<Void, Never>?
    private let lasts = Span.minutes(10)

    package init() {}

    /// - Returns: what is known and since when; nil while the first walk goes on.
    package func state(at now: Instant, in database: Database) async -> (state: Chain.State, at: Instant)? {
        let isFresh = known.map { $0.at <= now && now - $0.at < lasts } ?? false
        if !isFresh, walking == nil {
            walking = Task {
                let state = try? await database.read { try Chain.examine(in: $0) }
                if let state { known = (state, now) }
                walking = nil
            }
        }
        // A short one is done at once.
        for _ in 0..<20 where walking != nil && !isFresh { try? await Task.sleep(for: .milliseconds(50)) }
        return known
    }
}
