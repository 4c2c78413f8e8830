import Basics
import Catalog
import Posts
import Store
import Synchronization

/// How is it going? Small rows of all matters and parts in memory, so that any count is one scan.
///
/// Loads from the tables in one snapshot, then re-reads by id what the journal names. A reader works on its own snapshot and never waits for a
/// scan of another; while it loads, `isReady` is false and screens say that they are counting.
package final class Board: Sendable {
    struct State: Sendable {
        var matters = BoardTable<MatterShape>()
        var parts = BoardTable<PartShape>()
        var ready = false
        /// Matters read since it was last kept in a file.
        var readings = 0
    }

    private let state = Mutex(State())
    package let catalog: LiveCatalog

    package init(catalog: LiveCatalog) { self.catalog = catalog }

    package var isReady: Bool { state.withLock { $0.ready } }
    package var matterCount: Int { state.withLock { $0.matters.count } }
    package var readings: Int { state.withLock { $0.readings } }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
    var snapshot: State { state.withLock { $0 } }

    // MARK: - Asking

    /// The figures of a measure, by group, slot and day.
    package func ask(_ measure: Measure, _ question: BoardQuestion, at now: Instant) -> BoardAnswer {
        let state = snapshot
        let catalog = catalog.current
        switch measure.rows {
        case .matters:
            let (scan, slots) = Self.scan(state.matters, measure, question, now, catalog)
            return answer(scan, slots, scan.run(state.matters), question)
        case .parts:
            let (scan, slots) = Self.scan(state.parts, measure, question, now, catalog)
            return answer(scan, slots, scan.run(state.parts), question)
        }
    }

    /// Which rows of a figure a list shows.
    package enum Side: String, Sendable, CaseIterable {
        /// Those that are counted.
        case counted
        /// Those that are counted against but not counted.
        case rest
    }

    /// In which order a list comes.
    package enum Order: Sendable {
        case newest
        /// By the limit that runs, the earliest first; what has none comes last.
        case due
    }

    /// A page of a list.
    package struct Listing: Sendable {
        package let matters: [UUIDv7]
        /// How many rows the figure counts, with those not listed.
        package let total: Int
        /// How many matters there are on all pages.
        package let listed: Int
    }

    /// The list behind a figure. Rows of a part measure give their matter once.
    ///
    /// Confidential matters are counted, but not listed: their words are for those with a part in them.
    /// - Parameter groups: of these groups of the question only; nil of all.
    package func list(
        _ measure: Measure, _ question: BoardQuestion, _ side: Side = .counted, groups: Set<Int>? = nil, order: Order = .newest,
        offset: Int = 0, limit: Int = 50, at now: Instant
    ) -> Listing {
        let state = snapshot
        var found: [(id: UUIDv7, due: Int64)] = []
        var total = 0
        var listed = 0
        func take(_ id: UUIDv7, _ due: Int64) {
            listed += 1
            // In the order of the table only the page is kept; another order has to see all.
            if order == .due || (listed > offset && found.count < limit) { found.append((id, due)) }
        }
        switch measure.rows {
        case .matters:
            let (scan, _) = Self.scan(state.matters, measure, question, now, catalog.current)
            let hidden = state.matters.shapes.values.map { $0.privacy == Self.confidential }
            scan.list(state.matters, rest: side == .rest, groups: groups) { chunk, row in
                total += 1
                if !hidden[Int(chunk.shape[row])] { take(chunk.ids[row], chunk.due[row]) }
                return true
            }
        case .parts:
            let (scan, _) = Self.scan(state.parts, measure, question, now, catalog.current)
            let hidden = state.parts.shapes.values.map { $0.privacy == Self.confidential }
            var seen: Set<UInt32> = []
            scan.list(state.parts, rest: side == .rest, groups: groups) { chunk, row in
                total += 1
                if !hidden[Int(chunk.shape[row])], seen.insert(chunk.matter[row]).inserted {
                    take(state.matters.id(chunk.matter[row]), chunk.due[row])
                }
                return true
            }
        }
        if order == .due {
            found.sort { ($0.due, $0.id) < ($1.due, $1.id) }
            found = Array(found.dropFirst(offset).prefix(limit))
        }
        return Listing(matters: found.map(\.id), total: total, listed: listed)
    }

    private static let confidential = Privacy.confidential.rawValue

    static func scan(
        _ table: BoardTable<MatterShape>, _ measure: Measure, _ question: BoardQuestion, _ now: Instant, _ catalog: Catalog
    ) -> (BoardScan, [String]) {
        // Merged and void ones are somebody else's figure, unless the measure asks for them by name.
        let named = measure.of.contains { $0.key == .state }
        return BoardScan.make(
            table, measure, question, at: now, catalog: catalog, counts: { named || $0.counts },
            holds: { $0.holds($1, overdue: $2, dueToday: $3) }, slot: { $0.word(question.slots) }, standing: \.standing,
            confidential: { $0.privacy == confidential })
    }

    static func scan(
        _ table: BoardTable<PartShape>, _ measure: Measure, _ question: BoardQuestion, _ now: Instant, _ catalog: Catalog
    ) -> (BoardScan, [String]) {
        BoardScan.make(
            table, measure, question, at: now, catalog: catalog, counts: { _ in true }, holds: { $0.holds($1, overdue: $2, dueToday: $3) },
            slot: { question.slots == .state ? $0.state : "" }, standing: { $0 },
            confidential: { $0.privacy == confidential })
    }

    private func answer(_ scan: BoardScan, _ slots: [String], _ cells: [UInt64], _ question: BoardQuestion) -> BoardAnswer {
        let days =
            scan.byDay
            ? question.days.map { range in (0..<max(0, range.upperBound - range.lowerBound)).map { range.lowerBound + $0 } } : nil
        return BoardAnswer(groups: scan.groups, slots: slots, days: days ?? [], cells: cells)
    }
}
