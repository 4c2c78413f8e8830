import Grids
import Store

/// The grids of a path from the top down, as the land stands on one day.
struct GridChains: Sendable {
    let day: LandDay
    init(_ day: LandDay) { self.day = day }

    /// Empty for the root, and for a path that is no longer there.
    func chain(_ path: Path) -> [GridRef] { day[path].map { day.chain(to: $0) } ?? [] }
}
