import Catalog

/// A figure by name, from `catalog/measures`: the same on every screen, report and export.
package struct Measure: Hashable, Sendable {
    package enum Rows: String, CaseIterable, Sendable { case matters, parts }
    /// Which instant must lie in the asked days; `now` counts what stands.
    package enum Period: String, CaseIterable, Sendable { case opened, closed, now }
    package enum Better: String, CaseIterable, Sendable { case up, down, neither }

    package let id: String
    package let rows: Rows
    package let period: Period
    /// What is counted against.
    package let of: [Condition]
    /// Which of those count.
    package let counts: [Condition]
    /// Shown as a share of what it is counted against.
    package let share: Bool
    package let better: Better
    /// The screens that show it: `command`, `table` (by grid), `desk`, `field`, `portal`, `map`.
    package let shown: [String]
    /// Below this many counted against, not shown to the public; 0 always shown.
    package let few: Int

    init(_ id: String, _ node: CatalogNode) throws {
        try node.known("rows", "period", "of", "counts", "share", "better", "few", "shown")
        self.id = id
        rows = try node.choice("rows", or: .matters)
        period = try node.choice("period")
        let keys = rows == .matters ? Condition.Key.ofMatters : Condition.Key.ofParts
        of = try Condition.read(node["of"], keys: keys)
        counts = try Condition.read(node["counts"], keys: keys)
        share = try node.bool("share")
        better = try node.choice("better", or: .neither)
        shown = try node.texts("shown")
        few = try node.int("few", or: 0)
    }

    package var nameKey: String { "measure." + id }
    /// One sentence: what is counted, and against what.
    package var meansKey: String { "measure." + id + ".means" }

    var conditions: [Condition] { of + counts }
    var usesTime: Bool { conditions.contains { Condition.Key.time.contains($0.key) } }
    var usesCategory: Bool { conditions.contains { Condition.Key.ofCategory.contains($0.key) } }
}

/// All measures of a catalog, in the order of the files.
package struct Measures: Sendable {
    package let all: [Measure]
    private let index: [String: Int]

    /// - Throws: `CatalogBroken` with every wrong one; hand it to `LiveCatalog` as a check.
    package init(_ catalog: Catalog) throws {
        var problems = CatalogProblems()
        all = try catalog.items("measures").compactMap { entry in problems.gather { try Measure(entry.id, entry.node) } }
        try problems.check()
        index = Dictionary(all.enumerated().map { ($1.id, $0) }) { first, _ in first }
    }

    package subscript(_ id: String) -> Measure? { index[id].map { all[$0] } }

    /// What a screen shows, in the order of the files.
    package func shown(on screen: String) -> [Measure] { all.filter { $0.shown.contains(screen) } }

    /// Those of this catalog, decoded once.
    package static func of(_ catalog: Catalog) throws -> Measures { try catalog.once { try Measures($0) } }
}

/// One number: how many counted, against how many.
package struct Figure: Hashable, Sendable {
    package let count: Int
    package let of: Int

    package init(count: Int, of: Int) {
        self.count = count
        self.of = of
    }

    package static let none = Figure(count: 0, of: 0)
    /// 0 … 1; nil when there is nothing to count against.
    package var share: Double? { of > 0 ? Double(count) / Double(of) : nil }
    package static func + (a: Figure, b: Figure) -> Figure { Figure(count: a.count + b.count, of: a.of + b.of) }
}
