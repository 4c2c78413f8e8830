import ArgumentParser
import Basics
import Catalog
import Foundation
import Geo
import Logging
import Matters
import Posts
import Store
import Web

/// `weiwang bench intake`: reports a second that a server took over HTTP and has on disk when it answers (report, matter, part, clocks,
/// timers, search text, entries), by one connection and by many. One connection is the limit of the run: each report is committed alone.
struct BenchIntake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake", abstract: "Send reports over many connections at once; over one alone beside it.")

    @Option(help: "Connections at once, one figure after the other.") var callers: [Int] = [16, 64, 256]
    @Option(help: "Seconds for each figure.") var seconds = 5
    @Option(help: "Folder for the scratch data (default: a new one in the temporary folder, removed at the end).") var data: String?
    @Option(help: "postgres://… to measure PostgreSQL, an empty database.") var database: String?

    func validate() throws {
        guard callers.allSatisfy({ (1...1000).contains($0) }), (1...600).contains(seconds) else {
            throw ValidationError("--callers is 1 to 1000, --seconds 1 to 600.")
        }
    }

    func run() async throws {
        let folder = data ?? NSTemporaryDirectory() + "weiwang-bench-\(UUIDv7(at: .systemNow))"
        defer { if data == nil { try? FileManager.default.removeItem(atPath: folder) } }
        let place: DatabasePlace = database.map { .postgres(url: $0, folder: folder) } ?? .folder(folder)
        try await BenchServer.with(place) { server in
            let database = server.engines.database
            let before = try await database.read { try $0.count("SELECT COUNT(*) FROM matter") }
            let single = try await Self.measure(server, callers: 1, seconds: Double(seconds))
            Terminal.say("intake over HTTP on \(try await database.version())")
            Terminal.say("one by one    \(line(single))   (limit of this run)")
            var acknowledged = single.count
            var rates: [(callers: Int, perSecond: Double)] = []
            for callers in callers {
                let many = try await Self.measure(server, callers: callers, seconds: Double(seconds))
                acknowledged += many.count
                rates.append((callers, many.perSecond))
                let ratio = String(format: "ratio %.1f", many.perSecond / max(1, single.perSecond))
                Terminal.say(String(format: "%3d at once   ", callers) + line(many) + "   " + ratio)
            }
            let kept = try await database.read { try $0.count("SELECT COUNT(*) FROM matter") } - before
            guard kept == acknowledged else { throw BenchFailure.lost(expected: acknowledged, found: kept) }
            Terminal.say("\(kept) acknowledged, \(kept) kept")
            if case .postgres(let url, _) = place { try await limits(of: rates, url, database) }
        }
    }

    /// How near intake comes to what the database takes of the same rows.
    private func limits(of rates: [(callers: Int, perSecond: Double)], _ url: String, _ database: Database) async throws {
        let pgbench = try await Pgbench(database)
        Terminal.say("pgbench with the rows of one report (\(pgbench.rows))")
        for (callers, perSecond) in rates {
            guard let limit = try pgbench.run(url, clients: callers, count: Int(perSecond * Double(seconds))) else {
                return Terminal.say("there is no pgbench on this machine")
            }
            let ratio = perSecond / limit
            Terminal.say(
                String(
                    format: "%3d at once   %8.0f reports/s (the limit)   ratio %.2f%@", callers, limit, ratio,
                    ratio < 0.5 ? " (under 0.5)" : ""))
        }
    }

    private func line(_ result: LoadResult) -> String {
        String(
            format: "%8.0f reports/s   half in %.1f ms, 99 of 100 in %.1f ms", result.perSecond, result.percentile(0.5),
            result.percentile(0.99))
    }

    static func measure(_ server: BenchServer, callers: Int, seconds: Double) async throws -> LoadResult {
        let key = server.key
        let category = server.engines.catalog.current.categories.first?.id ?? ""
        let begin = URLEncoded.encoded([("service_code", category), ("api_key", key), ("description", "路边垃圾没有清运 ")])
        return try await LoadResult.measure(port: server.port, callers: callers, seconds: seconds) { caller, turn in
            // Spread over some ten kilometres.
            let lat = 34.7 + Double(turn * 7919 % 1000) / 10_000
            let lon = 113.6 + Double((caller * 7907 + turn) % 1000) / 10_000
            let form = "\(begin)\(caller)%20\(turn)&lat=\(lat)&long=\(lon)"
            let head = """
                POST /open311/v2/requests.json HTTP/1.1\r
                Host: 127.0.0.1\r
                Content-Type: application/x-www-form-urlencoded\r
                Content-Length: \(form.utf8.count)\r
                \r

                """
            return Array((head + form).utf8)
        }
    }
}

enum BenchFailure: Error {
    case lost(expected: Int, found: Int)
    case noServer
    case noLimit
    case noMemory
    case asksForCode
}
