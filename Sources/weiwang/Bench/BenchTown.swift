import ArgumentParser
import Basics
import Catalog
import Delivery
import Demo
import Foundation
import Matters
import Posts
import Store

/// The folder and database that a measurement works on: the demo's district as many times over as it takes for so many matters. Kept for
/// the next run when `--data` names it, else removed at the end.
struct BenchTown: Sendable {
    /// Demo sign-ins by role, of the first district.
    struct Person: Codable, Sendable {
        let role: String
        let name: String
        let password: String
    }

    let place: DatabasePlace
    let people: [Person]

    private static let peopleFile = "/bench.json"

    static func with(_ options: BenchTownOptions, matters: Int, _ body: (BenchTown) async throws -> Void) async throws {
        try await with(options, copies: DemoCopies(matters: matters), body)
    }

    static func with(_ options: BenchTownOptions, copies: DemoCopies, _ body: (BenchTown) async throws -> Void) async throws {
        let folder = options.data ?? NSTemporaryDirectory() + "weiwang-bench-\(UUIDv7(at: .systemNow))"
        defer { if options.data == nil { try? FileManager.default.removeItem(atPath: folder) } }
        let place: DatabasePlace = options.database.map { .postgres(url: $0, folder: folder) } ?? .folder(folder)
        try await body(BenchTown(place: place, people: try await fill(place, copies)))
    }

    private static func fill(_ place: DatabasePlace, _ copies: DemoCopies) async throws -> [Person] {
        if let known = FileManager.default.contents(atPath: place.folder + peopleFile) {
            return try JSONDecoder().decode([Person].self, from: known)
        }
        let clock = ContinuousClock()
        let began = clock.now
        let people = try await Engines.with(place) { engines in
            let filledAt = Instant(milliseconds: engines.time.now.milliseconds / 3_600_000 * 3_600_000)
            let content = try DemoContent(home: engines.home, day: filledAt.day(in: engines.catalog.current.platform.zone))
            let signIns = try await DemoFill(content, catalog: engines.catalog.current).fill(
                engines.database, filledAt: filledAt, copies: copies,
                skipping: [Notices(matters: engines.matters).name, Seal().name], cost: .light
            ) { table, rows in Terminal.warn("  \(table): \(rows)") }
            let count = try await engines.database.read { tx in
                (try tx.count("SELECT COUNT(*) FROM matter"), try tx.count("SELECT COUNT(*) FROM grid"))
            }
            let seconds = began.duration(to: clock.now) / .seconds(1)
            let size = Double(try await engines.database.size()) / 1e9
            Terminal.say(String(format: "filled: %d matters, %d grids in %.0f s, %.1f GB", count.0, count.1, seconds, size))
            return signIns.map { Person(role: $0.role, name: $0.name, password: $0.password) }
        }
        try JSONEncoder().encode(people).write(to: URL(fileURLWithPath: place.folder + peopleFile))
        return people
    }
}

/// Where a measurement keeps what it works on.
struct BenchTownOptions: ParsableArguments {
    @Option(help: "Folder for the data, kept and used again (default: a new one in the temporary folder, removed at the end).")
    var data: String?
    @Option(help: "postgres://… to measure PostgreSQL, an empty database.") var database: String?
}
