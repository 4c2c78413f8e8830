import ArgumentParser
import Basics
import Catalog
import Foundation
import Geo
import Grids
import Store

extension ChineseDatum: ExpressibleByArgument {}

/// `weiwang import grids FILE --level L`: a level's boundaries from any file that GDAL knows, checked and mended.
struct ImportGrids: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grids", abstract: "Take over boundaries: GeoJSON, Shapefile (also zipped), GeoPackage, KML.",
        discussion: """
            Same code, same grid: what is there is changed, the rest is added. Every gap, overlap, sliver, invalid ring and duplicate is named; \
            slivers are repaired, anything larger refuses the import unless it is accepted. All or nothing.
            """)

    @Argument(help: "The file.") var file: String
    @Option(help: "Level of the grids: an id of catalog/levels.yaml.") var level: String
    @Option(help: "Code of the grid that all hang under.") var parent: String?
    @Option(help: "Property that holds the code of each one's parent.") var parentField: String?
    @Option(help: "Property that holds the code.") var code: String?
    @Option(help: "Property that holds the name.") var name: String?
    @Option(help: "Day from which the set holds (2026-11-21); else the first set has no beginning, a later one begins today.") var from:
        String?
    @Flag(help: "End the grids of this level under the same parents that the file lacks.") var replace = false
    @Option(help: "System of the coordinates: wgs84, gcj02 or bd09.") var coordinates: ChineseDatum = .wgs84
    @Option(help: "Encoding of texts, where the file does not say it: gbk.") var encoding: String?
    @Option(help: "Metres up to which gaps and overlaps are slivers and repaired; 0 for none.") var tolerance = 5.0
    @Option(name: .long, parsing: .upToNextOption, help: "Findings to accept: all, a sort (gap), or numbers (gap-2).") var accept:
        [String] = []
    @Flag(help: "Check, report and draw the findings; write nothing.") var dryRun = false
    @OptionGroup var data: DataOptions

    func validate() throws {
        if parent != nil, parentField != nil { throw ValidationError("--parent or --parent-field, not both") }
        if let from, Day(from) == nil { throw ValidationError("--from is a day like 2026-11-21") }
        if !(tolerance >= 0 && tolerance.isFinite) { throw ValidationError("--tolerance is a number of metres, 0 or more") }
    }

    private var wanted: LandImport {
        var wanted = LandImport(level: level)
        wanted.parent = parent.map { .code($0) } ?? parentField.map { .field($0) } ?? .found
        wanted.codeField = code
        wanted.nameField = name
        wanted.from = from.flatMap { Day($0) }
        wanted.replace = replace
        wanted.datum = coordinates
        wanted.tolerance = tolerance
        wanted.accept = Set(accept.flatMap { $0.split(separator: ",") }.map { String($0) })
        return wanted
    }

    func run() async throws {
        try await Engines.with(data.place()) { engines in
            let strings = engines.catalog.current.strings
            func say(_ key: String, _ values: [String: String] = [:]) {
                Terminal.say(strings.text("land." + key, Terminal.language, values))
            }
            var progress = ProgressLine()
            progress.show(strings.text("land.progress.opening", Terminal.language, ["file": file]))
            let boundaries = try BoundaryFile(path: file, encoding: encoding)
            let grids = engines.grids
            let now = engines.time.now
            let plan = try wanted.plan(boundaries.features, on: grids.land, levels: grids.levels, today: grids.today, at: now) { step in
                progress.show(strings.text("land.progress." + step, Terminal.language, ["file": file]))
            }
            progress.clear()
            if let guessed = boundaries.guessedEncoding { say("notice.encoding", ["encoding": guessed]) }
            for notice in plan.notices { say("notice." + notice.key, notice.values) }
            for finding in plan.findings { Terminal.say(FindingText(strings).line(finding)) }
            if !plan.findings.isEmpty { say("summary", FindingText.counts(plan.findings)) }
            let counts = [
                "total": String(plan.total), "made": String(plan.made), "changed": String(plan.changed), "ended": String(plan.ended),
                "unchanged": String(plan.unchanged),
            ]
            if dryRun {
                say("drawn", ["file": try draw(plan)])
                say(plan.isRefused ? "would_refuse" : "would_import", counts)
                return
            }
            if !plan.isRefused { progress.show(strings.text("land.progress.writing", Terminal.language, ["file": file])) }
            try await engines.database.write { tx in
                try grids.apply(plan, by: .system("import"), at: now, in: tx)
            }
            progress.clear()
            say(plan.changesNothing ? "nothing_changed" : "imported", counts)
        }
    }

    private func draw(_ plan: LandPlan) throws -> String {
        let folder = try data.place().folder + "/imports"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = "\(folder)/\(URL(fileURLWithPath: file).lastPathComponent).findings.svg"
        try LandDrawing(plan).svg.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}

/// A finding as a line for a person.
struct FindingText {
    let strings: Strings

    init(_ strings: Strings) { self.strings = strings }

    func line(_ finding: LandFinding) -> String {
        func text(_ key: String, _ values: [String: String] = [:]) -> String { strings.text("land." + key, Terminal.language, values) }
        let place = finding.place.map { String(format: "%.6f,%.6f", $0.lon, $0.lat) } ?? "-"
        let codes = finding.codes.prefix(8).joined(separator: ", ") + (finding.codes.count > 8 ? ", …" : "")
        // What a sliver was, a gap or an overlap, is in its detail.
        let key = finding.sort == .sliver ? "sliver_" + finding.detail : finding.sort.rawValue
        let what = text(
            "finding." + key,
            [
                "codes": codes.isEmpty ? "-" : codes, "place": place, "area": Self.short(finding.area), "width": Self.short(finding.width),
                "length": Self.short(finding.length), "detail": finding.detail,
            ])
        return "\(finding.id)  \(what)  [\(text(finding.isRepaired ? "repaired" : finding.isAccepted ? "accepted" : "open"))]"
    }

    private static func short(_ value: Double) -> String {
        value >= 100 ? String(Int(value.rounded())) : String(format: value < 0.1 ? "%.3f" : value < 1 ? "%.2f" : "%.1f", value)
    }

    static func counts(_ findings: [LandFinding]) -> [String: String] {
        [
            "count": String(findings.count), "repaired": String(findings.count(where: \.isRepaired)),
            "accepted": String(findings.count { !$0.isRepaired && $0.isAccepted }), "open": String(findings.count(where: \.refuses)),
        ]
    }
}
