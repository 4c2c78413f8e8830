import Posts
import Store
import Synchronization

/// Who reaches few matters: a list of his begins with those few. In its own order it would look at the years of the whole city for the ten that
/// a micro-grid has.
final class FewMatters: Sendable {
    /// How many are few: for a list that takes the newest of all there are its own order is soon faster; one that leaves most of them out
    /// would come upon a row of his now and then.
    private let most: (newest: Int, some: Int)
    /// How many matters lands have that have too many for the one or the other. After a division they may have fewer, which costs a list some
    /// time and nothing else.
    private let known = Mutex<[[Path]: Int]>([:])

    init(newest: Int = 3000, some: Int = 20_000) { most = (newest, some) }

    /// A query for the ids of a few matters, all that are reached among them. - Returns: nil when they are not few.
    func query(_ scope: Scope, for filter: MatterFilter, in tx: Transaction) throws -> SQL? {
        guard let pieces = scope.candidates, let first = (pieces.lands + pieces.own).first else { return nil }
        let most = filter.leavesOutMost ? self.most.some : self.most.newest
        let lands = scope.outermostLands
        if let known = known.withLock({ $0[lands] }), known > most { return nil }
        let there = try count(pieces.lands, most, in: tx)
        if there > self.most.newest { note(lands, there) }
        guard try there <= most && there + count(pieces.own, most, in: tx) <= most else { return nil }
        let all = pieces.lands + pieces.own
        return all.count == 1 ? "SELECT DISTINCT l.id FROM (\(sql: first)) l" : Self.joined(all, by: " UNION ")
    }

    /// One that several pieces find counts as often.
    private func count(_ pieces: [SQL], _ most: Int, in tx: Transaction) throws -> Int {
        guard !pieces.isEmpty else { return 0 }
        let counted = pieces.map { piece -> SQL in "SELECT 1 FROM (\(sql: piece) LIMIT \(most + 1)) p" }
        return try tx.count("SELECT COUNT(*) FROM (\(sql: Self.joined(counted, by: " UNION ALL "))) n")
    }

    private func note(_ lands: [Path], _ count: Int) {
        known.withLock { known in
            if known.count > 10_000 { known.removeAll() }
            known[lands] = count
        }
    }

    private static func joined(_ pieces: [SQL], by word: SQL) -> SQL {
        pieces.dropFirst().reduce(pieces.first ?? "") { $0 + word + $1 }
    }
}

extension MatterFilter {
    /// Of the years only some days.
    fileprivate var leavesOutMost: Bool { closedFrom != nil || openedBefore != nil || confirmed != nil }
}
