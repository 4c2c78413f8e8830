import Catalog

/// One condition of a measure: `{key: value}`, `{key: [one, of]}`; all of a map must hold.
package struct Condition: Hashable, Sendable {
    package let key: String
    package let values: Set<String>

    /// Keys that matters know, and those that take true or false.
    static let matterKeys = [
        "state", "outcome", "confirmed", "class", "urgency", "privacy", "kind", "channel", "colour", "spot", "passed", "supervised", "reopened",
        "many_reporters", "closed_on_day", "done_on_day", "late", "imported", "outside", "overdue", "due_today", "category", "group", "department",
    ]
    static let partKeys = ["state", "given", "lead", "taken", "late", "overdue", "due_today", "due_to_take", "category", "group", "department"]
    /// Known to the clock only, or to the category: not to the shape.
    static let timeKeys: Set<String> = ["overdue", "due_today", "due_to_take"]
    static let categoryKeys: Set<String> = ["category", "group", "department"]

    static func read(_ node: CatalogNode?, keys: [String]) throws -> [Condition] {
        guard let node else { return [] }
        try node.known(keys)
        return try node.asMap().map { Condition(key: $0.key, values: Set(try $0.value.asTexts())) }
    }

    private func holds(_ flag: Bool) -> Bool { values.contains(flag ? "true" : "false") }

    func holds(_ shape: MatterShape, overdue: Bool, dueToday: Bool) -> Bool {
        switch key {
        case "state": values.contains(shape.state)
        case "outcome": values.contains(shape.outcome)
        case "confirmed": values.contains(shape.confirmed)
        case "class": values.contains(shape.class)
        case "urgency": values.contains(shape.urgency)
        case "privacy": values.contains(shape.privacy)
        case "kind": values.contains(shape.kind)
        case "channel": values.contains(shape.channel)
        case "colour": values.contains(shape.colour)
        case "spot": holds(shape.flags.contains(.spot))
        case "passed": holds(shape.flags.contains(.passed))
        case "supervised": holds(shape.flags.contains(.supervised))
        case "reopened": holds(shape.flags.contains(.reopened))
        case "many_reporters": holds(shape.flags.contains(.manyReporters))
        case "closed_on_day": holds(shape.flags.contains(.closedOnDay))
        case "done_on_day": holds(shape.flags.contains(.doneOnDay))
        case "late": holds(shape.flags.contains(.late))
        case "imported": holds(shape.flags.contains(.imported))
        case "outside": holds(shape.flags.contains(.outside))
        case "overdue": holds(overdue)
        case "due_today": holds(dueToday)
        default: true
        }
    }

    func holds(_ shape: PartShape, overdue: Bool, dueToday: Bool) -> Bool {
        switch key {
        case "state": values.contains(shape.state)
        case "given": values.contains(shape.given)
        case "lead": holds(shape.lead)
        case "taken": values.contains(shape.taken.rawValue)
        case "late": holds(shape.late)
        case "overdue": holds(overdue)
        case "due_today": holds(dueToday)
        case "due_to_take": holds(shape.taken != .no || overdue)
        default: true
        }
    }

    /// Whether a category is meant; nil when this is not about categories.
    func admits(_ category: String, in catalog: Catalog) -> Bool? {
        switch key {
        case "category": values.contains(category)
        case "group": values.contains(catalog.category(category)?.group ?? "")
        case "department": values.contains(catalog.category(category)?.department ?? "")
        default: nil
        }
    }
}
