import Basics
import Foundation

/// Times as people say them: relative when it matters now, absolute in records.
package struct Times: Sendable {
    let now: Instant
    let zone: TimeZone
    let language: Language
    let wording: Wording

    private func say(_ key: String, _ values: [String: String] = [:]) -> String { wording.say(key, language, values) }

    /// `15:40`
    func clock(_ instant: Instant) -> String {
        let minutes = instant.timeOfDay(in: zone).milliseconds / 60_000
        return two(minutes / 60) + ":" + two(minutes % 60)
    }

    /// `今天 15:40`, `11月19日 15:40`, another year `2025年11月19日 15:40`.
    package func moment(_ instant: Instant) -> String { say("time.moment", ["day": day(instant.day(in: zone)), "time": clock(instant)]) }

    /// `今天`, `明天`, `昨天`, `11月19日`, `2025年11月19日`.
    package func day(_ day: Day) -> String {
        switch day - now.day(in: zone) {
        case 0: say("time.today")
        case 1: say("time.tomorrow")
        case -1: say("time.yesterday")
        default: date(day)
        }
    }

    /// The date without *today* and the like.
    package func date(_ day: Day) -> String {
        guard day.civil.year == now.day(in: zone).year else { return full(day) }
        let (_, month, date) = day.civil
        return say("time.date", ["month": String(month), "day": String(date), "name": say("time.month.\(month)")])
    }

    /// With its year, as papers carry it.
    func full(_ day: Day) -> String {
        let (year, month, date) = day.civil
        let values = ["year": String(year), "month": String(month), "day": String(date), "name": say("time.month.\(month)")]
        return say("time.date.year", values)
    }

    package func weekday(_ day: Day) -> String { say("time.weekday.\(day.weekday)") }

    /// `剩 1 小时 40 分`, `过期 1 小时 20 分`.
    package func left(_ due: Instant) -> String {
        due < now ? say("time.late", ["span": span(now - due)]) : say("time.left", ["span": span(due - now)])
    }

    /// `今天 16:00 前`
    package func before(_ due: Instant) -> String { say("time.before", ["moment": moment(due)]) }

    /// The two largest words: `3 天 4 小时`, `1 小时 40 分`, `5 分`; at least one minute.
    package func span(_ span: Span) -> String {
        let minutes = max(1, span.milliseconds / 60_000)
        let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60)
        func unit(_ key: String, _ count: Int64) -> String? { count > 0 ? say(key, ["count": String(count)]) : nil }
        let words =
            days > 0 ? [unit("time.days", days), unit("time.hours", hours)] : [unit("time.hours", hours), unit("time.minutes", rest)]
        return words.compactMap(\.self).joined(separator: " ")
    }

    private func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
