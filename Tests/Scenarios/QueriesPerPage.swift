import Basics
import Matters
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

/// How many statements each page takes in a busy town: a page that asks once for each of its rows fails here.
@Suite struct QueriesPerPage {
    /// About 25 is what a page needs; above this it is asking row by row.
    static let most = 30

    @Test(arguments: Backend.all)
    func fewEach(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let cast = try await RightsCast.set(town)
            try await busy(town)
            var worst: [(path: String, who: String, count: Int)] = []
            for visitor in RightsCast.visitors {
                let browser = try await town.browser(visitor.name)
                for route in WebApp.routes.all where "\(route.method)" == "GET" && !route.path.hasSuffix("/live") {
                    guard
                        visitor.name != nil
                            ? visitor.opens.contains(route.need) || route.need == .client : route.need == .anyone || route.need == .link
                    else { continue }
                    let path = try RightsMatrix.address(route.path, cast.pieces[0], town)
                    let answer = try await browser.get(path)
                    guard answer.status < 400 else { continue }
                    let count = try #require(answer.header("X-Statements").flatMap { Int($0) }, "\(path)")
                    #expect(count <= Self.most, "\(count) statements for \(visitor.title) GET \(path)")
                    worst.append((path, visitor.title, count))
                }
            }
            #expect(worst.count > 100)
            try await plans(town)
            for line in worst.sorted(by: { $0.count > $1.count }).prefix(10) { print("statements", line.count, line.who, line.path) }
        }
    }

    /// What grows with the years; all else is a few thousand rows at the most.
    private static let long: Set<String> = [
        "matter", "report", "part", "clock", "entry", "photo", "remark", "milestone", "record", "link", "inbox", "timer", "search_doc",
        "seal",
        "file",
    ]

    /// No page reads a long table from end to end: SQLite says how it would go about each statement that was run.
    private func plans(_ town: Town) async throws {
        guard town.engines.database.dialect == .sqlite else { return }
        let texts = town.texts.all.filter { $0.hasPrefix("SELECT") || $0.hasPrefix("WITH") }
        #expect(texts.count > 50)
        for text in texts {
            let names = Self.tables(of: text)
            let steps = try await town.engines.database.read { tx in
                try tx.all(SQL(stringLiteral: "EXPLAIN QUERY PLAN " + text)) { try $0["detail"] as String }
            }
            // Every street is read once and kept; of the rest of a register a page wants a place or a land.
            #expect(text.contains("shape IS NOT NULL") || !steps.contains { $0.hasSuffix("record_path (register=?)") }, "\(text)")
            // What asks for a day reads no years.
            #expect(!text.contains("m.opened_at >=") || !steps.contains { $0.contains("matter_cell (cell>?") }, "\(text)")
            for step in steps where step.hasPrefix("SCAN ") && !step.contains("VIRTUAL TABLE") {
                let name = String(step.dropFirst(5).prefix { $0 != " " })
                let table = names[name] ?? name
                // Matters are read in the order of an index, up to the page; anything else from end to end is as bad with an index.
                if step.contains(" USING "), ["matter", "entry"].contains(table) { continue }
                // The programs' list counts all that is seen, unless it is asked not to.
                if text.hasPrefix("SELECT COUNT(*) FROM matter m WHERE 1 = 1 AND (") { continue }
                #expect(!Self.long.contains(table), "\(step): \(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))")
            }
        }
    }

    /// Table by the name it goes by in a statement.
    private static func tables(of text: String) -> [String: String] {
        var names: [String: String] = [:]
        for match in text.matches(of: #/(?:FROM|JOIN)\s+([a-z_]+)(?:\s+(?:AS\s+)?([a-z][a-z0-9_]*))?/#) {
            names[String(match.2 ?? match.1)] = String(match.1)
            names[String(match.1)] = String(match.1)
        }
        return names
    }

    /// Forty matters at one place, whistled, joined, merged and late: every list of every page has rows.
    private func busy(_ town: Town) async throws {
        var opened: [Opened] = []
        for index in 0..<40 {
            let point = index % 4 == 3 ? Town.otherMicro : Town.micro
            opened.append(try await town.report("垃圾成堆 \(index)", at: point))
        }
        for opened in opened.prefix(12) {
            try? await town.perform("林小满", "report_up", opened.matter.id)
            try? await town.perform("周禾", "report_up", opened.matter.id)
            try? await town.perform("何雨", "whistle", opened.matter.id) { $0.units = [Town.unit("sanitation"), Town.unit("water")] }
        }
        for opened in opened.suffix(4) { _ = try await town.report("也看见了", at: Town.micro, join: opened.matter.id) }
        town.clock.advance(.days(5))
        try await town.settle()
    }
}
