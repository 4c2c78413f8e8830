import Posts
import Store
import Synchronization

/// Who reaches few matters: a list of his begins with those few. In its own order it would look at the years of the whole city for the ten that
/// a micro-grid has.
final class FewMatters: Sendable {
    /// With more than these a list in its own order is as fast.
    private let most: Int
    /// Lands with more. After a division they may have less, which costs a list some time and nothing else.
    private let wide = Mutex<Set<[Path]>>([])

    init(most: Int = 4000) { self.most = most }

    /// A query for the ids of a few matters, all that are reached among them. - Returns: nil when they are not few.
    func query(_ scope: Scope, in tx: Transaction) throws -> SQL? {
        guard let pieces = scope.candidates, let first = pieces.first else { return nil }
        let lands = scope.outermostLands
        guard !wide.withLock({ $0.contains(lands) }) else { return nil }
        let counted = pieces.map { piece -> SQL in "SELECT 1 FROM (\(sql: piece) LIMIT \(most + 1)) p" }
        let count = try tx.count("SELECT COUNT(*) FROM (\(sql: Self.joined(counted, by: " UNION ALL "))) n")
        guard count <= most else {
            if !lands.isEmpty { note(lands) }
            return nil
        }
        return pieces.count == 1 ? "SELECT DISTINCT l.id FROM (\(sql: first)) l" : Self.joined(pieces, by: " UNION ")
    }

    private func note(_ lands: [Path]) {
        wide.withLock { wide in
            if wide.count > 10_000 { wide.removeAll() }
            wide.insert(lands)
        }
    }

    private static func joined(_ pieces: [SQL], by word: SQL) -> SQL {
        pieces.dropFirst().reduce(pieces.first ?? "") { $0 + word + $1 }
    }
}
