import ArgumentParser
import Basics
import Catalog
import Foundation
import Geo
import Matters
import Store

/// `weiwang import matters FILE --map MAP`: any city's 311 export.
///
/// May be stopped and begun again: what is already here is passed over.
struct ImportMatters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matters", abstract: "Take over another system's matters from a CSV file (examples/boston311.yaml shows a map).")

    @Argument(help: "CSV file.") var file: String
    @Option(help: "How to read it: columns, time zone, categories, states.") var map: String
    @Option(help: "Where bad lines go with their reasons (default: DIR/imports/FILE.bad.csv).") var bad: String?
    @Flag(help: "Read and report, write nothing.") var dryRun = false
    @OptionGroup var data: DataOptions

    /// Rows of one write: few enough that others get their turn between.
    static let rowsInOneWrite = 1000

    func run() async throws {
        let place = try data.place()
        guard dryRun else { return try await Engines.with(place) { try await run(in: place.folder, $0.catalog.current, $0) } }
        guard let home = CatalogFiles.home() else { throw CatalogProblem(file: "catalog", line: 1, .noCatalog, ["home": "."]) }
        try await run(in: place.folder, Catalog(home: home), nil)
    }

    /// - Parameter engines: nil only reads.
    func run(in folder: String, _ catalog: Catalog, _ engines: Engines?) async throws {
        guard let yaml = try? String(contentsOfFile: map, encoding: .utf8) else { throw ImportRefusal.fileMissing(map) }
        let map = try ImportMap(yaml: yaml, file: map, catalog: catalog)
        let badLines = bad ?? "\(folder)/imports/\(URL(fileURLWithPath: file).lastPathComponent).bad.csv"
        var reading = try ImportReading(file: file, map: map, badLines: badLines, strings: catalog.strings)
        let began = Date()
        var new = 0
        var merges: [Merge] = []
        var progress = ProgressLine()
        while let rows = try reading.next(Self.rowsInOneWrite) {
            new += try await engines?.add(rows) ?? rows.count
            merges += rows.compactMap { row in row.mergedInto.map { Merge(number: row.sourceNumber, into: $0) } }
            progress.show(
                catalog.strings.text(
                    "import.progress", Terminal.language, ["percent": String(reading.percent), "count": String(reading.count)]))
        }
        // What repeats another line may stand before it, so all lines come first.
        for start in stride(from: 0, to: merges.count, by: Self.rowsInOneWrite) {
            try await engines?.merge(Array(merges[start...].prefix(Self.rowsInOneWrite)), source: map.source)
        }
        progress.clear()
        try reading.finish()
        report(reading, new: new, seconds: Date().timeIntervalSince(began), catalog.strings, badLines)
    }

    private func report(_ reading: ImportReading, new: Int, seconds: Double, _ strings: Strings, _ badLines: String) {
        func say(_ key: String, _ values: [String: String]) { Terminal.say(strings.text(key, Terminal.language, values)) }
        say(
            "import.result",
            [
                "new": String(new), "known": String(reading.count - new), "bad": String(reading.bad),
                "seconds": String(format: "%.1f", seconds),
            ])
        if reading.bad > 0 { say("import.bad_lines", ["file": badLines]) }
        for (point, lines) in reading.lines.withoutPlace().prefix(3) {
            say("import.without_place", ["count": String(lines), "lon": String(point.lon), "lat": String(point.lat)])
        }
        for (point, lines) in reading.lines.piles() {
            let percent = String(format: "%.1f", 100 * Double(lines) / Double(max(1, reading.count)))
            say("import.pile", ["count": String(lines), "percent": percent, "lon": String(point.lon), "lat": String(point.lat)])
        }
        for (name, count) in reading.lines.unknownCategories.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(10) {
            say("import.unknown_category", ["name": name, "count": String(count)])
        }
    }
}

/// A line that only repeats another.
private struct Merge: Sendable {
    let number, into: String
}

extension Engines {
    /// How many of the rows are new.
    fileprivate func add(_ rows: [ImportedMatter]) async throws -> Int {
        let (matters, now) = (matters, time.now)
        return try await database.write { tx in try matters.importMatters(rows, at: now, in: tx) }
    }

    fileprivate func merge(_ merges: [Merge], source: String) async throws {
        let (matters, now) = (matters, time.now)
        try await database.write { tx in
            try matters.mergeImported(merges.map { ($0.number, $0.into) }, source: source, at: now, in: tx)
        }
    }
}
