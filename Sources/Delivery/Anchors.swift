import Basics
import Foundation
import Glibc
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
        if Self.last(known).hasPrefix(day) { return }
        let head = try await database.read { try $0.lastSeal() }
        guard head.place > 0, try append("\(now.iso(in: zone)) \(head.text)\n", unless: day) else { return }
        logger.notice("anchor", metadata: ["head": "\(head.text)"])
    }

    private static func last(_ text: String) -> Substring { text.split(whereSeparator: \.isNewline).last ?? "" }

    /// - Returns: false when another node, which shares the folder, has noted this day meanwhile.
    private func append(_ line: String, unless day: String) throws -> Bool {
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard flock(descriptor, LOCK_EX) == 0 else { throw CocoaError(.fileWriteUnknown) }
        if Self.last(String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)).hasPrefix(day) { return false }
        try file.write(contentsOf: Data(line.utf8))
        try file.synchronize()
        return true
    }
}
