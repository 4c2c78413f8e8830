import Basics

/// What cannot be done with units, posts, holders and remits; the sentences are `refusal.posts.…`.
package enum PostsRefusal: Refusal, Equatable {
    case notAllowed
    /// Nobody may give himself a post.
    case notToYourself
    /// Whoever asks cannot be the second person who agrees.
    case ownConsent
    case seatTaken(until: Instant?)
    case alreadyHolds
    case datesContradict
    case nameMissing
    case nameTaken
    case unknownUnit, unknownPost, unknownPerson, unknownHolding, unknownRemit, unknownGrid, unknownRole, unknownAccount
    case ended
    /// The unit still has posts or units below it.
    case unitNotEmpty(posts: Int, units: Int)
    case unitLoop
    case wrongSeat
    case tooManyWalls(Int)

    package var key: String { "posts." + name }

    private var name: String {
        switch self {
        case .notAllowed: "not_allowed"
        case .notToYourself: "not_to_yourself"
        case .ownConsent: "own_consent"
        case .seatTaken(let until): until == nil ? "seat_taken" : "seat_taken_until"
        case .alreadyHolds: "already_holds"
        case .datesContradict: "dates_contradict"
        case .nameMissing: "name_missing"
        case .nameTaken: "name_taken"
        case .unknownUnit: "unknown_unit"
        case .unknownPost: "unknown_post"
        case .unknownPerson: "unknown_person"
        case .unknownHolding: "unknown_holding"
        case .unknownRemit: "unknown_remit"
        case .unknownGrid: "unknown_grid"
        case .unknownRole: "unknown_role"
        case .unknownAccount: "unknown_account"
        case .ended: "ended"
        case .unitNotEmpty: "unit_not_empty"
        case .unitLoop: "unit_loop"
        case .wrongSeat: "wrong_seat"
        case .tooManyWalls: "too_many_walls"
        }
    }

    package var values: [String: String] {
        switch self {
        case .seatTaken(let until?): ["until": "\(until.milliseconds)"]
        case .unitNotEmpty(let posts, let units): ["posts": "\(posts)", "units": "\(units)"]
        case .tooManyWalls(let most): ["most": "\(most)"]
        default: [:]
        }
    }

    package var sort: RefusalSort {
        switch self {
        case .notAllowed, .notToYourself, .ownConsent: .forbidden
        case .seatTaken, .alreadyHolds, .nameTaken, .unitNotEmpty, .ended, .tooManyWalls: .conflict
        case .unknownUnit, .unknownPost, .unknownPerson, .unknownHolding, .unknownRemit, .unknownGrid, .unknownRole, .unknownAccount:
            .missing
        case .datesContradict, .nameMissing, .unitLoop, .wrongSeat: .invalid
        }
    }
}
