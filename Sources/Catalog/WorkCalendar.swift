import Basics
import Foundation

/// Office hours, official holidays and make-up working days: work time to the millisecond.
///
/// Everything is one function, *the work time that has passed until an instant*, kept as a running sum of days, and its inverse.
/// So deadlines are monotone, `workTime(from: a, to: deadline(a))` gives the limit back, and no loop runs over days.
/// Source: row C8; holidays as published by the State Council, one file a year with the paper's address.
package struct WorkCalendar: Sendable {
    /// Office hours of one day: spells of milliseconds since midnight, in order, not touching.
    package struct Hours: Hashable, Sendable {
        package let spells: [Range<Int64>]
        package let total: Int64

        package init(_ spells: [Range<Int64>]) {
            self.spells = spells
            total = spells.reduce(0) { $0 + Int64($1.count) }
        }

        /// Work time between midnight and a time of day.
        func passed(at time: Int64) -> Int64 {
            var sum: Int64 = 0
            for spell in spells {
                if time <= spell.lowerBound { break }
                sum += min(time, spell.upperBound) - spell.lowerBound
            }
            return sum
        }

        /// The first time of day by which that much work time has passed. Needs `0 < work <= total`.
        func first(passed work: Int64) -> Int64 {
            var left = work
            for spell in spells {
                if left <= Int64(spell.count) { return spell.lowerBound + left }
                left -= Int64(spell.count)
            }
            return spells.last?.upperBound ?? 0
        }

        /// The last time of day at which no more than that has passed. Needs `0 <= work < total`.
        func last(passed work: Int64) -> Int64 {
            var left = work
            for spell in spells {
                if left < Int64(spell.count) { return spell.lowerBound + left }
                left -= Int64(spell.count)
            }
            return 86_400_000
        }
    }

    /// What the State Council says of one day.
    package struct Exception: Hashable, Sendable {
        package let working: Bool
        /// Id of the holiday it belongs to: the name is the string `holiday.<id>`.
        package let holiday: String
    }

    package let zone: TimeZone
    /// Hours of each weekday, Monday first.
    package let week: [Hours]
    /// Hours of a make-up working day.
    package let makeUp: Hours
    /// What one `wd` is worth: the hours of the longest day of the week.
    package let workday: WorkTime
    /// Years with an official calendar.
    package let years: Set<Int>
    package let exceptions: [Day: Exception]

    /// Days `first ..< first + sums.count - 1` are added up; outside of it every week is like the next.
    private let first: Day
    private let sums: [Int64]
    private let weekTotal: Int64

    package init(zone: TimeZone, week: [Hours], makeUp: Hours? = nil, exceptions: [Day: Exception], years: Set<Int>) {
        precondition(week.count == 7 && week.contains { $0.total > 0 }, "a week has seven days and some work")
        self.zone = zone
        self.week = week
        let longest = week.max { $0.total < $1.total } ?? week[0]
        let extra = makeUp ?? longest
        self.makeUp = extra
        workday = WorkTime(milliseconds: longest.total)
        self.exceptions = exceptions
        self.years = years
        weekTotal = week.reduce(0) { $0 + $1.total }
        let days = exceptions.keys.sorted()
        // From a Monday, in whole weeks, so that the weekly pattern joins on at both ends.
        let from = days.first ?? Day(epoch: 0)
        let start = from - (from.weekday - 1)
        let count = days.last.map { ($0 - start) / 7 * 7 + 7 } ?? 0
        first = start
        var sums: [Int64] = [0]
        sums.reserveCapacity(count + 1)
        var total: Int64 = 0
        for offset in 0..<count {
            let day = start + offset
            let hours = exceptions[day].map { $0.working ? extra : Hours([]) } ?? week[offset % 7]
            total += hours.total
            sums.append(total)
        }
        self.sums = sums
    }

    // MARK: - Days

    package func hours(of day: Day) -> Hours {
        if let exception = exceptions[day] { return exception.working ? makeUp : Hours([]) }
        return week[day.weekday - 1]
    }

    /// When work ends on a day; its midnight when nobody works.
    package func end(of day: Day) -> Instant {
        guard let end = hours(of: day).spells.last?.upperBound else { return Instant(day + 1, in: zone) }
        return Instant(day, Span(milliseconds: end), in: zone)
    }

    package func isWorkday(_ day: Day) -> Bool { hours(of: day).total > 0 }

    /// Whether an official calendar covers the year.
    package func covers(_ year: Int) -> Bool { years.contains(year) }

    /// The years that should be there and are not: this year, and from 1 December the next.
    package func missingYears(at now: Instant) -> [Int] {
        let (year, month, _) = now.day(in: zone).civil
        return [year, year + 1].filter { ($0 == year || month == 12) && !covers($0) }
    }

    package func isWorking(at instant: Instant) -> Bool {
        let time = instant.timeOfDay(in: zone).milliseconds
        return hours(of: instant.day(in: zone)).spells.contains { $0.contains(time) }
    }

    // MARK: - The running sum and its inverse

    /// Work time from the first summed day to midnight at the beginning of a day; negative before it.
    private func sum(before day: Day) -> Int64 {
        let offset = day - first
        if offset >= 0, offset < sums.count { return sums[offset] }
        let (base, rest) = offset < 0 ? (Int64(0), offset) : (sums[sums.count - 1], offset - (sums.count - 1))
        let weeks = (rest >= 0 ? rest : rest - 6) / 7
        var result = base + Int64(weeks) * weekTotal
        for weekday in 0..<(rest - weeks * 7) { result += week[weekday].total }
        return result
    }

    func position(_ instant: Instant) -> Int64 {
        let day = instant.day(in: zone)
        return sum(before: day) + hours(of: day).passed(at: instant.timeOfDay(in: zone).milliseconds)
    }

    /// The last day with `sum(before: day) < position` (or `<=` when `including`).
    private func day(of position: Int64, including: Bool) -> Day {
        func reaches(_ day: Day) -> Bool { including ? sum(before: day) <= position : sum(before: day) < position }
        // The weekly pattern bounds it: work is never more than seven days behind its mean outside the sums.
        var low = first + Int(min(position, 0) / weekTotal * 7) - 14
        var high = first + max(0, sums.count - 1) + Int(max(0, position - sums[sums.count - 1]) / weekTotal * 7) + 14
        while low < high {
            let middle = low + (high - low + 1) / 2
            if reaches(middle) { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// The earliest instant by which the running sum has reached a position.
    private func earliest(_ position: Int64) -> Instant {
        let day = day(of: position, including: false)
        return Instant(day, Span(milliseconds: hours(of: day).first(passed: position - sum(before: day))), in: zone)
    }

    /// The latest instant at which the running sum has not passed a position.
    private func latest(_ position: Int64) -> Instant {
        let day = day(of: position, including: true)
        return Instant(day, Span(milliseconds: hours(of: day).last(passed: position - sum(before: day))), in: zone)
    }

    // MARK: - Work time

    /// The work time between two instants; negative when the second is earlier.
    package func workTime(from start: Instant, to end: Instant) -> WorkTime { WorkTime(milliseconds: position(end) - position(start)) }

    /// The earliest instant after so much work time; `start` itself for none. A night, lunch break or holiday passes at no cost.
    package func instant(after work: WorkTime, from start: Instant) -> Instant {
        work.milliseconds <= 0 ? start : earliest(position(start) + work.milliseconds)
    }

    /// The latest instant from which so much work time is left until `end`: when to remind.
    package func instant(before end: Instant, by work: WorkTime) -> Instant {
        work.milliseconds <= 0 ? end : latest(position(end) - work.milliseconds)
    }

    /// The work time a limit in work time is worth.
    package func work(_ limit: Limit) -> WorkTime {
        switch limit.unit {
        case .minutes: .minutes(Int64(limit.amount))
        case .hours: .hours(Int64(limit.amount))
        case .workdays, .days: WorkTime(milliseconds: Int64(limit.amount) * workday.milliseconds)
        }
    }

    // MARK: - Limits

    /// The instant by which a limit must be met.
    ///
    /// Work time runs in office hours only; a workday is the hours of a full day, so `1wd` given on Monday at ten ends on Tuesday at ten.
    /// Natural hours run around the clock; `15d` ends at the same time of the fifteenth day after.
    /// - Returns: provisional when a year on the way has no official calendar; natural time never is.
    package func deadline(_ limit: Limit, from start: Instant) -> Deadline {
        switch (limit.time, limit.unit) {
        case (.natural, .minutes): return Deadline(start + .minutes(Int64(limit.amount)), provisional: false)
        case (.natural, .hours): return Deadline(start + .hours(Int64(limit.amount)), provisional: false)
        case (.natural, _):
            return Deadline(Instant(start.day(in: zone) + limit.amount, start.timeOfDay(in: zone), in: zone), provisional: false)
        case (.work, _): return deadline(after: work(limit), from: start)
        }
    }

    /// As `deadline(_:from:)` for what is left of a limit after a pause.
    package func deadline(after work: WorkTime, from start: Instant) -> Deadline {
        let end = instant(after: work, from: start)
        return Deadline(end, provisional: !covered(from: start, to: end))
    }

    /// What is left until a deadline, in the time the limit is counted in: negative when late.
    package func remaining(until end: Instant, from now: Instant, time: Limit.Time) -> Int64 {
        time == .work ? workTime(from: now, to: end).milliseconds : (end - now).milliseconds
    }

    private func covered(from start: Instant, to end: Instant) -> Bool {
        let (a, b) = (start.day(in: zone).year, end.day(in: zone).year)
        return b - a < 200 && (min(a, b)...max(a, b)).allSatisfy(years.contains)
    }
}
