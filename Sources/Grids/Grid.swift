import Basics
import Store

/// An area with a level, a code and a life; where it stands and what shape it has are dated and kept apart.
package struct Grid: Sendable, Hashable {
    package let id: GridID
    /// Text as imported: `0113` keeps its zero. Nil for the root only.
    package let code: String?
    package let name: String
    /// Id of a level of the catalog, or `root`.
    package let level: String
    /// 0 the root, 1 just below it, … ; deeper is larger.
    package let rank: Int
    /// Of a dedicated grid: school, hospital…; such grids are counted beside the others of their level.
    package let nature: String?
    /// Official codes and whatever else came with the import.
    package let attributes: [String: String]
    package let from: Day
    package let to: Day

    package var isDedicated: Bool { nature != nil }
    package var isRoot: Bool { rank == 0 }
}

/// A grid as it stands on one day.
package struct GridRef: Sendable, Hashable {
    package let grid: Grid
    package let path: Path
    /// Nil for the root.
    package let parent: GridID?

    package var id: GridID { grid.id }
    package var code: String { grid.code ?? "" }
    package var name: String { grid.name }
    package var level: String { grid.level }
    package var rank: Int { grid.rank }
    package var nature: String? { grid.nature }
}

/// A value that holds from a day (inclusive) to a day (exclusive).
struct Dated<Value: Sendable>: Sendable {
    let value: Value
    let from: Day
    let to: Day

    func holds(on day: Day) -> Bool { from <= day && day < to }
}
