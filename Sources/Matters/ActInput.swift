import Basics
import Grids
import Posts

/// What a person gives with an act; an action's `needs` says which of it must be there.
package struct ActInput: Sendable {
    package static let longestWords = 5000

    /// Which part is meant, where the actor has several.
    package var part: PartID?
    package var words: String?
    /// A reason to choose from (catalog id), or words of one's own in `words`.
    package var reason: String?
    package var posts: [PostID] = []
    package var units: [UnitID] = []
    package var grid: GridID?
    package var category: String?
    package var `class`: String?
    package var urgency: String?
    /// The day by which it is to be finished.
    package var due: Day?
    package var other: MatterID?
    package var rating: Int?
    package var outcome: String?
    /// Ids of photos that will come or have come with this act.
    package var photos: [PhotoID] = []
    package var milestones: [(name: String, due: Day)] = []
    package var milestone: MilestoneID?
    /// For a confirmation: which report it is of (a pass knows it by itself).
    package var report: ReportID?

    package init() {}
}

/// What an act left behind.
package struct Performed: Sendable {
    package let matter: Matter
    package let offered: [Part]
    /// True when the act had been done before: a retry, or a second press.
    package let repeated: Bool
}
