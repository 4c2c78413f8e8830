import ArgumentParser
import Basics
import Catalog
import Grids
import Matters
import Posts
import Store
import Web

/// `weiwang export matters --format csv|geojson|xlsx`: every matter, for whoever may open the data folder.
struct ExportMatters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "matters", abstract: "Write the matters as CSV, GeoJSON or Excel.")

    @Option(help: "csv, geojson or xlsx.") var format: ExportFormat
    @Option(name: .shortAndLong, help: "File to write; standard output without it.") var output: String?
    @OptionGroup var data: DataOptions

    func run() async throws {
        try await Engines.with(data.place(), readOnly: true) { engines in
            let (matters, posts, grids, now) = (engines.matters, engines.posts, engines.grids, engines.time.now)
            let current = engines.catalog.current
            let strings = current.strings
            let path = try await engines.database.read { tx -> String in
                let export = MatterTable(
                    matters: matters, book: try posts.book(in: tx), land: try grids.land(in: tx).on(),
                    say: { strings.text($0, Terminal.language) }, zone: current.platform.zone, kinds: try matters.kinds(), allWords: true)
                let path = ExportFormat.scratch()
                try export.write(MatterFilter(), for: .system("export"), at: now, as: format, to: path, in: tx)
                return path
            }
            try ExportFormat.deliver(path, to: output)
        }
    }
}
