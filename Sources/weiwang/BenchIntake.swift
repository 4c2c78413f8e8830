import ArgumentParser
import Basics
import Foundation
import Geo
import Logging
import Matters
import Posts
import Store

/// `weiwang bench intake`: durable reports a second (report, matter, part, clocks, search text, entries) by many callers at once,
/// beside the same reports committed one by one in the same run.
struct BenchIntake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake", abstract: "Open reports by many callers at once; one-by-one commits of the same run beside it.")

    @Option(help: "Callers at once.") var callers = 64
    @Option(help: "Seconds for each half.") var seconds = 5
    @Option(help: "Folder for the scratch data (default: a new one in the temporary folder, removed at the end).") var data: String?
    @Option(help: "postgres://… to measure PostgreSQL.") var database: String?

    func run() async throws {
        let folder = data ?? NSTemporaryDirectory() + "weiwang-bench-\(UUIDv7(at: .systemNow))"
        defer { if data == nil { try? FileManager.default.removeItem(atPath: folder) } }
        let place: DatabasePlace = database.map { .postgres(url: $0, folder: folder) } ?? .folder(folder)
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        let engines = try await Engines.open(place, logger: logger)
        let single = try await measure(engines, callers: 1)
        let many = try await measure(engines, callers: callers)
        let version = try await engines.database.version()
        let total = try await engines.database.read { try $0.count("SELECT COUNT(*) FROM matter") }
        await engines.database.close()
        guard total == single.count + many.count else { throw BenchFailure.lost(expected: single.count + many.count, found: total) }
        Terminal.say("intake on \(version), \(total) reports kept, none lost")
        Terminal.say(String(format: "one by one    %8.0f reports/s   (limit of this run)", single.perSecond))
        Terminal.say(
            String(format: "%3d at once   %8.0f reports/s   ratio %.1f", callers, many.perSecond, many.perSecond / max(1, single.perSecond))
        )
    }

    private func measure(_ engines: Engines, callers: Int) async throws -> (count: Int, perSecond: Double) {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        let began = clock.now
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var count = 0
                    while clock.now < end {
                        try await open(engines, UUIDv7(at: .systemNow), caller: caller)
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        let spent = began.duration(to: clock.now)
        return (count, Double(count) / (Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18))
    }

    private func open(_ engines: Engines, _ id: UUIDv7, caller: Int) async throws {
        let now = Instant.systemNow
        let matters = engines.matters
        var report = NewReport(
            id: ReportID(id), number: try await matters.nextNumber(at: now, from: engines.database), channel: "bench", queryCode: "000000")
        report.words = "路边垃圾没有清运 \(caller)"
        report.point = Coordinate(lon: 113.6 + Double(id.low % 1000) / 10_000, lat: 34.7 + Double(id.low / 1000 % 1000) / 10_000)
        let new = report
        try await engines.database.write { _ = try matters.open(new, act: .system("bench", id: id.derived("open"), at: now), in: $0) }
    }
}

enum BenchFailure: Error { case lost(expected: Int, found: Int) }
