import Grids
import Store

extension LandView {
    /// The grid that stands at a path today.
    func at(_ path: Path) -> NamedGrid? { nil }
}
