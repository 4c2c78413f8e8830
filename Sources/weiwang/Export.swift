import ArgumentParser

/// `weiwang export …`: what goes elsewhere.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write grids or matters to a file.", subcommands: [ExportGrids.self])
}

enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    case csv, geojson, xlsx
}
