import Basics

/// Why a matter cannot be opened or acted on; each has its sentence under `refusal.matter.`.
package enum MatterRefusal: Refusal, Equatable {
    /// No such matter, or not for this person to know of.
    case unknown
    case notYours
    /// Somebody else was faster; what happened is on the page.
    case notNow(state: String)
    case tooLate
    case missing(Action.Need)
    case noSuchAction(String)
    case noPostToTake
    /// The one chosen works on land that is not the giver's.
    case otherLand
    case noBorder
    case wrongCategory(String)
    case wrongClass(String)
    case cannotMergeThese
    case wordsTooLong(Int)
    /// Its id is that of another report.
    case otherReport
    case badRating
    case badMilestones
    case nothingOpen
    /// A day that is over, or later than may be set; `latest` is the last that may.
    case badDate(latest: Day?)
    /// Nobody waits for this yes or no.
    case nothingAsked
    /// An answer that the category's form asks for, by the element's id.
    /// Something happened to it since it was looked at.
    case changed
    /// All of them are called in already and have not answered yet.
    case askedAlready
    case answerMissing(String)
    case answerWrong(String)

    package var key: String {
        let name =
            switch self {
            case .unknown: "unknown"
            case .notYours: "not_yours"
            case .notNow: "not_now"
            case .changed: "changed"
            case .askedAlready: "asked_already"
            case .tooLate: "too_late"
            case .missing(let need): "missing_\(need.rawValue)"
            case .noSuchAction: "no_such_action"
            case .noPostToTake: "no_post"
            case .otherLand: "other_land"
            case .noBorder: "no_border"
            case .wrongCategory: "wrong_category"
            case .wrongClass: "wrong_class"
            case .cannotMergeThese: "cannot_merge"
            case .wordsTooLong: "words_too_long"
            case .otherReport: "other_report"
            case .badRating: "bad_rating"
            case .badMilestones: "bad_milestones"
            case .nothingOpen: "nothing_open"
            case .badDate(let latest): latest == nil ? "bad_date" : "bad_date_latest"
            case .nothingAsked: "nothing_asked"
            case .answerMissing: "answer_missing"
            case .answerWrong: "answer_wrong"
            }
        return "matter." + name
    }

    package var values: [String: String] {
        switch self {
        case .notNow(let state): ["state": state]
        case .noSuchAction(let name), .wrongCategory(let name), .wrongClass(let name), .answerMissing(let name), .answerWrong(let name):
            ["name": String(name.prefix(60))]
        case .wordsTooLong(let limit): ["limit": String(limit)]
        case .badDate(let latest?): ["day": latest.description]
        default: [:]
        }
    }

    package var sort: RefusalSort {
        switch self {
        case .unknown: .missing
        case .notYours, .otherLand: .forbidden
        case .notNow, .changed, .askedAlready, .nothingOpen, .nothingAsked, .cannotMergeThese, .otherReport: .conflict
        default: .invalid
        }
    }
}
