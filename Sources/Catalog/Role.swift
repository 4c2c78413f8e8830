/// What a post is for and what its holders may do (`catalog/roles/*.yaml`).
package struct Role: Hashable, Sendable {
    /// Where its posts sit.
    package enum Seat: Hashable, Sendable {
        /// At every grid of a level; nil is the root.
        case grid(level: String?)
        /// At every unit of a class.
        case unit(class: String)
        /// At every record of a register: a building, a compound.
        case place(register: String)
    }

    /// What everybody may know of its holders.
    package enum Shown: String, CaseIterable, Sendable { case name, phone }

    package enum Seats: String, CaseIterable, Sendable { case one, many }

    /// How far a right reaches (model.md §2); the privacy class of a row cuts it further.
    package enum Reach: String, CaseIterable, Sendable {
        /// My reports, household and person.
        case mine
        /// Households I keep contact with.
        case linked
        /// Matters in which my post or unit has a part.
        case part
        /// What the remits of my post or unit name.
        case remit
        /// The subtree of the grid my post sits at.
        case land
        /// The root and all below, reading only.
        case all
    }

    /// One group of verbs and how far it reaches.
    package struct Right: Hashable, Sendable {
        package let verbs: Set<String>
        package let reach: Reach
    }

    package let id: String
    package let seat: Seat
    package let seats: Seats
    package let rights: [Right]
    /// Who answers first for a new matter at a grid: the lowest number that has a post there; nil never.
    package let answersFor: Int?
    /// The one post that a new folder begins with; it also gets what lies outside every grid.
    package let first: Bool
    /// Its vacancy is a finding of the coverage check.
    package let needed: Bool
    /// Path of the page its holders begin at: `field`, `desk`, `command`, `admin`.
    package let home: String?

    /// Who holds it gives a code besides the password.
    package let secondFactor: Bool

    /// What strangers read on signs, cards and pages; empty: the post alone.
    package let shown: Set<Shown>

    static let keys = ["at", "seats", "rights", "answers_for", "first", "needed", "home", "public", "second_factor"]
    /// The groups of verbs a right may name.
    package static let verbs = [
        "see", "figures", "report", "act", "direct", "supervise", "import", "export", "administer", "security", "audit", "ledger",
        "publish",
    ]

    init(_ id: String, _ node: CatalogNode) throws {
        try node.known(Self.keys)
        self.id = id
        let at = try node.required("at")
        try at.known("grid", "unit", "place")
        if let level = at["grid"] {
            let level = try level.asText()
            seat = .grid(level: level == Level.root ? nil : level)
        } else if let unit = at["unit"] {
            seat = .unit(class: try unit.asText())
        } else {
            seat = .place(register: try at.text("place"))
        }
        seats = try node.choice("seats", or: .one)
        rights = try node.list("rights").map { right in
            try right.known("verbs", "reach")
            let verbs = try right.texts("verbs")
            for verb in verbs where !Self.verbs.contains(verb) {
                throw right.problem(
                    .wrongValue,
                    [
                        "found": verb, "nearest": Nearest.name(to: verb, among: Self.verbs), "known": Self.verbs.joined(separator: ", "),
                    ])
            }
            return Right(verbs: Set(verbs), reach: try right.choice("reach"))
        }
        answersFor = try node.optionalInt("answers_for")
        first = try node.bool("first")
        needed = try node.bool("needed")
        home = try node.optionalText("home")
        secondFactor = try node.bool("second_factor")
        shown = Set(try node.list("public").map { try $0.asChoice() })
    }

    package var nameKey: String { "role." + id }

    /// The reaches at which this role may do a verb.
    package func reaches(_ verb: String) -> Set<Reach> { Set(rights.filter { $0.verbs.contains(verb) }.map(\.reach)) }
}

extension Level {
    /// Level of the one grid above all; in no catalog file.
    package static let root = "root"
}
