import Basics
import Foundation
import Logging
import ServiceLifecycle
import Store

/// Notes the head of the chain once a day outside of the database: a line in the log and one in `anchors` of the data folder. Copied
/// elsewhere, they tell a chain that was rewritten or cut.
package struct Anchors: Service {
    private let database: Database
    private let path: String
    private let time: TimeSource
    private let zone: TimeZone
    private let every: Duration
    private let logger: Logger

    package init(
        database: Database, folder: String, time: TimeSource, zone: TimeZone, every: Duration = .seconds(60), logger: Logger
    ) {
        self.database = database
        path = Self.file(in: folder)
        self.time = time
        self.zone = zone
        self.every = every
        self.logger = logger
    }

    package static func file(in folder: String) -> String { folder + "/anchors" }

    /// Heads of a file or of a text, one a line, each the last word of its line.
    package static func read(_ text: String) -> [Chain.Head] {
        text.split(whereSeparator: \.isNewline).compactMap { line in line.split(separator: " ").last.flatMap { Chain.Head($0) } }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await note() } catch is CancellationError { return } catch StoreFailure.closed { return } catch {
                    logger.error("no anchor was noted, tried again", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: every)
            }
        }
    }

    /// The first time of each day.
    package func note() async throws {
        let now = time.now
        let day = now.day(in: zone).description
        let known = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        if known.split(whereSeparator: \.isNewline).last?.hasPrefix(day) == true { return }
        let head = try await database.read { try $0.lastSeal() }
        guard head.place > 0 else { return }
        if !FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                throw CocoaError(.fileWriteUnknown)
            }
        }
        guard let file = FileHandle(forWritingAtPath: path) else { throw CocoaError(.fileWriteUnknown) }
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data("\(now.iso(in: zone)) \(head.text)\n".utf8))
        try file.synchronize()
        logger.notice("anchor", metadata: ["head": "\(head.text)"])
    }
}
