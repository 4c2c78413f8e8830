/// A question made ready for the scan: each path, shape, category and post was asked once, and here are the answers.
struct BoardScan: Sendable {
    enum Days: Sendable {
        /// As it stands: every row.
        case all
        /// The day it was opened, or closed, lies in the range.
        case opened(Range<Int32>)
        case closed(Range<Int32>)
        /// It was open at the end of that day.
        case openOn(Int32)
    }

    var then = false
    var days = Days.all
    /// Per path the group it falls into; `groups` is "none of them".
    var groupOf: [Int32]
    var groups: Int
    /// By post and not by path.
    var byPost = false
    /// Per shape (and, when the clock is asked, two bits of time: 1 overdue, 2 due today) the slot it falls into, by state, by class…, and in the
    /// two lowest bits 0 not counted against, 1 counted against, 3 counted. One small number, so that the table stays in the nearest cache.
    var asked: [UInt32]
    /// Whether categories or a reach that groups do not hold are asked about; the three below are empty otherwise.
    var isFull = false
    /// Per category: its slot, or -1 when the category is left out.
    var categorySlot: [Int32] = []
    /// Per path and per category the rules of the asker's reach that admit it; one rule must admit both. Always by today's land.
    var landMask: [UInt64] = []
    var categoryMask: [UInt64] = []
    /// Per shape the rules that may admit it: a confidential one is admitted by land alone.
    var shapeMask: [UInt64] = []
    var slots: Int
    /// A slot for each day of the range.
    var byDay = false
    var usesTime = false
    var now: Int64 = 0
    var today: Range<Int64> = 0..<0

    private var span: (from: Int32, count: Int) {
        switch days {
        case .opened(let range), .closed(let range): (range.lowerBound, max(0, Int(range.upperBound) - Int(range.lowerBound)))
        case .all, .openOn: (0, 1)
        }
    }

    var daySlots: Int { byDay ? max(1, span.count) : 1 }
    var cells: Int { groups * slots * daySlots }

    /// Counts of one table: for each group, slot and day `of` in the low and `count` in the high 32 bits.
    func run<Shape>(_ table: BoardTable<Shape>) -> [UInt64] {
        // One more cell takes what falls into no group, so that the loop has no branch.
        var sums = [UInt64](repeating: 0, count: cells + 1)
        for chunk in table.chunks where mayHold(chunk.span) { add(chunk, to: &sums) }
        sums.removeLast()
        return sums
    }

    private func add<Shape>(_ chunk: BoardTable<Shape>.Chunk, to sums: inout [UInt64]) {
        switch (days, usesTime, isFull) {
        case (.openOn, _, _): scan(chunk, &sums, openOn: true, time: false, full: isFull)
        case (_, false, false): scan(chunk, &sums, openOn: false, time: false, full: false)
        case (_, true, false): scan(chunk, &sums, openOn: false, time: true, full: false)
        case (_, false, true): scan(chunk, &sums, openOn: false, time: false, full: true)
        case (_, true, true): scan(chunk, &sums, openOn: false, time: true, full: true)
        }
    }

