import Basics
import Foundation
import Testing

@Suite struct TimeTests {
    private func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

    @Test func everyDayOfFourHundredYearsIsItself() throws {
        let first = try #require(Day("1800-01-01"))
        var weekday = first.weekday
        for step in 0..<146_097 {
            let day = first + step
            #expect(Day(day.description) == day)
            #expect(day.weekday == weekday)
            weekday = weekday % 7 + 1
        }
        #expect(Day(epoch: 0).description == "1970-01-01" && Day(epoch: 0).weekday == 4)
    }

    @Test(arguments: ["2026-02-30", "2026-2-03", "2025-02-29", "x", "", "2026-13-01", "2026-01-01T00:00", "+026-01-01"])
    func isNoDay(_ text: String) { #expect(Day(text) == nil) }

    @Test func readsTheManyFormsOfAnInstant() throws {
        let shanghai = try zone("Asia/Shanghai")
        let expected = Instant(milliseconds: 1_795_219_509_000)
        let same = [
            "2026-11-21T08:05:09", "2026-11-21 08:05:09", "2026-11-21T00:05:09Z", "2026-11-21T08:05:09+08:00", "2026-11-20T19:05:09-0500",
        ]
        for text in same {
            #expect(Instant(iso: text, zone: shanghai) == expected, "\(text)")
        }
        #expect(Instant(iso: "2026-11-21T08:05:09.25+08", zone: shanghai)?.milliseconds == 1_795_219_509_250)
        #expect(Instant(iso: "2026-11-21", zone: shanghai)?.iso(in: shanghai) == "2026-11-21T00:00:00+08:00")
        let none = [
            "2026-11-21T", "2026-11-21T8:05", "2026-11-21T08:05:09X", "2026-11-21T08:61", "2026-02-30T08:00", "2026-11-21T08:05:09+8",
        ]
        for text in none {
            #expect(Instant(iso: text, zone: shanghai) == nil, "\(text)")
        }
    }

    @Test func writtenIsReadInEveryZone() throws {
        var random = SplitMix(state: 3)
        for name in ["Asia/Shanghai", "America/New_York", "UTC", "Asia/Kathmandu", "Australia/Lord_Howe"] {
            let zone = try zone(name)
            for _ in 0..<500 {
                let instant = Instant(milliseconds: Int64.random(in: 550_000_000...4_000_000_000, using: &random) * 1000)
                #expect(Instant(iso: instant.iso(in: zone), zone: zone) == instant)
                let local = Instant(instant.day(in: zone), instant.timeOfDay(in: zone), in: zone)
                #expect(local.iso(in: zone).prefix(19) == instant.iso(in: zone).prefix(19))
            }
        }
    }
}
