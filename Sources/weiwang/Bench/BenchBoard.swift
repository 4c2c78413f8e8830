import ArgumentParser
import Catalog
import Foundation
import Insight

/// `weiwang bench board`: how fast figures are counted, beside the limit of this machine taken in the same run.
struct BenchBoard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "board", abstract: "Count a million matters by grid, state and day; a plain sum over the same bytes beside it.")

    @Option(help: "How many rows.") var rows = 1_000_000
    @Option(help: "How many runs; the best and the middle one are printed.") var runs = 15

    func run() async throws {
        guard let home = CatalogFiles.home() else { throw ValidationError("no catalog found; set WEIWANG_HOME") }
        let result = try BoardBench.run(rows: rows, runs: runs, catalog: try Catalog(home: home))
        func show(_ time: (best: Double, middle: Double)) -> String {
            String(format: "%7.2f ms best %7.2f ms middle", time.best, time.middle)
        }
        let million = Double(max(1, result.rows)) / 1_000_000
        print("rows \(result.rows), grids \(result.groups), cells (grid x state x day) \(result.cells)")
        print(
            "count by grid, state, day   \(show(result.count))  = \(String(format: "%.2f", result.count.best / million)) ms a million rows (floor 5)"
        )
        print("count with clock, categories \(show(result.full))")
        print("  of which asking \(result.shapes) shapes \(show(result.making))")
        print("plain sum, same \(result.bytes / 1_000_000) MB      \(show(result.sum))  (the limit; check \(result.check % 997))")
        if result.count.best / million > 5 { throw ExitCode(1) }
    }
}
