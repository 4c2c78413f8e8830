import Basics
import Foundation
import Matters
import Store
import Support
import Testing

/// What the operations center reads: the share dealt with on the day, by grid, each figure opening to its list.
@Suite struct C12_SameDay {
    @Test("done or closed on the day it was reported; what is confirmed tomorrow does not change it", arguments: Backend.all)
    func sameDay(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let spot = try await town.report("纸箱堵在门口", at: Town.micro)
            try await town.perform("林小满", "fix_on_spot", spot.matter.id)
            let solved = try await town.report("路灯不亮", at: Town.micro)
            try await town.perform("林小满", "finish", solved.matter.id)
            try await town.perform(reporter: solved.report, "confirm", solved.matter.id)
            let waiting = try await town.report("井盖松了", at: Town.micro)
            try await town.perform("林小满", "finish", waiting.matter.id)
            let open = try await town.report("树枝断了", at: Town.micro)
            _ = try await town.report("隔壁街道的事", at: Town.otherSubdistrict)
            try await town.settle()

            var center = try await town.browser("苏城")
            var page = try await center.get("/command")
            #expect(page.status == 200)
            #expect(page.figure("new_matters") == "4")
            #expect(page.figure("done_on_day") == "75" && page.figure("closed_on_day") == "50")
            #expect(page.figure("solved_share") == "100" && page.figure("confirmed_share") == "50")
            let list = try await center.get(page.list("done_on_day"))
            for matter in [spot, solved, waiting] { #expect(list.text.contains(matter.matter.number)) }
            #expect(!list.text.contains(open.matter.number) && list.total == 3)
            let rest = try await center.get(page.list("done_on_day") + "&side=rest")
            #expect(rest.text.contains(open.matter.number) && rest.total == 1)
            // By grid: the community where it happened has it, the other has nothing to count.
            #expect(page.row("春晖社区", "done_on_day") == "75%" && page.row("和平社区", "done_on_day") == "–")

            town.clock.advance(.days(1))
            try await town.perform(reporter: waiting.report, "confirm", waiting.matter.id)
            try await town.perform("林小满", "finish", open.matter.id)
            try await town.settle()
            // A session does not last overnight.
            center = try await town.browser("苏城")
            page = try await center.get("/command?from=2026-11-20&to=2026-11-20")
            #expect(page.figure("done_on_day") == "75")
            #expect(page.figure("closed_on_day") == "50")
            page = try await center.get("/command")
            #expect(page.figure("new_matters") == "0" && page.figure("done_on_day") == "–" && page.figure("closed_matters") == "1")
            // What stood at the end of yesterday: the open one and the one waiting for its reporter.
            page = try await center.get("/command?from=2026-11-20&to=2026-11-20")
            #expect(page.figure("open_matters", on: "2026-11-20") == "2" && page.row("春晖社区", "open_matters") == "2")
        }
    }
}

extension WebClient.Answer {
    /// A figure of the page by its measure; of the end of a past day when that is said.
    func figure(_ measure: String, on day: String = "") -> String? {
        text.matches(of: #/data-measure="([^"]*)" data-on="([^"]*)"[^>]*>.*?<b>(?:<a [^>]*>)?([^<]*)/#)
            .first { $0.1 == measure && $0.2 == day }.map { String($0.3) }
    }

    /// The address to which a figure opens.
    func list(_ measure: String) -> String {
        links.first { $0.hasPrefix("/command/list") && $0.contains("measure=\(measure)") && !$0.contains("side=rest") } ?? ""
    }

    /// A cell of the table by grid.
    func row(_ grid: String, _ measure: String) -> String? {
        text.split(separator: "</tr>").first { $0.contains(">\(grid)<") }.flatMap { line in
            String(line).matches(of: #/data-measure="([^"]*)"[^>]*>(?:<a [^>]*>)?([^<]*)/#).first { $0.1 == measure }.map { String($0.2) }
        }
    }

    /// How many a list says that it has.
    var total: Int? { text.firstMatch(of: #/data-total="(\d+)"/#).flatMap { Int($0.1) } }
    var rowCount: Int { text.matches(of: #/<li data-matter=/#).count }

    /// Every figure of the page that opens to a list, with what it says.
    var opening: [(href: String, count: Int)] {
        text.matches(of: #/<a href="(/command/list[^"]*)" data-count="(\d+)"/#).compactMap { match in
            Int(match.2).map { (String(match.1).replacing("&amp;", with: "&"), $0) }
        }
    }
}
