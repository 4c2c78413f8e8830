import Basics
import Catalog
import Foundation
import Store

extension BoardScan {
    /// Makes a question ready for a table: asks each path, shape, category and post of it once.
    static func make<Shape>(
        _ table: BoardTable<Shape>, _ measure: Measure, _ question: BoardQuestion, at now: Instant, catalog: Catalog,
        counts: (Shape) -> Bool, holds: (Condition, Shape, Bool, Bool) -> Bool, slot: (Shape) -> String, standing: (Shape) -> Shape,
        confidential: (Shape) -> Bool
    ) -> (scan: BoardScan, slots: [String]) {
        let zone = catalog.platform.zone
        let today = now.day(in: zone)
        let days: Days
        switch measure.period {
        case .now: days = question.on.map { .openOn($0.epoch) } ?? .all
        case .opened: days = .opened(range(question.days))
        case .closed: days = .closed(range(question.days))
        }
        let past = if case .openOn = days { true } else { false }

        // Shapes: verdict and slot.
        var names = Interned<String>()
        let byCategory = question.slots == .category
        let usesTime = measure.usesTime && !past
        let moments = usesTime ? 4 : 1
        var asked: [UInt32] = []
        asked.reserveCapacity(table.shapes.values.count * moments)
        for known in table.shapes.values {
            let shape = past ? standing(known) : known
            let slot = question.slots == .none || byCategory ? 0 : names.number(of: slot(shape))
            let may = counts(shape)
            for bits in 0..<moments {
                let (overdue, dueToday) = (bits & 1 != 0, bits & 2 != 0)
                let against = may && measure.of.allSatisfy { holds($0, shape, overdue, dueToday) }
                let counted = against && measure.counts.allSatisfy { holds($0, shape, overdue, dueToday) }
                asked.append(slot << 2 | (counted ? 3 : against ? 1 : 0))
            }
        }

        // Categories: left out, or a slot each.
        let limits = question.reach?.contains(where: \.isRemit) ?? false
        let apart = question.reach != nil && (question.net == .thatDay || question.isByPost)
        let isFull = byCategory || measure.usesCategory || question.categories != nil || limits || apart
        var categorySlot: [Int32] = []
        if isFull {
            let about = measure.conditions.filter { Condition.Key.ofCategory.contains($0.key) }
            for category in table.categories.values {
                let meant = about.allSatisfy { $0.admits(category, in: catalog) ?? true } && question.categories?.contains(category) ?? true
                categorySlot.append(meant ? (byCategory ? Int32(names.number(of: category)) : 0) : -1)
            }
        }
        let slots = names.values.isEmpty ? [""] : names.values

        var scan = BoardScan(groupOf: [], groups: 1, asked: asked, slots: slots.count)
        scan.then = question.net == .thatDay
        scan.days = days
        scan.isFull = isFull
        scan.categorySlot = categorySlot
        scan.byDay = question.byDay && question.days != nil && measure.period != .now
        scan.usesTime = usesTime
        scan.now = now.milliseconds
        scan.today = Instant(today, in: zone).milliseconds..<Instant(today + 1, in: zone).milliseconds
        scan.group(table, question)
        if isFull {
            scan.reach(table, question.reach)
            scan.shapeMask = table.shapes.values.map { confidential($0) ? 1 : .max }
        }
        return (scan, slots)
    }

    private static func range(_ days: Range<Day>?) -> Range<Int32> {
        // One day short of the end, where "not closed" is.
        days.map { $0.lowerBound.epoch..<max($0.lowerBound.epoch, $0.upperBound.epoch) } ?? -1_000_000..<(Int32.max - 2_000_000)
    }

    /// Which group each path (or post) falls into. Land outside the asker's reach falls into none, where the rule is so simple.
    private mutating func group<Shape>(_ table: BoardTable<Shape>, _ question: BoardQuestion) {
        // Of no group: land that nobody reaches.
        func cut(_ groupOf: [Int32]) -> [Int32] {
            guard !isFull, let reach = question.reach else { return groupOf }
            let reached = table.paths.nearest(reach.map { ($0.path, true) }, or: false)
            return zip(groupOf, reached).map { $1 ? $0 : Int32(groups) }
        }
        switch question.groups {
        case .whole:
            groups = 1
            groupOf = cut(Array(repeating: 0, count: table.paths.values.count))
        case .paths(let paths):
            groups = paths.count
            groupOf = cut(table.paths.nearest(paths.enumerated().map { ($1, Int32($0)) }, or: Int32(paths.count)))
        case .posts(let posts):
            groups = posts.count
            byPost = true
            let index = Dictionary(posts.enumerated().flatMap { group, ids in ids.map { ($0, Int32(group)) } }) { first, _ in first }
            groupOf = table.posts.values.map { post in post.flatMap { index[$0] } ?? Int32(posts.count) }
        }
    }

    /// The rules of a reach as bits: bit 0 is land with every category, each set of categories that is remitted has one of its own.
    private mutating func reach<Shape>(_ table: BoardTable<Shape>, _ reach: [BoardQuestion.Reach]?) {
        guard let reach else {
            landMask = Array(repeating: 1, count: table.paths.values.count)
            categoryMask = Array(repeating: 1, count: table.categories.values.count)
            return
        }
        // Nil: every category.
        var sets = Interned<Set<String>?>()
        // NB: 63 different sets of categories; what is beyond is not counted rather than shown to somebody who may not see it.
        let rules = reach.compactMap { rule -> (path: Path, mark: UInt64)? in
            guard rule.isRemit else { return (rule.path, 1) }
            let bit = sets.number(of: rule.categories) + 1
            return bit < 64 ? (rule.path, 1 << UInt64(bit)) : nil
        }
        landMask = table.paths.joined(rules)
        categoryMask = table.categories.values.map { category in
            sets.values.prefix(63).enumerated().reduce(1) { $1.element?.contains(category) ?? true ? $0 | 1 << UInt64($1.offset + 1) : $0 }
        }
    }
}

extension BoardQuestion {
    var isByPost: Bool { if case .posts = groups { true } else { false } }
}
