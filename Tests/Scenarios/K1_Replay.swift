import Basics
import Foundation
import Geo
import Matters
import Store
import Support
import Testing

@testable import weiwang

/// One day played again: map, figures and lists of any moment of the last days, from one count.
@Suite struct K1_Replay {
    /// What stood on the map at a moment: none, red, yellow, green.
    private struct Moment {
        let at: String
        let marks: [Int]
    }

    private static func instant(_ text: String) throws -> Instant {
        try #require(Instant(iso: text + ":00+08:00", zone: .gmt), "\(text)")
    }

    /// Marks of every tile of the town, by name; with the ids of those that stand alone and late.
    static func marks(_ browser: WebClient, zoom: Int, at: String) async throws -> (counts: [Int], late: Int) {
        let features = try await K1_BattleMap.marks(browser, zoom: zoom, query: at.isEmpty ? "" : "?at=\(at)")
        let late = features.reduce(0) { sum, mark in
            sum + (mark.values["count"] == nil ? (mark.values["late"] == "true" ? 1 : 0) : Int(mark.values["late"] ?? "") ?? 0)
        }
        return (["none", "red", "yellow", "green"].map { K1_BattleMap.count(features, $0) }, late)
    }

    private static let measures = ["mark_red_outline", "mark_red", "mark_yellow", "mark_green"]

    /// The figures of the page; every one leads to a list of as many.
    private static func figures(_ browser: WebClient, at: String) async throws -> [Int] {
        let page = try await browser.get("/command/map?lang=zh-Hans" + (at.isEmpty ? "" : "&at=\(at)"))
        #expect(page.status == 200, "\(at)")
        for (href, count) in page.opening {
            let list = try await browser.get(href)
            #expect(list.total == count && list.rowCount == min(30, count), "\(at) \(href)")
            #expect(at.isEmpty || list.text.contains("标记是当时的"), "\(href)")
        }
        return try measures.map { name in
            let figure = try Regex<(Substring, Substring)>("data-measure=\"\(name)\"[^>]*>.*?<b>.*?>?(\\d+)(?:</a>)?</b>")
            return try #require((try? figure.firstMatch(in: page.text)).flatMap { Int($0.output.1) }, "\(name) \(at)")
        }
    }

