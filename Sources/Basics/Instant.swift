import Foundation

/// A point in time: integer milliseconds since 1970 in UTC.
package struct Instant: Hashable, Comparable, Codable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    package static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }
    package static func + (a: Instant, b: Span) -> Instant { Instant(milliseconds: a.milliseconds &+ b.milliseconds) }
    package static func - (a: Instant, b: Span) -> Instant { Instant(milliseconds: a.milliseconds &- b.milliseconds) }
    package static func - (a: Instant, b: Instant) -> Span { Span(milliseconds: a.milliseconds &- b.milliseconds) }
}

extension Instant {
    package static var systemNow: Instant { Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))) }
    package var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// The civil day of this instant in a zone.
    package func day(in zone: TimeZone) -> Day {
        Day(epoch: Int32(truncatingIfNeeded: local(in: zone).floorDivided(by: 86_400_000)))
    }

    /// Milliseconds since midnight of `day(in:)`.
    package func timeOfDay(in zone: TimeZone) -> Span {
        let shifted = local(in: zone)
        return Span(milliseconds: shifted - shifted.floorDivided(by: 86_400_000) * 86_400_000)
    }

    private func local(in zone: TimeZone) -> Int64 { milliseconds &+ Int64(zone.secondsFromGMT(for: date)) * 1000 }

    /// ISO 8601 with the zone's offset, whole seconds: `2026-11-21T08:05:09+08:00`, or `…Z` for UTC.
    package func iso(in zone: TimeZone) -> String {
        let seconds = zone.secondsFromGMT(for: date)
        let day = day(in: zone)
        let time = timeOfDay(in: zone).milliseconds / 1000
        let clock = "\(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))"
        guard seconds != 0 else { return "\(day)T\(clock)Z" }
        let offset = abs(seconds) / 60
        return "\(day)T\(clock)\(seconds < 0 ? "-" : "+")\(two(Int64(offset / 60))):\(two(Int64(offset % 60)))"
    }

    /// Reads ISO 8601 / W3C date-times: a day alone, a space or `T`, optional seconds and fraction, `Z`, `+08:00`, `+0800`, `+08`, or none
    /// (then in `zone`). Nil for anything else, also for days that do not exist.
    package init?(iso text: some StringProtocol, zone: TimeZone) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let day = Day(String(decoding: bytes[0..<10], as: UTF8.self)) else { return nil }
        var index = 10
        func number(_ digits: Int) -> Int64? {
            guard index + digits <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[index..<index + digits] {
                guard byte >= 48, byte <= 57 else { return nil }
                value = value * 10 + Int64(byte - 48)
            }
            index += digits
            return value
        }
        var time: Int64 = 0
        if index < bytes.count {
            guard bytes[index] == UInt8(ascii: "T") || bytes[index] == UInt8(ascii: " ") else { return nil }
            index += 1
            guard let hour = number(2), hour < 25, index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return nil }
            index += 1
            guard let minute = number(2), minute < 60 else { return nil }
            time = hour * 3_600_000 + minute * 60_000
            if index < bytes.count, bytes[index] == UInt8(ascii: ":") {
                index += 1
                guard let second = number(2), second < 61 else { return nil }
                time += second * 1000
                if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
                    index += 1
                    var scale: Int64 = 100
                    while index < bytes.count, bytes[index] >= 48, bytes[index] <= 57 {
                        time += Int64(bytes[index] - 48) * scale
                        scale /= 10
                        index += 1
                    }
                }
            }
        }
        let naive = Int64(day.epoch) * 86_400_000 + time
        if index == bytes.count {
            self = Instant(naive: naive, zone: zone)
        } else if bytes[index] == UInt8(ascii: "Z"), index + 1 == bytes.count {
            self.init(milliseconds: naive)
        } else {
            let sign: Int64
            switch bytes[index] {
            case UInt8(ascii: "+"): sign = 1
            case UInt8(ascii: "-"): sign = -1
            default: return nil
            }
            index += 1
            guard let hours = number(2) else { return nil }
            if index < bytes.count, bytes[index] == UInt8(ascii: ":") { index += 1 }
            guard let minutes = index == bytes.count ? 0 : number(2), index == bytes.count, hours < 19, minutes < 60 else { return nil }
            self.init(milliseconds: naive - sign * (hours * 3_600_000 + minutes * 60_000))
        }
    }

    /// The instant of a civil day and time in a zone.
    package init(_ day: Day, _ time: Span = .zero, in zone: TimeZone) {
        self.init(naive: Int64(day.epoch) * 86_400_000 + time.milliseconds, zone: zone)
    }

    /// NB: where summer time begins an hour is left out, in some zones the first of the day: what falls into it is the hour after, or a day
    /// would begin in the day before.
    private init(naive: Int64, zone: TimeZone) {
        func offset(_ milliseconds: Int64) -> Int64 {
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(milliseconds) / 1000))) * 1000
        }
        let first = naive - offset(naive)
        let second = naive - offset(first)
        self.init(milliseconds: naive - offset(second) == second ? second : max(first, second))
    }

    private func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

extension Int64 {
    func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
