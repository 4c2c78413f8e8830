import Basics

/// All small facts of a matter together: few different ones exist, however many matters there are.
package struct MatterShape: Hashable, Codable, Sendable {
    package struct Flags: OptionSet, Hashable, Codable, Sendable {
        package let rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }
        package static let spot = Flags(rawValue: 1)
        package static let passed = Flags(rawValue: 2)
        package static let supervised = Flags(rawValue: 4)
        package static let reopened = Flags(rawValue: 8)
        package static let manyReporters = Flags(rawValue: 16)
        package static let closedOnDay = Flags(rawValue: 32)
        /// Any of its limits was missed.
        package static let late = Flags(rawValue: 64)
        package static let imported = Flags(rawValue: 128)
        /// Outside every grid.
        package static let outside = Flags(rawValue: 256)
        /// Done on the day it was opened, closed then or later.
        package static let doneOnDay = Flags(rawValue: 512)
    }

    package var state: String
    package var outcome: String
    package var confirmed: String
    package var `class`: String
    package var urgency: String
    package var privacy: String
    package var kind: String
    package var channel: String
    package var flags: Flags

    package init(
        state: String, outcome: String = "", confirmed: String = "", class: String = "", urgency: String = "", privacy: String = "",
        kind: String = "", channel: String = "", flags: Flags = []
    ) {
        self.state = state
        self.outcome = outcome
        self.confirmed = confirmed
        self.class = `class`
        self.urgency = urgency
        self.privacy = privacy
        self.kind = kind
        self.channel = channel
        self.flags = flags
    }

    /// Merged and void ones are counted only by a measure that names their state.
    var counts: Bool { state != "merged" && state != "void" }

    /// As it was while it was open.
    var standing: MatterShape {
        var shape = self
        if counts { shape.state = "open" }
        return shape
    }

    /// The mark of row C7: yellow, fixed on the spot and not reopened; else green, done or closed; else red, ever handed to another post; else
    /// a red outline. Merged and void ones have none.
    package var colour: String {
        switch state {
        case "merged", "void": "none"
        case _ where flags.contains(.spot) && !flags.contains(.reopened) && state != "open": "yellow"
        case "done", "closed": "green"
        case _ where flags.contains(.passed): "red"
        default: "red_outline"
        }
    }
}

/// All small facts of a part together.
package struct PartShape: Hashable, Codable, Sendable {
    package enum Taken: String, Hashable, Codable, Sendable { case no, inTime = "in_time", late }
    package var state: String
    /// The verb that made it.
    package var given: String
    package var lead: Bool
    package var taken: Taken
    /// Ended after its own limit.
    package var late: Bool
    /// Of its matter.
    package var privacy: String
}

extension MatterShape {
    /// The value of what is asked by.
    func word(_ slots: BoardQuestion.Slots) -> String {
        switch slots {
        case .none, .category: ""
        case .state: state
        case .outcome: outcome
        case .colour: colour
        case .class: `class`
        case .urgency: urgency
        case .channel: channel
        }
    }
}
