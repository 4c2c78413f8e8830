import Basics
import Geo
import Store
import Synchronization

/// All the land of all days, as it was read at one revision: never changes once made, so whoever has it may ask from any thread.
package final class Land: Sendable {
    struct Place: Sendable {
        let path: Path
        let parent: GridID?
    }

    /// Changes with every change of the land; empty before the first.
    package let revision: String
    package let grids: [GridID: Grid]
    let places: [GridID: [Dated<Place>]]
    let shapes: [GridID: [Dated<MultiPolygon>]]
    private let today: @Sendable () -> Day
    /// Days on which anything begins or ends, ascending: between two of them all is the same.
    private let turns: [Day]
    private let days: Mutex<[Day: LandDay]>

    init(
        revision: String, grids: [GridID: Grid], places: [GridID: [Dated<Place>]], shapes: [GridID: [Dated<MultiPolygon>]],
        today: @escaping @Sendable () -> Day
    ) {
        self.revision = revision
        self.grids = grids
        self.places = places
        self.shapes = shapes
        self.today = today
        var turns: Set<Day> = [.beginning]
        for place in places.values.joined() { turns.formUnion([place.from, place.to]) }
        for shape in shapes.values.joined() { turns.formUnion([shape.from, shape.to]) }
        self.turns = turns.sorted()
        days = Mutex([:])
    }

    package static func empty(today: @escaping @Sendable () -> Day = { .beginning }) -> Land {
        Land(revision: "", grids: [:], places: [:], shapes: [:], today: today)
    }

    /// The land of a day; of today when none is given. Built when first asked for, then kept.
    package func on(_ day: Day? = nil) -> LandDay {
        let day = day ?? today()
        let turn = turns.last { $0 <= day } ?? .beginning
        if let known = days.withLock({ $0[turn] }) { return known }
        let made = LandDay(self, on: turn)
        return days.withLock { days in
            if let other = days[turn] { return other }
            // A reader of old days should not fill the memory.
            if days.count > 24 { days.removeAll() }
            days[turn] = made
            return made
        }
    }

    /// The day after the given one on which the land changes next; nil when it does not.
    package func nextTurn(after day: Day) -> Day? { turns.first { $0 > day && $0 < .end } }

    package func grid(_ id: GridID) -> Grid? { grids[id] }
    /// What it was last, of one that lives no more.
    package func lastShape(of id: GridID) -> MultiPolygon { shapes[id]?.max { $0.from < $1.from }?.value ?? .empty }
    package var root: Grid? { grids.values.first(where: \.isRoot) }

    // MARK: - Short ways to one day

    /// The grids that hold a point, from the top one (below the root) to the deepest; empty when it is outside of all.
    package func locate(_ point: Coordinate, on day: Day? = nil) -> [GridRef] { on(day).locate(point) }
    package func path(of id: GridID, on day: Day? = nil) -> Path? { on(day)[id]?.path }
    package func border(at point: Coordinate, within meters: Double) -> GridRef? { on().border(at: point, within: meters) }
}
