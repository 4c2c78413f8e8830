import Basics
import Catalog
import Foundation
import Testing

@Suite struct WorkCalendarTests {
    private let zone = TimeZone(identifier: "Asia/Shanghai") ?? .gmt
    private func at(_ text: String) throws -> Instant { try #require(Instant(iso: text, zone: zone)) }

    /// Office hours 08:30–12:00 and 14:00–17:30, seven a day.
    @Test(arguments: [
        // at work, over lunch, over night
        ("2026-03-03 09:00", "2h", "2026-03-03 11:00"), ("2026-03-03 11:00", "2h", "2026-03-03 15:00"),
        ("2026-03-03 16:30", "2h", "2026-03-04 09:30"), ("2026-03-03 08:30", "210m", "2026-03-03 12:00"),
        ("2026-03-03 08:30", "7h", "2026-03-03 17:30"), ("2026-03-03 09:00", "30m", "2026-03-03 09:30"),
        // begun at lunch, at night, before work, on Saturday
        ("2026-03-03 12:40", "2h", "2026-03-03 16:00"), ("2026-03-03 22:00", "2h", "2026-03-04 10:30"),
        ("2026-03-03 05:00", "1h", "2026-03-03 09:30"), ("2026-03-07 10:00", "1wd", "2026-03-09 17:30"),
        ("2026-03-06 10:00", "1wd", "2026-03-09 10:00"),
        // the spring festival of 2026 is off from 15 to 23 February, Saturday the 14th and the 28th are worked
        ("2026-02-13 16:30", "2h", "2026-02-14 09:30"), ("2026-02-14 16:30", "2h", "2026-02-24 09:30"),
        ("2026-02-18 10:00", "1wd", "2026-02-24 17:30"), ("2026-02-12 10:00", "4wd", "2026-02-25 10:00"),
        ("2026-02-27 10:00", "1wd", "2026-02-28 10:00"), ("2026-02-28 10:00", "1wd", "2026-03-02 10:00"),
        // a make-up Sunday: 4 January 2026; 26 January 2025
        ("2026-01-04 09:00", "2h", "2026-01-04 11:00"), ("2025-01-26 15:00", "1wd", "2025-01-27 15:00"),
        ("2025-01-27 15:00", "1wd", "2025-02-05 15:00"),
        // national day 2025 joined with mid-autumn: 1 to 8 October, worked on 28 September and 11 October
        ("2025-09-30 10:00", "1wd", "2025-10-09 10:00"), ("2025-10-10 17:00", "1h", "2025-10-11 09:00"),
        // a holiday that a later year's paper names: 31 December 2022
        ("2022-12-30 17:00", "1h", "2023-01-03 09:00"),
        // extended in January 2020
        ("2020-01-23 10:00", "1wd", "2020-02-03 10:00"),
    ])
    func golden(from: String, limit: String, to: String) throws {
        let calendar = try Shipped.catalog.calendar
        let deadline = calendar.deadline(try #require(Limit(limit)), from: try at(from))
        #expect(deadline.instant.iso(in: zone) == (try at(to)).iso(in: zone))
        #expect(!deadline.provisional)
    }

    @Test func naturalTime() throws {
        let calendar = try Shipped.catalog.calendar
        func end(_ limit: String, _ from: String) throws -> Deadline {
            calendar.deadline(try #require(Limit(limit, time: .natural)), from: try at(from))
        }
        #expect(try end("15d", "2026-02-10 10:00") == Deadline(at("2026-02-25 10:00"), provisional: false))
        #expect(try end("48h", "2026-02-14 10:00") == Deadline(at("2026-02-16 10:00"), provisional: false))
        #expect(try end("60d", "2031-02-10 10:00").provisional == false)
    }

    @Test func provisionalWithoutACalendar() throws {
        let calendar = try Shipped.catalog.calendar
        let over = calendar.deadline(try #require(Limit("3wd")), from: try at("2026-12-30 10:00"))
        #expect(over.provisional)
        #expect(over.instant == (try at("2027-01-04 10:00")))
        // Labour Day 2035, a Tuesday: nobody has said yet that it is off.
        #expect(
            calendar.deadline(try #require(Limit("2h")), from: try at("2035-05-01 10:00"))
                == Deadline(try at("2035-05-01 12:00"), provisional: true))
        #expect(calendar.deadline(try #require(Limit("2h")), from: try at("1990-05-01 10:00")).provisional)
        #expect(!calendar.covers(2027) && calendar.covers(2026))
        #expect(calendar.missingYears(at: try at("2026-11-30 23:59")) == [])
        #expect(calendar.missingYears(at: try at("2026-12-01 00:00")) == [2027])
        #expect(calendar.missingYears(at: try at("2027-05-01 00:00")) == [2027])
    }

    @Test func workingAndWorkdays() throws {
        let calendar = try Shipped.catalog.calendar
        #expect(calendar.isWorking(at: try at("2026-01-04 08:30")))
        for off in ["2026-01-04 08:29", "2026-01-04 12:00", "2026-01-04 13:59", "2026-01-04 17:30", "2026-01-01 09:00", "2026-01-10 09:00"]
        {
            #expect(!calendar.isWorking(at: try at(off)), "\(off)")
        }
        // 2025 had 248 working days by its paper.
        let days = try (0..<365).map { try #require(Day("2025-01-01")) + $0 }
        #expect(days.count { calendar.isWorkday($0) } == 248)
        #expect(calendar.exceptions[try #require(Day("2026-02-17"))]?.holiday == "spring_festival")
    }

    @Test func remaining() throws {
        let calendar = try Shipped.catalog.calendar
        let end = try at("2026-03-03 16:00")
        #expect(calendar.remaining(until: end, from: try at("2026-03-03 11:00"), time: .work) == 3 * 3_600_000)
        #expect(calendar.remaining(until: end, from: try at("2026-03-03 11:00"), time: .natural) == 5 * 3_600_000)
        #expect(calendar.remaining(until: end, from: try at("2026-03-03 17:00"), time: .work) == -3_600_000)
        #expect(calendar.instant(before: end, by: .hours(2)) == (try at("2026-03-03 14:00")))
        #expect(calendar.instant(before: end, by: .hours(3)) == (try at("2026-03-03 11:00")))
        #expect(calendar.instant(before: try at("2026-02-24 08:30"), by: .hours(1)) == (try at("2026-02-14 16:30")))
    }

    /// Counted by the minute, the plain way.
    @Test func agreesWithCountingMinutes() throws {
        let calendar = try Shipped.catalog.calendar
        var random = SplitMix(1)
        for _ in 0..<60 {
            let start = Instant(
                milliseconds: (try at("2024-01-01")).milliseconds + Int64.random(in: 0..<1_500_000, using: &random) * 60_000)
            let minutes = Int64.random(in: 1...3000, using: &random)
            var now = start
            var left = minutes
            while left > 0 {
                if calendar.isWorking(at: now) { left -= 1 }
                now = now + .minutes(1)
            }
            #expect(calendar.instant(after: .minutes(minutes), from: start) == now)
        }
    }

    /// Monotone, and the inverse of `workTime`; in covered years, before the first and long after the last.
    @Test func properties() throws {
        let calendar = try Shipped.catalog.calendar
        var random = SplitMix(7)
        let low = try at("2009-01-01").milliseconds
        let high = try at("2044-01-01").milliseconds
        for _ in 0..<4000 {
            let a = Instant(milliseconds: Int64.random(in: low..<high, using: &random))
            let b = a + Span(milliseconds: Int64.random(in: 0..<90_000_000, using: &random))
            let work = WorkTime(milliseconds: Int64.random(in: 1..<900_000_000, using: &random))
            let more = work + WorkTime(milliseconds: Int64.random(in: 0..<50_000_000, using: &random))
            let end = calendar.instant(after: work, from: a)
            #expect(end > a)
            #expect(calendar.workTime(from: a, to: end) == work)
            #expect(calendar.workTime(from: end, to: a) == WorkTime(milliseconds: -work.milliseconds))
            #expect(calendar.instant(after: work, from: b) >= end)
            #expect(calendar.instant(after: more, from: a) >= end)
            #expect(calendar.workTime(from: a, to: b) >= .zero)
            // One millisecond earlier is not enough, one later is too much or costs nothing.
            #expect(calendar.workTime(from: a, to: end - Span(milliseconds: 1)) < work)
            let back = calendar.instant(before: a, by: work)
            #expect(calendar.workTime(from: back, to: a) == work)
            #expect(calendar.workTime(from: back + Span(milliseconds: 1), to: a) < work)
            // A pause and going on loses nothing.
            let half = WorkTime(milliseconds: work.milliseconds / 2)
            #expect(calendar.instant(after: work - half, from: calendar.instant(after: half, from: a)) == end)
        }
        #expect(calendar.instant(after: .zero, from: Instant(milliseconds: 5)) == Instant(milliseconds: 5))
    }

    @Test func otherHoursAndZones() throws {
        var files = try Shipped.files.get()
        files.texts["catalog/calendars/office.yaml"] = """
            hours: {mon: [00:00-24:00], fri: [09:00-11:30, 11:30-12:00]}
            make_up: [10:00-11:00]
            """
        files.texts["catalog/platform.yaml"] = (files.texts["catalog/platform.yaml"] ?? "").replacing(
            "Asia/Shanghai", with: "America/New_York")
        let catalog = try Catalog(files)
        let zone = catalog.platform.zone
        func at(_ text: String) throws -> Instant { try #require(Instant(iso: text, zone: zone)) }
        let calendar = catalog.calendar
        #expect(calendar.workday == .hours(24))
        #expect(calendar.instant(after: .hours(3), from: try at("2026-03-06 08:00")) == (try at("2026-03-06 12:00")))
        #expect(calendar.instant(after: .hours(4), from: try at("2026-03-06 08:00")) == (try at("2026-03-09 01:00")))
        #expect(calendar.instant(after: .hours(1), from: try at("2026-02-27 12:00")) == (try at("2026-02-28 11:00")))
    }
}
