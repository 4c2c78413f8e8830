import Basics
import Geo
import Grids
import Store

/// Open work moves with the land, closed rows too: `path_now` follows the net of today, `path_then` stays.
extension Matters: MovesWithLand {
    package func landMoved(_ moves: LandMoves, on day: Day, at now: Instant, in tx: Transaction) throws {
        try moves.relocate("matter", in: tx)
    }
}
