import Matters

/// From which page somebody works: the same acts under that page's own addresses.
enum Doorway: Sendable {
    case desk, field

    func matter(_ id: MatterID) -> String {
        switch self {
        case .desk: Paths.deskMatter(id)
        case .field: Paths.fieldMatter(id)
        }
    }

    func act(_ id: MatterID, _ verb: String) -> String {
        switch self {
        case .desk: Paths.deskAct(id, verb)
        case .field: Paths.fieldAct(id, verb)
        }
    }
}
