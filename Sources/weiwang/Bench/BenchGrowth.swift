import ArgumentParser
import Basics
import Demo
import Foundation
import Store

/// `weiwang bench growth`: how cost grows with the years: the same measurements at several sizes, one table.
struct BenchGrowth: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "growth", abstract: "Measure fill, start, pages and intake at 10,000, 100,000 and a million matters; one table.")

    @Option(help: "How many matters, one column after the other.") var matters: [Int] = [10_000, 100_000, 1_000_000]
    @Option(help: "postgres://… to measure PostgreSQL, an empty database; each size has a schema of its own.") var database: String?
    @Option(help: "Connections at once.") var callers = 4
    @Option(help: "Seconds for each figure.") var seconds = 3.0

    func validate() throws {
        guard !matters.isEmpty, matters.allSatisfy({ (1...20_000_000).contains($0) }), (1...256).contains(callers),
            (0.1...600).contains(seconds)
        else { throw ValidationError("--matters at most 20,000,000, --callers 1 to 256, --seconds 0.1 to 600.") }
    }

    func run() async throws {
        var table = GrowthTable()
        for count in matters {
            let folder = NSTemporaryDirectory() + "weiwang-bench-\(UUIDv7(at: .systemNow))"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            var options = BenchTownOptions()
            options.data = folder
            options.database = try database.map { url in
                let schema = "growth\(count)"
                try Scratch.makeSchema(schema, url: url)
                return url + (url.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(schema)"
            }
            let began = ContinuousClock.now
            try await BenchTown.with(options, copies: DemoCopies(matters: count)) { town in
                table.add("fill, s", began.duration(to: .now) / .seconds(1))
                try await measure(town, &table)
            }
        }
        Terminal.say(table.text)
    }

    private func measure(_ town: BenchTown, _ table: inout GrowthTable) async throws {
        try? FileManager.default.removeItem(atPath: town.place.folder + "/board")
        for name in ["first start", "later start"] {
            let start = try BenchStart.start(town.place)
            table.add("\(name): /health 200, s", start.served)
            table.add("\(name): counted, s", start.counted)
            table.add("\(name): resident, MB", Double(start.memory) / 1024)
        }
        let (callers, seconds) = (callers, seconds)
        var rows: [(String, Double)] = []
        try await BenchServer.with(town.place) { server in
            let database = server.engines.database
            rows.append(("matters", Double(try await database.read { try $0.count("SELECT COUNT(*) FROM matter") })))
            rows.append(("size, MB", Double(try await database.size()) / 1e6))
            try await server.counted()
            for page in try await CityPages(server, town).all() where Self.pages.contains("\(page.role) \(page.name)") {
                _ = try await LoadResult.measure(port: server.port, callers: 1, seconds: 0.3) { _, turn in page.request(turn) }
                let result = try await LoadResult.measure(port: server.port, callers: callers, seconds: seconds) { caller, turn in
                    page.request(caller * 7919 + turn)
                }
                rows.append(("\(page.role) \(page.name): 99 of 100, ms", result.percentile(0.99)))
            }
            let intake = try await BenchIntake.measure(server, callers: 64, seconds: max(seconds, 5))
            rows.append(("intake of 64 at once, reports/s", intake.perSecond))
        }
        for (name, value) in rows { table.add(name, value) }
    }

    private static let pages: Set<String> = [
        "resident grid", "resident nearby", "resident progress of a report", "worker today", "worker done", "worker matter", "officer desk",
        "officer desk all", "officer desk, search of 2", "officer desk, search of 4", "officer matter", "officer api list of 50",
        "department desk", "command desk", "command desk, search of 2", "command api list of 50", "command command", "command list",
        "command /tiles/matters 11", "admin coverage", "admin person",
    ]
}

/// A line a measure, a column a size.
private struct GrowthTable {
    private var names: [String] = []
    private var values: [String: [Double]] = [:]

    mutating func add(_ name: String, _ value: Double) {
        if values[name] == nil { names.append(name) }
        values[name, default: []].append(value)
    }

    var text: String {
        names.map { name in
            let row = values[name] ?? []
            return name.padding(toLength: 46, withPad: " ", startingAt: 0)
                + row.map { String(format: $0 < 100 ? "%12.1f" : "%12.0f", $0) }.joined()
                + (row.count > 1 && row[0] > 0 ? String(format: "   x %.1f", row[row.count - 1] / row[0]) : "")
        }.joined(separator: "\n")
    }
}
