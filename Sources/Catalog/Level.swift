import Basics

/// A level of the tree of grids, below the root: `catalog/levels.yaml`, from the top down.
package struct Level: Hashable, Sendable {
    package let id: String
    /// 1 is just below the root.
    package let rank: Int
    /// What dedicated grids of this level may be: school, hospital, mall…
    package let natures: [String]
    /// How many households a grid of this level should have; nil where nothing is said.
    package let households: ClosedRange<Int>?

    package init(id: String, rank: Int, natures: [String] = [], households: ClosedRange<Int>? = nil) {
        self.id = id
        self.rank = rank
        self.natures = natures
        self.households = households
    }

    init(_ id: String, rank: Int, _ node: CatalogNode) throws {
        try node.known("natures", "households")
        self.id = id
        self.rank = rank
        natures = try node.texts("natures")
        households = try node.optional("households") { range in
            let parts = try range.asText().split(separator: "-").compactMap { Int($0.trimmingSpaces) }
            guard parts.count == 2, parts[0] <= parts[1] else {
                throw range.problem(.wrongValue, ["found": try range.asText(), "nearest": "50-70", "known": "50-70"])
            }
            return parts[0]...parts[1]
        }
    }

    /// Its name is the string `level.<id>`.
    package var nameKey: String { "level." + id }
}

/// How a matter is dealt with: at once, by a date, or over a long time with milestones (row C8): `catalog/classes.yaml`.
package struct MatterClass: Hashable, Sendable {
    package let id: String
    /// The default limit to finish; a category's own goes first. Nil: a date is always set by a person.
    package let finish: Limit?
    /// Whether a date may be set by the officer.
    package let dated: Bool
    package let milestones: Bool
    /// How often its holder must tell how far it is; nil never.
    package let reportEvery: Limit?

    init(_ id: String, _ node: CatalogNode) throws {
        try node.known("finish", "dated", "milestones", "report_every")
        self.id = id
        finish = try node.optionalLimit("finish")
        dated = try node.bool("dated")
        milestones = try node.bool("milestones")
        reportEvery = try node.optionalLimit("report_every")
    }

    package var nameKey: String { "class." + id }
}

/// How urgent a matter is, the least first: `catalog/urgencies.yaml`.
package struct Urgency: Hashable, Sendable {
    package let id: String
    /// 0 is the least urgent.
    package let rank: Int
    /// What a matter has when nobody says otherwise.
    package let usual: Bool
    /// The limit to accept, instead of the category's; nil leaves that.
    package let accept: Limit?

    init(_ id: String, rank: Int, _ node: CatalogNode) throws {
        try node.known("usual", "accept")
        self.id = id
        self.rank = rank
        usual = try node.bool("usual")
        accept = try node.optionalLimit("accept")
    }

    package var nameKey: String { "urgency." + id }
}

/// A class of unit: `catalog/units.yaml`.
package struct UnitClass: Hashable, Sendable {
    package let id: String
    /// Whether it belongs to the administration; outside units never have land, remit or search.
    package let inside: Bool
    /// The class of the one unit that a new folder begins with.
    package let first: Bool
    /// The level of grid it sits at, if it always sits at one.
    package let level: String?

    init(_ id: String, _ node: CatalogNode) throws {
        try node.known("inside", "first", "level")
        self.id = id
        inside = try node.bool("inside", or: true)
        first = try node.bool("first")
        level = try node.optionalText("level")
    }

    package var nameKey: String { "unit_class." + id }
}
