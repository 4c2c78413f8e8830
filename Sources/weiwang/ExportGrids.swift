import ArgumentParser
import Basics
import Catalog
import Foundation
import Grids
import Insight

/// `weiwang export grids --format csv|geojson|xlsx`: the grids of a day.
struct ExportGrids: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "grids", abstract: "Write the grids of a day as CSV, GeoJSON or Excel.")

    @Option(help: "csv, geojson or xlsx.") var format: ExportFormat
    @Option(name: .shortAndLong, help: "File to write; standard output without it.") var output: String?
    @Option(help: "Only this level.") var level: String?
    @Option(help: "The day; today without it.") var on: String?
    @OptionGroup var data: DataOptions

    func validate() throws {
        if let on, Day(on) == nil { throw ValidationError("--on is a day like 2026-11-21") }
    }

    func run() async throws {
        try await Engines.with(data.place(), readOnly: true) { engines in
            if let level, !engines.grids.levels.contains(where: { $0.id == level }) {
                throw LandRefusal.unknownLevel(level, known: engines.grids.levels.map(\.id).joined(separator: ", "))
            }
            let export = LandExport(engines.grids.land.on(on.flatMap { Day($0) }), level: level)
            let rows = export.rows.map { row in
                row.map { cell -> SheetCell in
                    switch cell {
                    case .text(let text): text.isEmpty ? .empty : .text(text)
                    case .number(let number): .number(number)
                    }
                }
            }
            switch format {
            case .csv:
                try write { out in
                    out(CSVText.line(LandExport.columns))
                    for row in rows { out(CSVText.line(row)) }
                }
            case .geojson: try write { export.geojson($0) }
            case .xlsx:
                try ExportFormat.toFile(output) { path in
                    try Sheet.write(to: path, name: "grids", header: LandExport.columns) { add in for row in rows { try add(row) } }
                }
            }
        }
    }

    /// To the file, whole or not at all; else to standard output.
    private func write(_ fill: ((String) -> Void) -> Void) throws {
        var text = ""
        fill { text += $0 }
        if let output {
            try Data(text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
        } else {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        }
    }
}
