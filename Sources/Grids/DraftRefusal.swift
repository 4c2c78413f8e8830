import Basics
import Geo

/// Why a step of a draft cannot be.
package enum DraftRefusal: Refusal, Equatable {
    case unreadable
    case tooMany(Int)
    case gone
    case noSuchPoint
    case junction
    case tooFewPoints
    case crosses(String)
    case partsNothing
    case pieces(Int)
    /// A line that leaves all inner grids on one side.
    case oneSided(String)
    case apart(String, String)
    case otherParent
    case lowest(String)
    /// A grid that would be left without land.
    case vanishes(String)
    case emptyLand
    case codeTaken(String)
    case wrongName

    init(_ fault: Patchwork.Fault, _ one: String = "", _ other: String = "") {
        self =
            switch fault {
            case .noSuchPoint: .noSuchPoint
            case .junction: .junction
            case .tooFewPoints: .tooFewPoints
            case .crosses(let place): .crosses(place.map { "\($0.lon),\($0.lat)" } ?? "")
            case .partsNothing: .partsNothing
            case .pieces(let count): .pieces(count)
            case .apart: .apart(one, other)
            }
    }

    package var key: String {
        switch self {
        case .unreadable: "draft.unreadable"
        case .tooMany: "draft.too_many"
        case .gone: "draft.gone"
        case .noSuchPoint: "draft.no_such_point"
        case .junction: "draft.junction"
        case .tooFewPoints: "draft.too_few_points"
        case .crosses: "draft.crosses"
        case .partsNothing: "draft.parts_nothing"
        case .pieces: "draft.pieces"
        case .oneSided: "draft.one_sided"
        case .apart: "draft.apart"
        case .otherParent: "draft.other_parent"
        case .lowest: "draft.lowest"
        case .vanishes: "draft.vanishes"
        case .emptyLand: "draft.empty_land"
        case .codeTaken: "draft.code_taken"
        case .wrongName: "draft.wrong_name"
        }
    }

    package var values: [String: String] {
        switch self {
        case .tooMany(let count), .pieces(let count): ["count": String(count)]
        case .oneSided(let name), .lowest(let name), .vanishes(let name): ["name": name]
        case .apart(let one, let other): ["one": one, "other": other]
        case .codeTaken(let code): ["code": code]
        default: [:]
        }
    }
}
