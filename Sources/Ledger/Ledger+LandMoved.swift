import Basics
import Grids
import Posts
import Store

/// Records lie where their point lies; posts at them go along.
extension Ledger: MovesWithLand {
    package func landMoved(_ moves: LandMoves, on day: Day, at now: Instant, in tx: Transaction) throws {
        try moves.relocate("record", in: tx)
        try posts.placesMoved(in: tx)
    }
}
