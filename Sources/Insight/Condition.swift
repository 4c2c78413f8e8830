import Catalog

/// One condition of a measure: `{key: value}`, `{key: [one, of]}`; all of a map must hold.
package struct Condition: Hashable, Sendable {
    /// What a condition may ask. Of flags the value is `true` or `false`.
    package enum Key: String, CaseIterable, Sendable {
        case state, outcome, confirmed, `class`, urgency, privacy, kind, channel, colour, spot, passed, supervised, reopened
        case manyReporters = "many_reporters", closedOnDay = "closed_on_day", doneOnDay = "done_on_day", late, imported, outside
        /// Known to the clock.
        case overdue, dueToday = "due_today"
        /// Of parts: the verb that made it, whether it leads, how it was taken (no, in_time, late), whether it was or should have been taken.
        case given, lead, taken, dueToTake = "due_to_take"
        /// Of the category.
        case category, group, department

        static let time: Set<Key> = [.overdue, .dueToday, .dueToTake]
        static let ofCategory: Set<Key> = [.category, .group, .department]
        static let ofParts: [Key] = [.state, .given, .lead, .taken, .late, .overdue, .dueToday, .dueToTake, .category, .group, .department]
        static let ofMatters: [Key] = allCases.filter { ![.given, .lead, .taken, .dueToTake].contains($0) }
    }

    package let key: Key
    package let values: Set<String>
    /// Of a flag: what it must be.
    private let flag: Bool

    init(_ key: Key, _ values: Set<String>) {
        self.key = key
        self.values = values
        flag = values.contains("true")
    }

    static func read(_ node: CatalogNode?, keys: [Key]) throws -> [Condition] {
        guard let node else { return [] }
        try node.known(keys.map(\.rawValue))
        return try node.asMap().compactMap { entry in try Key(rawValue: entry.key).map { Condition($0, Set(try entry.value.asTexts())) } }
    }

    func holds(_ shape: MatterShape, overdue: Bool, dueToday: Bool) -> Bool {
        switch key {
        case .state: values.contains(shape.state)
        case .outcome: values.contains(shape.outcome)
        case .confirmed: values.contains(shape.confirmed)
        case .class: values.contains(shape.class)
        case .urgency: values.contains(shape.urgency)
        case .privacy: values.contains(shape.privacy)
        case .kind: values.contains(shape.kind)
        case .channel: values.contains(shape.channel)
        case .colour: values.contains(shape.colour)
        case .spot: flag == shape.flags.contains(.spot)
        case .passed: flag == shape.flags.contains(.passed)
        case .supervised: flag == shape.flags.contains(.supervised)
        case .reopened: flag == shape.flags.contains(.reopened)
        case .manyReporters: flag == shape.flags.contains(.manyReporters)
        case .closedOnDay: flag == shape.flags.contains(.closedOnDay)
        case .doneOnDay: flag == shape.flags.contains(.doneOnDay)
        case .late: flag == shape.flags.contains(.late)
        case .imported: flag == shape.flags.contains(.imported)
        case .outside: flag == shape.flags.contains(.outside)
        case .overdue: flag == overdue
        case .dueToday: flag == dueToday
        case .given, .lead, .taken, .dueToTake, .category, .group, .department: true
        }
    }

    func holds(_ shape: PartShape, overdue: Bool, dueToday: Bool) -> Bool {
        switch key {
        case .state: values.contains(shape.state)
        case .given: values.contains(shape.given)
        case .lead: flag == shape.lead
        case .taken: values.contains(shape.taken.rawValue)
        case .late: flag == shape.late
        case .overdue: flag == overdue
        case .dueToday: flag == dueToday
        case .dueToTake: flag == (shape.taken != .no || overdue)
        default: true
        }
    }

    /// Whether a category is meant; nil when this is not about categories.
    func admits(_ category: String, in catalog: Catalog) -> Bool? {
        switch key {
        case .category: values.contains(category)
        case .group: values.contains(catalog.category(category)?.group ?? "")
        case .department: values.contains(catalog.category(category)?.department ?? "")
        default: nil
        }
    }
}
