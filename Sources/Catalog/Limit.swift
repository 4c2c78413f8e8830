import Basics

/// A length of time as the catalog writes it: `30m` and `2h` (work or natural), `4wd` workdays, `15d` natural days.
package struct Limit: Hashable, Codable, Sendable, CustomStringConvertible {
    package enum Unit: String, Codable, Sendable { case minutes = "m", hours = "h", workdays = "wd", days = "d" }
    /// How it is counted: in office hours of the calendar, or around the clock.
    package enum Time: String, Codable, CaseIterable, Sendable { case work, natural }

    package let amount: Int
    package let unit: Unit
    package let time: Time

    /// Nil for anything else, also for workdays in natural time or days in work time.
    /// - Parameter time: nil means work time, but natural for `d`.
    package init?(_ text: some StringProtocol, time: Time? = nil) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard digits.count <= 6, let amount = Int(digits), let unit = Unit(rawValue: String(text.dropFirst(digits.count))) else {
            return nil
        }
        switch unit {
        case .workdays: if time == .natural { return nil }
        case .days: if time == .work { return nil }
        case .minutes, .hours: break
        }
        self.amount = amount
        self.unit = unit
        self.time = time ?? (unit == .days ? .natural : .work)
    }

    /// What it can come to at the most; work time by a generous rule: five times what it is worth, and holidays on top.
    package var longest: Span {
        let amount = Int64(amount)
        let natural: Span =
            switch unit {
            case .minutes: .minutes(amount)
            case .hours: .hours(amount)
            case .workdays, .days: .days(amount)
            }
        return time == .natural ? natural : .days(natural.milliseconds / 86_400_000 * 5 + 30)
    }

    /// `2h`: as written, without the sort of time.
    package var description: String { "\(amount)\(unit.rawValue)" }

    /// Key and parameter of its sentence: `limit.work.h` with `count`.
    package var stringKey: String { "limit.\(time.rawValue).\(unit.rawValue)" }

    package func text(_ strings: Strings, _ language: Language) -> String { strings.text(stringKey, language, ["count": String(amount)]) }
}

/// A length of work time in milliseconds: what counts is only what falls into office hours.
package struct WorkTime: Hashable, Comparable, Codable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package static let zero = WorkTime(milliseconds: 0)
    package static func minutes(_ n: Int64) -> WorkTime { WorkTime(milliseconds: n * 60_000) }
    package static func hours(_ n: Int64) -> WorkTime { WorkTime(milliseconds: n * 3_600_000) }
    package static func < (a: WorkTime, b: WorkTime) -> Bool { a.milliseconds < b.milliseconds }
    package static func + (a: WorkTime, b: WorkTime) -> WorkTime { WorkTime(milliseconds: a.milliseconds + b.milliseconds) }
    package static func - (a: WorkTime, b: WorkTime) -> WorkTime { WorkTime(milliseconds: a.milliseconds - b.milliseconds) }
}

/// The instant by which a limit must be met.
package struct Deadline: Hashable, Sendable {
    package let instant: Instant
    /// True when no official calendar covers a year on the way: counted by the weekly pattern, to be computed again when it lands.
    package let provisional: Bool

    package init(_ instant: Instant, provisional: Bool) {
        self.instant = instant
        self.provisional = provisional
    }
}
