import Basics
import Posts
import Store

extension Matters {
    /// Parts of asks in these matters that wait for one of these posts, the shortest limit first.
    package func offeredAsks(in matters: [MatterID], to posts: [PostID], in tx: Transaction) throws -> [Part] {
        guard !matters.isEmpty, !posts.isEmpty else { return [] }
        let mine = Set(posts)
        return try tx.all(
            """
            SELECT \(sql: Part.columns) FROM part WHERE matter_id IN (\(list: matters.prefix(1000))) AND state = 'offered' AND ask_id IS NOT NULL
            ORDER BY take_by, id
            """, Part.init
        ).filter { mine.contains($0.post) }
    }
}
