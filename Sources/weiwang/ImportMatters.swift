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
        guard let home = CatalogFiles.home() else { throw CatalogProblem(file: "catalog", line: 1, .noCatalog, ["home": "."]) }
        let catalog = try Catalog(home: home)
        guard let yaml = try? String(contentsOfFile: map, encoding: .utf8) else { throw ImportRefusal.fileMissing(map) }
        let map = try ImportMap(yaml: yaml, file: map, catalog: catalog)
        let badLines = bad ?? "\(place.folder)/imports/\(URL(fileURLWithPath: file).lastPathComponent).bad.csv"
        var reading = try ImportReading(file: file, map: map, badLines: badLines, strings: catalog.strings)
        let began = Date()
        var new = 0
        var progress = ProgressLine()
        while let rows = try reading.next(Self.rowsInOneWrite) {
            new += try await write(rows)
            progress.show(
                catalog.strings.text(
                    "import.progress", Terminal.language, ["percent": String(reading.percent), "count": String(reading.count)]))
        }
        progress.clear()
        try reading.finish()
        report(reading, new: new, seconds: Date().timeIntervalSince(began), catalog.strings, badLines)
    }

    /// How many of the rows are new.
    private func write(_ rows: [ImportedMatter]) async throws -> Int {
        rows.count
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
