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
        commandName: "grids", abstract: "Take over boundaries: GeoJSON, Shapefile, GeoPackage, KML, each also zipped.",
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
        if let encoding, TextEncoding(named: encoding) == nil { throw ValidationError("--encoding is gbk or utf-8") }
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
        let place = try data.place()
        do {
            // A rehearsal writes nothing, so it may run beside a server.
            try await Engines.with(place, readOnly: dryRun) { try await run(on: $0) }
        } catch StoreFailure.noData where dryRun {
            try await Engines.with(place) { try await run(on: $0) }
        }
    }

    private func run(on engines: Engines) async throws {
        let strings = engines.catalog.current.strings
        func say(_ key: String, _ values: [String: String] = [:]) {
            Terminal.say(strings.text("land." + key, Terminal.language, values))
        }
        var progress = ProgressLine()
        progress.show(strings.text("land.progress.opening", Terminal.language, ["file": file]))
        let boundaries = try BoundaryFile(path: file, encoding: encoding.flatMap { TextEncoding(named: $0) })
        let grids = engines.grids
        let now = engines.time.now
        let plan = try wanted.plan(boundaries.features, on: grids.land, levels: grids.levels, today: grids.today, at: now) { step in
            progress.show(strings.text("land.progress." + step, Terminal.language, ["file": file]))
        }
        progress.clear()
        for notice in boundaries.notices + plan.notices { say("notice." + notice.key, notice.values) }
        for finding in FindingText.ordered(plan.findings) { Terminal.say(FindingText(strings).line(finding)) }
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
        "\(finding.id)  \(finding.words(strings, Terminal.language))  [\(strings.text(finding.stateKey, Terminal.language))]"
    }

    /// What is dealt with first, so that what is open stands last, next to what is said about it.
    static func ordered(_ findings: [LandFinding]) -> [LandFinding] {
        findings.filter(\.isRepaired) + findings.filter { !$0.isRepaired && $0.isAccepted } + findings.filter(\.refuses)
    }

    static func counts(_ findings: [LandFinding]) -> [String: String] {
        [
            "count": String(findings.count), "repaired": String(findings.count(where: \.isRepaired)),
            "accepted": String(findings.count { !$0.isRepaired && $0.isAccepted }), "open": String(findings.count(where: \.refuses)),
        ]
    }
}
