import ArgumentParser
import Basics
import Foundation

/// `weiwang export …`: what goes elsewhere.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write grids or matters to a file.", subcommands: [ExportGrids.self])
}

enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    case csv, geojson, xlsx

    /// Lets `write` make a whole file, and moves it to `output`, or to standard output when none is named.
    static func toFile(_ output: String?, _ write: (_ path: String) throws -> Void) throws {
        let scratch = NSTemporaryDirectory() + "weiwang-\(UUIDv7(at: .systemNow))"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        try write(scratch)
        let data = try Data(contentsOf: URL(fileURLWithPath: scratch), options: .alwaysMapped)
        if let output {
            try data.write(to: URL(fileURLWithPath: output), options: .atomic)
        } else {
            try FileHandle.standardOutput.write(contentsOf: data)
        }
    }
}
