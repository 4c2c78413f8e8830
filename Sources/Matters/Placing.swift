import Basics
import Catalog
import Geo
import Grids
import Posts
import Store

/// Where a report belongs on the land.
struct Spot {
    let grid: GridID?
    /// The grid on the other side, when the place is within a few metres of a border.
    let border: GridID?
    let path: Path
}

extension Matters {
    /// The deepest grid of the point; the grid of the address opened when there is no point; else the root, whose desk has it.
    func place(_ point: Coordinate?, grid: GridID?, in tx: Transaction) throws -> Spot {
        let land = try grids.land(in: tx)
        if let point {
            if let deepest = land.locate(point).last {
                let other = land.border(at: point, within: catalog.current.platform.border)
                return Spot(grid: deepest.id, border: other?.id, path: deepest.path)
            }
        } else if let grid, let living = try grids.living(grid, in: tx).first, let path = land.path(of: living) {
            // The address of a grid that was divided is that of what has most of its land.
            return Spot(grid: living, border: nil, path: path)
        }
        return Spot(grid: nil, border: nil, path: .root)
    }

    /// The routing table: whoever's remit names this category (or its department) on this land.
    package func responsible(for category: String?, at path: Path, on now: Instant, book: PostBook) -> Responsible? {
        guard let category else { return nil }
        let subjects = [category] + (catalog.current.category(category)?.department.map { [$0] } ?? [])
        return book.responsible(for: subjects, at: path, on: now)
    }
}