    @Test("each hour of a day as it was: marks, figures and lists; what happens later does not change it", arguments: Backend.all)
    func day(on backend: Backend) async throws {
        try await inTown(backend) { town in
            func go(_ text: String) throws { town.clock.set(try Self.instant(text)) }
            try go("2026-11-20T10:00")
            let a = try await town.report("路灯不亮", at: Town.micro)
            try go("2026-11-20T11:00")
            try await town.perform("林小满", "accept", a.matter.id)
            try go("2026-11-20T12:00")
            try await town.perform("林小满", "report_up", a.matter.id)
            try go("2026-11-20T12:30")
            let b = try await town.report("纸箱堵在门口", at: Town.micro)
            try go("2026-11-20T13:00")
            try await town.perform("林小满", "fix_on_spot", b.matter.id)
            try go("2026-11-20T14:00")
            _ = try await town.report("树枝断了", at: Town.otherMicro)
            try go("2026-11-20T15:00")
            try await town.perform("周禾", "accept", a.matter.id)
            try await town.perform("周禾", "finish", a.matter.id)
            try go("2026-11-20T16:00")
            try await town.perform(reporter: a.report, "not_fixed", a.matter.id)
            try go("2026-11-21T10:00")
            try await town.settle()
            let moments = [
                Moment(at: "2026-11-20T09:00", marks: [0, 0, 0, 0]), Moment(at: "2026-11-20T10:30", marks: [1, 0, 0, 0]),
                Moment(at: "2026-11-20T11:30", marks: [1, 0, 0, 0]), Moment(at: "2026-11-20T12:15", marks: [0, 1, 0, 0]),
                Moment(at: "2026-11-20T12:45", marks: [1, 1, 0, 0]), Moment(at: "2026-11-20T13:30", marks: [0, 1, 1, 0]),
                Moment(at: "2026-11-20T14:30", marks: [1, 1, 1, 0]), Moment(at: "2026-11-20T15:30", marks: [1, 0, 1, 1]),
                Moment(at: "2026-11-20T16:30", marks: [1, 1, 1, 0]), Moment(at: "2026-11-21T09:00", marks: [1, 1, 0, 0]),
            ]
            let center = try await town.browser("苏城")
            func look(_ when: String) async throws {
                for moment in moments {
                    for zoom in [12, 16] {
                        let seen = try await Self.marks(center, zoom: zoom, at: moment.at)
                        #expect(seen.counts == moment.marks, "\(when): \(moment.at) at \(zoom)")
                    }
                    #expect(try await Self.figures(center, at: moment.at) == moment.marks, "\(when): \(moment.at)")
                }
            }
            try await look("the day after")
            // Now, asked as a moment, is what stands now.
            let (now, then) = (
                try await Self.marks(center, zoom: 16, at: ""), try await Self.marks(center, zoom: 16, at: "2026-11-21T10:00")
            )
            #expect(now == then)

            // What was shown at two o'clock is told the same after everything changed.
            try await town.perform("周禾", "accept", a.matter.id)
            try await town.perform("周禾", "finish", a.matter.id)
            _ = try await town.report("又一件", at: Town.micro)
            town.clock.advance(.hours(1))
            try await town.settle()
            try await look("an hour later")

            // Of what one may not see, the past shows nothing either; what is no moment is refused in words.
            #expect(try await Self.marks(town.browser("江帆"), zoom: 12, at: "2026-11-20T14:30").counts == [0, 0, 0, 0])
            for wrong in ["2026-11-21T23:00", "2026-11-01T10:00", "2026-11-31T10:00", "yesterday", "2026-11-20T14:30:00Z"] {
                let answer = try await center.get("/command/map?lang=zh-Hans&at=\(wrong)")
                #expect(answer.status == 422 && answer.text.contains("只能回放最近 14 天"), "\(wrong): \(answer.status)")
                #expect(try await center.get("/tiles/matters/14/1/1.mvt?at=\(wrong)").status == 422, "\(wrong)")
            }
            // Without scripts it is a form, and the way to the day before.
            let page = try await center.get("/command/map?at=2026-11-20T14:30&lang=en")
            #expect(page.input("at") == "2026-11-20T14:30" && page.text.contains("Back to now"))
            let live = try #require(page.text.firstMatch(of: #/href="([^"]*)" data-now/#).map { String($0.1) })
            #expect(live.hasPrefix("/command/map?grid=") && !live.contains("at="))
            #expect(page.links.contains { $0.contains("at=2026-11-19T14%3A30") } && page.links.contains { $0.contains("at=2026-11-21T") })
            #expect(try await center.get("/command/map.svg?at=2026-11-20T14:30").text.contains("<path"))
        }
    }

    @Test("what was late then has its ring, although it is long done", arguments: Backend.all)
    func late(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("垃圾", at: Town.micro, category: "exposed_rubbish")
            town.clock.set(try Self.instant("2026-11-24T09:30"))
            try await town.settle()
            try await town.perform("林小满", "accept", opened.matter.id)
            try await town.perform("林小满", "finish", opened.matter.id)
            town.clock.set(try Self.instant("2026-11-24T18:00"))
            try await town.settle()
            let center = try await town.browser("苏城")
            #expect(try await Self.marks(center, zoom: 16, at: "").late == 0)
            #expect(try await Self.marks(center, zoom: 16, at: "2026-11-20T10:30").late == 0)
            #expect(try await Self.marks(center, zoom: 16, at: "2026-11-24T09:00").late == 1)
            let then = try await center.get("/command/map?lang=zh-Hans&at=2026-11-24T09:00")
            #expect(then.text.contains("class=\"late-rows\""))
            #expect(try await !center.get("/command/map?lang=zh-Hans").text.contains("class=\"late-rows\""))
        }
    }
}
