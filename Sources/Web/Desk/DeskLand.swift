import Grids
import Store

extension LandView {
    /// The grid that stands at a path today.
    func at(_ path: Path) -> NamedGrid? { today[path].flatMap { grid($0.id) } }
}
