import ArgumentParser
import Foundation
import Store

/// Where the data are: options that every command takes, each also as an environment variable.
struct DataOptions: ParsableArguments {
    @Option(name: .long, help: "Folder of the data, created if absent (WEIWANG_DATA).")
    var data: String?

    @Option(name: .long, help: "postgres://… for PostgreSQL; the folder then holds files only (WEIWANG_DATABASE).")
    var database: String?

    /// - Throws: `ValidationError` when no folder is named.
    func place() throws -> DatabasePlace {
        let environment = ProcessInfo.processInfo.environment
        guard let named = data ?? environment["WEIWANG_DATA"], !named.isEmpty else {
            throw ValidationError("Name the folder of the data: --data DIR (or WEIWANG_DATA).")
        }
        let folder = URL(fileURLWithPath: named).standardizedFileURL.path
        guard let url = database ?? environment["WEIWANG_DATABASE"], !url.isEmpty else { return .folder(folder) }
        return .postgres(url: url, folder: folder)
    }
}
