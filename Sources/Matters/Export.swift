import Basics
import Grids
import Posts
import Store

extension Matters {
    /// Every matter that the actor may see and may take out, one by one, oldest first.
    package func export(
        _ filter: MatterFilter, for actor: Actor, at now: Instant, in tx: Transaction, _ body: (MatterRow) throws -> Void
    ) throws {
        guard let rows = try condition(filter, for: actor, at: now, in: tx) else { return }
        let out = try posts.scope(of: actor, .export, at: now, in: tx)
        try tx.each(
            """
            SELECT \(sql: Self.plainColumns)
            FROM \(sql: rows.from) WHERE \(sql: rows.holds) AND \(sql: out.sql("m")) ORDER BY m.opened_at, m.id
            """
        ) { try body(try Self.row($0)) }
    }

    /// Whether the actor may take anything out at all.
    package func mayExport(_ actor: Actor, at now: Instant, in tx: Transaction) throws -> Bool {
        try !posts.scope(of: actor, .export, at: now, in: tx).isNothing
    }

    /// What Live needs of changed matters: the row, and what a scope decides by.
    package func scoped(_ ids: some Collection<UUIDv7>, in tx: Transaction) throws -> [(matter: Matter, row: ScopeRow)] {
        let matters = try tx.all(
            "SELECT \(sql: Matter.columns) FROM matter m WHERE m.id IN (\(list: ids.map { MatterID($0) }))", Matter.init)
        let known = matters.map(\.id)
        var posts: [MatterID: [PostID]] = [:]
        try tx.each("SELECT DISTINCT matter_id, post_id FROM part WHERE matter_id IN (\(list: known))") {
            posts[try $0["matter_id"], default: []].append(try $0["post_id"])
        }
        var reports: [MatterID: [(id: UUIDv7, person: PersonID?)]] = [:]
        try tx.each("SELECT id, matter_id, person_id FROM report WHERE matter_id IN (\(list: known))") {
            reports[try $0["matter_id"], default: []].append((try $0["id"], try $0["person_id"]))
        }
        let land = try grids.land(in: tx)
        return matters.map { matter in
            let heard = reports[matter.id] ?? []
            let row = ScopeRow(
                id: matter.id.uuid, path: matter.path, border: matter.border.flatMap { land.path(of: $0) }, privacy: matter.privacy,
                category: matter.category, posts: posts[matter.id] ?? [], reporters: heard.compactMap(\.person), reports: heard.map(\.id))
            return (matter, row)
        }
    }
}
