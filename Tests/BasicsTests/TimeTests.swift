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
        var random = SplitMix(3)
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

    @Test("2038, the end of February, a leap second: instants and days go on")
    func rareDays() throws {
        let shanghai = try zone("Asia/Shanghai")
        for (text, seconds) in [
            ("2038-01-19T03:14:07Z", 2_147_483_647), ("2038-01-19T03:14:08Z", 2_147_483_648), ("2106-02-07T06:28:16Z", 4_294_967_296),
            ("2028-02-29T00:00:00Z", 1_835_395_200), ("2016-12-31T23:59:60Z", 1_483_228_800),
        ] {
            let instant = try #require(Instant(iso: text, zone: shanghai))
            #expect(instant.milliseconds == Int64(seconds) * 1000, "\(text)")
            #expect(Instant(iso: instant.iso(in: shanghai), zone: shanghai) == instant)
        }
        #expect(Day("2028-02-29").map { ($0 + 1).description } == "2028-03-01" && Day("2100-02-29") == nil && Day("2000-02-29") != nil)
        #expect(Day("2028-02-29").map { ($0 + 366).description } == "2029-03-01")
    }

    @Test("a day begins in that day and ends where the next begins, in zones with summer time too")
    func summerTime() throws {
        for (name, text, hours) in [
            ("America/New_York", "2026-03-08", 23), ("America/New_York", "2026-11-01", 25), ("America/Sao_Paulo", "2018-11-04", 23),
            ("Asia/Shanghai", "1988-04-17", 23), ("Australia/Lord_Howe", "2026-10-04", 0), ("Asia/Shanghai", "2026-11-21", 24),
        ] {
            let (zone, day) = (try zone(name), try #require(Day(text)))
            let start = Instant(day, in: zone)
            #expect(start.day(in: zone) == day && (start - .seconds(1)).day(in: zone) == day - 1, "\(name) \(text)")
            if hours > 0 { #expect(Instant(day + 1, in: zone) - start == .hours(Int64(hours)), "\(name) \(text)") }
            var last = start
            for minute in stride(from: 1, to: 1440, by: 1) {
                let instant = Instant(day, .minutes(Int64(minute)), in: zone)
                #expect(instant.day(in: zone) == day, "\(name) \(text) \(minute)")
                // The hour that is left out is one with the hour after it.
                #expect(instant >= last - .hours(1))
                last = instant
            }
        }
    }
}
