// Stands in until Grids is here; delete when the real types exist. Matters uses: Grids.land(in:), Land.locate, Land.path(of:),
// Land.border(at:within:), LandMoves.relocate(table, in:), MovesWithLand.
import Basics
import Geo
import Store
package struct GridRef: Sendable { package let id: GridID; package let path: Path }
package final class Land: Sendable {
    package func locate(_ p: Coordinate, on: Day? = nil) -> [GridRef] { [] }
    package func path(of: GridID) -> Path? { nil }
    package func border(at: Coordinate, within: Double) -> GridRef? { nil }
}
package final class Grids: Sendable { package init() {}; package func land(in tx: Transaction) throws -> Land { Land() } }
package struct LandMoves: Sendable { package func relocate(_ table: String, in tx: Transaction) throws {} }
package protocol MovesWithLand: Sendable { func landMoved(_ moves: LandMoves, on day: Day, at: Instant, in tx: Transaction) throws }
