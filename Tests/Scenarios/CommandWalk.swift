import Basics
import Catalog
import Foundation
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

/// The operations center as its people use it: over HTTP, without JavaScript.
@Suite struct CommandWalk {
    /// Matters in many states, in both subdistricts, over three days.
    private static func live(_ town: Town) async throws {
        for day in 0..<3 {
            for (index, place) in [Town.micro, Town.otherMicro, Town.otherSubdistrict, Town.micro, Town.outside].enumerated() {
                let opened = try await town.report("第\(day)天第\(index)件", at: place, category: "exposed_rubbish")
                guard place == Town.micro else { continue }
                if index == 0 { try await town.perform("林小满", "fix_on_spot", opened.matter.id) }
                if index == 3, day > 0 { try await town.perform("林小满", "accept", opened.matter.id) }
                if index == 3, day == 2 {
                    try await town.perform("林小满", "finish", opened.matter.id)
                    try await town.perform(reporter: opened.report, "confirm", opened.matter.id)
                }
            }
            if day < 2 { town.clock.advance(.days(1)) }
            try await town.settle()
        }
    }

    @Test("every figure of every page opens to a list of as many", arguments: Backend.all)
    func figuresOpen(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await Self.live(town)
            let here = try town.grid("1.1").id
            var seen = 0
            for (name, query) in [
                ("苏城", ""), ("苏城", "?from=2026-11-20&to=2026-11-21"), ("苏城", "?from=2026-11-20&to=2026-11-22&net=that_day"),
                ("苏城", "?grid=\(here)&from=2026-11-01&to=2026-11-22"), ("唐原", "?from=2026-11-20&to=2026-11-22"), ("何雨", ""),
                ("鲁捷", "?from=2026-11-20"),
            ] {
                let reader = try await town.browser(name)
                let page = try await reader.get("/command" + query)
                #expect(page.status == 200 && !page.opening.isEmpty, "\(name) \(query)")
                for (href, count) in page.opening {
                    var list = try await reader.get(href)
                    #expect(list.total == count, "\(name) \(href)")
                    // Part measures list a matter once; and here nothing is confidential.
                    if !href.contains("taken_in_time") {
                        var rows = list.rowCount
                        while let next = list.links.first(where: { $0.contains("&page=\(rows / 30 + 1)") }), rows % 30 == 0 {
                            list = try await reader.get(next)
                            rows += list.rowCount
                        }
                        #expect(rows == count, "\(name) \(href)")
                    }
                    seen += 1
                }
            }
            #expect(seen > 60)
        }
    }

    @Test("one's own land, and nothing of another subdistrict", arguments: Backend.all)
    func scope(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await Self.live(town)
            let center = try await town.browser("苏城")
            let page = try await center.get("/command?from=2026-11-20&to=2026-11-22")
            #expect(page.figure("new_matters") == "9")
            #expect(page.text.contains("春晖社区") && !page.text.contains("柳林"))
            let other = try town.grid("2").id
            for path in ["/command", "/command/list", "/command/table.csv", "/command/pieces/figures"] {
                #expect(try await center.get("\(path)?grid=\(other)").status == 404, "\(path)")
            }
            let desk = try await town.browser("唐原")
            let whole = try await desk.get("/command?from=2026-11-20&to=2026-11-22")
            #expect(whole.figure("new_matters") == "15" && whole.text.contains("柳林街道"))
            // Outside every grid: its own line, with its own list.
            #expect(whole.row("不在下级网格", "new_matters") == "3")
            #expect(try await town.browser("安平").get("/command").status == 403)
            #expect(try await town.browser().get("/command").location.hasPrefix("/sign-in"))
        }
    }

    @Test("levels counted, grids opened one by one down to the smallest", arguments: Backend.all)
    func down(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await Self.live(town)
            let center = try await town.browser("苏城")
            var page = try await center.get("/command")
            func level(_ name: String) -> String? {
                page.text.matches(of: #/<dt>([^<]*)</dt><dd><b>(\d+)/#).first { $0.1 == name }.map { String($0.2) }
            }
            #expect(level("街道") == "1" && level("社区") == "2" && level("三级网格") == "4" && level("微网格") == "8")
            for name in ["春晖社区", "春晖第1网格", "春晖1-1"] {
                let href = try #require(page.text.firstMatch(of: try Regex("<a href=\"([^\"]*)\">\(name)</a>"))?.output[1].substring)
                page = try await center.get(String(href).replacing("&amp;", with: "&"))
                #expect(page.status == 200 && page.text.contains("<h1>\(name)</h1>"))
            }
            #expect(level("微网格") == "1" && page.text.contains("本网格"))
            for language in Language.allCases {
                for path in [
                    "/command", "/command/list?measure=overdue_matters", "/command?net=that_day&from=2026-01-01",
                    "/command?grid=x&from=y&to=2999-01-01",
                ] {
                    let answer = try await center.get(path + (path.contains("?") ? "&" : "?") + "lang=\(language.rawValue)")
                    #expect(answer.status == 200 && !answer.text.contains("⟦") && !answer.text.contains("{{"), "\(path)")
                    for key in ["command.", "measure."] { #expect(!answer.text.contains(">\(key)"), "\(path)") }
                }
            }
            #expect(try await center.get("/command/list?measure=nonsense").status == 404)
            #expect(try await center.get("/command/pieces/nonsense").status == 404)
        }
    }

    @Test("supervised from the list by who may, taken back from the toast", arguments: Backend.all)
    func supervise(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("垃圾成堆", at: Town.micro, category: "exposed_rubbish")
            town.clock.advance(.days(20))
            try await town.settle()
            try await town.perform("秦岭", "unsupervise", opened.matter.id)
            try await town.settle()
            let center = try await town.browser("苏城")
            let list = try await center.get("/command/list?measure=overdue_matters")
            #expect(list.total == 1 && list.text.contains("过期") && list.text.contains("leader"))
            let action = "/desk/matters/\(opened.matter.id)/acts/supervise"
            #expect(list.links.contains(action))
            let fields = ["csrf", "act", "back"].map { ($0, list.input($0) ?? "") }
            let done = try await center.post(action, fields)
            #expect(done.status == 303 && done.location.hasPrefix("/command/list?"))
            #expect(try await town.matter(opened.matter.id).supervised)
            let toast = try await center.open(done.location)
            let undo = "/desk/matters/\(opened.matter.id)/acts/unsupervise"
            #expect(toast.links.contains(undo) && !toast.links.contains(action))
            let back = try await center.post(
                undo,
                [
                    ("csrf", toast.input("csrf") ?? ""), ("back", "/command/list?measure=overdue_matters"),
                    ("act", UUIDv7(at: .systemNow).description),
                ])
            #expect(back.location.hasPrefix("/command/list?"))
            #expect(try await town.matter(opened.matter.id).supervised == false)
            // An address of elsewhere is not followed; who only works there has no such button.
            let away = try await center.post(action, fields.dropLast() + [("back", "//evil.example/command/list?x")])
            #expect(away.location.hasPrefix("/desk"))
            #expect(try await town.browser("何雨").get("/command/list?measure=open_matters").links.contains(action) == false)
        }
    }

    @Test("the table as CSV and Excel, with the same numbers", arguments: Backend.all)
    func files(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await Self.live(town)
            let center = try await town.browser("苏城")
            let csv = try await center.get("/command/table.csv?from=2026-11-20&to=2026-11-22")
            let lines = csv.text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            #expect(csv.status == 200 && csv.header("Content-Disposition")?.contains("attachment") == true)
            #expect(
                lines.count == 4 && lines[1][1] == "春晖社区" && lines[1][2] == "9" && lines[3][2] == "9"
                    && lines.allSatisfy { $0.count == lines[0].count })
            let xlsx = try await center.get("/command/table.xlsx")
            #expect(xlsx.status == 200 && xlsx.body.starts(with: Array("PK".utf8)))
            // Those who see figures and may not take them along.
            #expect(try await town.browser("周禾").get("/command").status == 200)
            #expect(try await town.browser("周禾").get("/command/table.csv").status == 403)
        }
    }

    @Test("a past day by the net of that day and by today's: other rows, the same sums, each with its list", arguments: Backend.all)
    func nets(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let first = try await town.report("垃圾成堆", at: Town.micro)
            try await town.perform("林小满", "fix_on_spot", first.matter.id)
            _ = try await town.report("路灯不亮", at: Town.micro)
            _ = try await town.report("树枝断了", at: Town.otherMicro)
            town.clock.advance(.days(1))
            let third = try town.grid("1.1.1").id
            // From today the two micro-grids are one.
            var division = LandImport(level: "micro")
            division.parent = .code("1.1.1")
            division.replace = true
            let now = town.clock.time.now
            let day = now.day(in: town.engines.catalog.current.platform.zone)
            division.from = day
            let whole = MultiPolygon(Box(west: 113.60, south: 34.74, east: 113.61, north: 34.75))
            let grids = town.engines.grids
            let plan = try division.plan(
                [GeoJSON.Feature(shape: whole, sort: "Polygon", properties: ["code": "1.1.1.9", "name": "合一网格"])], on: grids.land,
                levels: grids.levels, today: day, at: now)
            try await town.engines.database.write { try grids.apply(plan, by: .system("test"), at: now, in: $0) }
            try await town.settle()

            let center = try await town.browser("苏城")
            let address = "/command?grid=\(third)&from=2026-11-20&to=2026-11-20"
            let today = try await center.get(address)
            #expect(today.row("合一网格", "new_matters") == "3" && today.row("春晖1-1", "new_matters") == nil)
            let then = try await center.get(address + "&net=that_day")
            #expect(then.row("春晖1-1", "new_matters") == "2" && then.row("春晖1-2", "new_matters") == "1")
            #expect(then.row("合一网格", "new_matters") == nil)
            for measure in ["new_matters", "done_on_day", "closed_on_day", "on_the_spot"] {
                #expect(today.figure(measure) == then.figure(measure), "\(measure)")
                if measure != "on_the_spot" { #expect(today.row("合计", measure) == then.row("合计", measure), "\(measure)") }
            }
            #expect(today.row("合计", "open_matters") == "2" && then.row("合计", "open_matters") == "2")
            for page in [today, then] {
                for (href, count) in page.opening where !href.contains("taken_in_time") {
                    let list = try await center.get(href)
                    #expect(list.total == count && list.rowCount == count, "\(href)")
                }
            }
            // A grid that is no more keeps its page of that day.
            let ended = try #require(
                then.links.first {
                    $0.hasPrefix("/command?grid=") && $0.contains("net=that_day") && !$0.contains("\(third)")
                        && !$0.contains("\(Town.id("grid 1"))") && !$0.contains("\(Town.id("grid 1.1"))")
                })
            let gone = try await center.get(ended)
            #expect(gone.status == 200 && gone.text.contains("这个网格现在已经没有了") && gone.figure("new_matters") == "2")
        }
    }
}
