import Basics

/// The newest settled entries, read and decoded once for all followers of this node.
///
/// Holds every settled entry after `start`. A follower that is further behind, or ahead, reads for itself.
actor JournalTail {
    private static let most = 4000

    private let database: Database
    private var start: JournalCursor?
    private var entries: [Entry] = []
    private var reading: Task<Void, any Error>?

    init(_ database: Database) { self.database = database }

    private var end: JournalCursor? { entries.last?.cursor ?? start }

    /// Settled entries after a cursor, in order; empty only when there were none after this was asked.
    func entries(after cursor: JournalCursor, limit: Int) async throws -> [Entry] {
        if let reading, cursor == end {
            // It may have begun before what this follower was woken for.
            try await reading.value
            if let known = known(after: cursor, limit: limit) { return known }
        }
        if let known = known(after: cursor, limit: limit) { return known }
        if let start, cursor < start { return try await database.read { try $0.entries(after: cursor, limit: limit) } }
        if cursor != end { (start, entries) = (cursor, []) }
        try await readOn(limit: limit)
        return known(after: cursor, limit: limit) ?? []
    }

    /// - Returns: nil when what is held ends there, or begins later.
    private func known(after cursor: JournalCursor, limit: Int) -> [Entry]? {
        guard let start, let end, cursor >= start, cursor < end else { return nil }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].cursor <= cursor { low = middle + 1 } else { high = middle }
        }
        return Array(entries[low...].prefix(limit))
    }

    /// Those who come while it is being read wait for the same reading.
    private func readOn(limit: Int) async throws {
        if let reading { return try await reading.value }
        guard let from = end else { return }
        let task = Task {
            defer { reading = nil }
            let more = try await database.read { try $0.entries(after: from, limit: limit) }
            // Somebody ahead may have moved what is held meanwhile.
            guard end == from else { return }
            entries += more
            if entries.count > Self.most {
                let gone = entries.count - Self.most / 2
                start = entries[gone - 1].cursor
                entries.removeFirst(gone)
            }
        }
        reading = task
        try await task.value
    }
}
