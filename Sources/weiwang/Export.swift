import ArgumentParser
import Basics
import Foundation
import Web

/// `weiwang export …`: what goes elsewhere.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write grids or matters to a file.", subcommands: [ExportGrids.self, ExportMatters.self])
}

extension ExportFormat: ExpressibleByArgument {
    /// A path for a file in the making.
    static func scratch() -> String { NSTemporaryDirectory() + "weiwang-\(UUIDv7(at: .systemNow))" }

    /// Moves a finished file to `output`, or to standard output when none is named.
    static func deliver(_ path: String, to output: String?) throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        if let output {
            try data.write(to: URL(fileURLWithPath: output), options: .atomic)
        } else {
            try FileHandle.standardOutput.write(contentsOf: data)
        }
    }
}
