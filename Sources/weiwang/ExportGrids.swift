import ArgumentParser
import Basics
import Catalog
import Foundation
import Grids
import Web

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
            let path = ExportFormat.scratch()
            try GridTable.write(LandExport(engines.grids.land.on(on.flatMap { Day($0) }), level: level), as: format, to: path)
            try ExportFormat.deliver(path, to: output)
        }
    }
}
