import Store

/// Swaps this node's picture of the land when the journal says that it changed.
package struct LandFollower: NodeFollower {
    private let grids: Grids
    package let name = "land"

    package init(_ grids: Grids) { self.grids = grids }

    package func follow(_ entries: [Entry], from database: Database) async throws {
        guard entries.contains(where: { $0.subject == "grid" || $0.subject == "land" }) else { return }
        let grids = grids
        _ = try await database.read { try grids.land(in: $0) }
    }
}
