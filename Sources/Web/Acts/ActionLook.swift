import Matters

/// How an action is shown on the desk: what it looks like follows from what it does, never from its name.
extension Action {
    /// Symbol of the sprite.
    var icon: String {
        switch does {
        case .take, .finish, .confirm, .reachMilestone: "check"
        case .handOn:
            switch to {
            case .above: "up"
            case .chosen: "down"
            case .border: "next"
            case .common: "split"
            }
        case .ask: "whistle"
        case .answer, .reply: "send"
        case .returnPart, .takeBack, .recall, .reopen: "undo"
        case .close, .withdraw: "cross"
        case .classify: "edit"
        case .question: "ask"
        case .merge: "merge"
        case .unmerge: "split"
        case .supervise, .unsupervise: "eye"
        case .setMilestones, .extend: "calendar"
        case .progress: "send"
        case .grant: "check"
        case .deny: "cross"
        case .note: "pen"
        case .rateAnswer, .rateAsk, .rate: "star"
        }
    }

    /// The single key that does it; nil has none.
    var key: String? {
        switch does {
        case .take: "a"
        case .answer: "s"
        case .finish: spot ? nil : "f"
        case .handOn: to == .above ? "u" : to == .chosen ? "d" : nil
        case .ask: "w"
        case .returnPart: "r"
        case .question: "q"
        case .merge: "m"
        case .classify: "c"
        case .note: "n"
        case .close: "l"
        case .takeBack, .recall, .unmerge, .reopen: "z"
        case .supervise, .unsupervise: "v"
        case .progress: "p"
        case .extend: "e"
        case .grant: "y"
        default: nil
        }
    }

    /// The commonest next act comes first; beyond `Self.inBar` they wait under *more*.
    var turn: Int {
        switch does {
        case .take: 0
        case .grant: 0
        case .deny: 1
        case .answer: 1
        case .rateAnswer: 2
        case .ask: 3
        case .finish: spot ? 20 : 4
        case .handOn: to == .chosen ? 5 : to == .above ? 6 : 21
        case .merge: 9
        case .returnPart: 8
        case .question: 9
        case .takeBack, .recall, .unmerge: 10
        case .reopen: 11
        case .supervise, .unsupervise: 12
        case .rateAsk: 13
        case .progress: 15
        case .extend: 14
        case .setMilestones: 14
        case .note: 15
        case .classify: 16
        default: 30
        }
    }

    static let inBar = 6

    /// Done by pressing it: nothing is chosen, nothing must be said.
    var isOneClick: Bool {
        guard needs.isEmpty, photo == nil else { return false }
        return switch does {
        case .take, .takeBack, .recall, .unmerge, .supervise, .unsupervise, .grant: true
        case .handOn: to == .border
        default: false
        }
    }

    /// Belongs to one part or milestone: its button stands there, not in the bar.
    var isOfLine: Bool { does == .reachMilestone }

    /// What undoes it, where the kind has that.
    var undoneBy: Mechanism? {
        switch does {
        case .finish, .close: .takeBack
        case .ask, .handOn: .recall
        case .merge: .unmerge
        case .supervise: .unsupervise
        default: nil
        }
    }

    /// Whether reporters read the words that come with it.
    var isHeardOutside: Bool { !does.isInside }
}