    /// The loop. The flags are constants wherever it is called, so each call is compiled without the others' work; there is no branch but the loop's.
    ///
    /// NB: reads without bounds checks. Every number in a chunk is below the count of its table's `Interned`, and `groupOf`, `asked`,
    /// `categorySlot`, `landMask`, `categoryMask` and `shapeMask` were made of the same table value with that many entries (`make`); `cell` is
    /// below `cells` for rows inside and `cells` (the last) for all others.
    @inline(__always)
    private func scan<Shape>(_ chunk: BoardTable<Shape>.Chunk, _ sums: inout [UInt64], openOn: Bool, time: Bool, full: Bool) {
        let everyDay: UInt8 = if case .all = days { 1 } else { 0 }
        let closedDays = if case .closed = days { true } else { false }
        let onDay: Int32 = if case .openOn(let day) = days { day } else { 0 }
        let (from, count) = span
        let limit = UInt32(count)
        let (trash, slots, daySlots, dayStep, none) = (cells, slots, daySlots, byDay ? 1 : 0, Int32(groups))
        let (now, todayFrom, todayLength) = (now, today.lowerBound, UInt64(today.upperBound - today.lowerBound))
        let shapes = chunk.shape.span
        let members = (byPost ? chunk.post : then ? chunk.then : chunk.now).span
        let lands = chunk.now.span
        let days = (closedDays ? chunk.closed : chunk.opened).span
        let closed = chunk.closed.span
        let dues = chunk.due.span
        let kinds = chunk.category.span
        let groupOf = groupOf.span
        let answers = asked.span
        let categorySlot = categorySlot.span
        let landMask = landMask.span
        let categoryMask = categoryMask.span
        let shapeMask = shapeMask.span
        var sums = sums.mutableSpan
        for i in 0..<shapes.count {
            var shape = Int(shapes[unchecked: i])
            let group = groupOf[unchecked: Int(members[unchecked: i])]
            let day = UInt32(bitPattern: days[unchecked: i] &- from)
            // Ands of numbers, not of Bools: a lazy && would make branches that are guessed wrong.
            var inside: UInt8 = group != none ? 1 : 0
            if openOn {
                inside &= (days[unchecked: i] <= onDay ? 1 : 0) & (closed[unchecked: i] > onDay ? 1 : 0)
            } else {
                inside &= (day < limit ? 1 : 0) | everyDay
            }
            if time {
                let due = dues[unchecked: i]
                let isToday = UInt64(bitPattern: due &- todayFrom) < todayLength
                shape = shape << 2 | (due < now ? 1 : 0) | (isToday ? 2 : 0)
            }
            let answer = answers[unchecked: shape]
            var slot = Int32(truncatingIfNeeded: answer >> 2)
            if full {
                let kind = Int(kinds[unchecked: i])
                let own = categorySlot[unchecked: kind]
                let may = categoryMask[unchecked: kind] & shapeMask[unchecked: Int(shapes[unchecked: i])]
                let rules = landMask[unchecked: Int(lands[unchecked: i])] & may
                inside &= (own >= 0 ? 1 : 0) & (rules != 0 ? 1 : 0)
                slot = slot &+ own
            }
            let cell = (Int(group) &* slots &+ Int(slot)) &* daySlots &+ Int(day) &* dayStep
            sums[unchecked: inside != 0 ? cell : trash] &+= UInt64(answer & 1) | UInt64(answer & 2) << 31
        }
    }

    /// The rows that are counted (or, with `rest`, counted against and not counted), newest first.
    func list<Shape>(_ table: BoardTable<Shape>, rest: Bool, groups only: Set<Int>? = nil, _ take: (BoardTable<Shape>.Chunk, Int) -> Bool) {
        for chunk in table.chunks.reversed() where mayHold(chunk.span) {
            for i in stride(from: chunk.count - 1, through: 0, by: -1) {
                let group = groupOf[Int(byPost ? chunk.post[i] : then ? chunk.then[i] : chunk.now[i])]
                guard group != Int32(groups), only?.contains(Int(group)) ?? true else { continue }
                switch days {
                case .all: break
                case .opened(let range): guard range.contains(chunk.opened[i]) else { continue }
                case .closed(let range): guard range.contains(chunk.closed[i]) else { continue }
                case .openOn(let day): guard chunk.opened[i] <= day, chunk.closed[i] > day else { continue }
                }
                let category = Int(chunk.category[i])
                var shape = Int(chunk.shape[i])
                if isFull, categorySlot[category] < 0 || landMask[Int(chunk.now[i])] & categoryMask[category] & shapeMask[shape] == 0 {
                    continue
                }
                if usesTime { shape = shape << 2 | (chunk.due[i] < now ? 1 : 0) | (today.contains(chunk.due[i]) ? 2 : 0) }
                guard asked[shape] & 3 == (rest ? 1 : 3) else { continue }
                if !take(chunk, i) { return }
            }
        }
    }
}
