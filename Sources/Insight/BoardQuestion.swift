import Basics
import Catalog
import Store

/// What is asked of the board: whose land, which days, by what.
package struct BoardQuestion: Sendable {
    /// By which net past land is read.
    package enum Net: String, Sendable, CaseIterable { case today, thatDay = "that_day" }

    /// What each group is.
    package enum Groups: Sendable {
        /// One group: everything asked for.
        case whole
        /// A subtree each; where one lies in another the deeper takes the row.
        case paths([Path])
        /// Posts each (the posts of a department): of parts only.
        case posts([[UUIDv7]])
    }

    /// What one asks by besides the groups.
    package enum Slots: String, Sendable, CaseIterable { case none, state, outcome, colour, `class`, urgency, channel, category }

    /// Land; or a remit on it: some categories only (nil is all), and no confidential matter.
    package struct Reach: Hashable, Sendable {
        package let path: Path
        package let categories: Set<String>?
        package let isRemit: Bool

        package init(path: Path) {
            self.path = path
            categories = nil
            isRemit = false
        }

        package init(remitted path: Path, categories: Set<String>?) {
            self.path = path
            self.categories = categories
            isRemit = true
        }
    }

    package var groups: Groups
    package var net = Net.today
    /// Half-open; nil: no bound. Not for what stands now.
    package var days: Range<Day>?
    /// What stood at the end of that day, for a measure of what stands; nil: now.
    package var on: Day?
    package var slots = Slots.none
    package var byDay = false
    /// What the asker may count; nil is everything.
    package var reach: [Reach]?
    /// Only these.
    package var categories: Set<String>?

    package init(groups: Groups = .whole, days: Range<Day>? = nil, net: Net = .today) {
        self.groups = groups
        self.days = days
        self.net = net
    }
}

/// The answer: a figure for each group, slot and day.
package struct BoardAnswer: Sendable {
    package let groups: Int
    /// Values of the slots: state ids, category ids…; one empty text when nothing was asked by.
    package let slots: [String]
    /// Days of the range when asked by day, else none.
    package let days: [Day]
    let cells: [UInt64]

    private var daySlots: Int { max(1, days.count) }

    package func figure(group: Int = 0, slot: Int = 0, day: Int = 0) -> Figure {
        let cell = cells[(group * slots.count + slot) * daySlots + day]
        return Figure(count: Int(cell >> 32), of: Int(cell & 0xffff_ffff))
    }

    /// All slots and days of a group.
    package func total(group: Int = 0) -> Figure {
        let size = slots.count * daySlots
        return cells[group * size..<(group + 1) * size].reduce(Figure.none) {
            $0 + Figure(count: Int($1 >> 32), of: Int($1 & 0xffff_ffff))
        }
    }

    /// All groups and days of a slot.
    package func total(slot: Int) -> Figure {
        (0..<groups).reduce(.none) { sum, group in (0..<daySlots).reduce(sum) { $0 + figure(group: group, slot: slot, day: $1) } }
    }

    package var total: Figure { (0..<groups).reduce(.none) { $0 + total(group: $1) } }
}
