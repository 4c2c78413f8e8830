import Basics
import Foundation
import Logging
import Testing
package import Store

/// The two databases every scenario runs on.
package enum Backend: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite, postgres

    /// Both; only SQLite when `WEIWANG_TEST_POSTGRES` is not set (`make test` sets it and compares the counts).
    package static let all: [Backend] =
        ProcessInfo.processInfo.environment["WEIWANG_TEST_POSTGRES"] == nil ? [.sqlite] : [.sqlite, .postgres]

    package var testDescription: String { rawValue }
}

/// A place for data of its own, removed when the last reference goes.
package final class ScratchPlace: Sendable {
    package let place: DatabasePlace
    package let folder: String

    package init(_ backend: Backend) async throws {
        folder = NSTemporaryDirectory() + "weiwang-test-\(UUIDv7(at: .systemNow))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        switch backend {
        case .sqlite: place = .folder(folder)
        case .postgres:
            let base = ProcessInfo.processInfo.environment["WEIWANG_TEST_POSTGRES"] ?? ""
            let schema = "t" + UUIDv7(at: .systemNow).description.replacing("-", with: "")
            try Scratch.makeSchema(schema, url: base)
            place = .postgres(url: base + (base.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(schema)", folder: folder)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

/// Lets only so many through at once: Swift Testing starts every test at the same time, and each has a server and connections of its own.
package actor Turnstile {
    package static let shared = Turnstile(places: 4)

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) { self.places = places }

    private func enter() async {
        guard places == 0 else { places -= 1; return }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
    }

    package nonisolated func pass<T>(_ body: () async throws -> T) async rethrows -> T {
        await enter()
        do {
            let result = try await body()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }
}

/// Opens a fresh database, rehearses every write, and closes it in the end.
package func withDatabase<T>(_ backend: Backend, _ body: (Database) async throws -> T) async throws -> T {
    try await Turnstile.shared.pass { try await withDatabaseInside(backend, body) }
}

private func withDatabaseInside<T>(_ backend: Backend, _ body: (Database) async throws -> T) async throws -> T {
    let scratch = try await ScratchPlace(backend)
    let database = try await Database.open(scratch.place, logger: .quiet)
    database.rehearseWrites(true)
    do {
        let result = try await body(database)
        await database.close()
        return result
    } catch {
        await database.close()
        throw error
    }
}

extension Logger {
    /// Only what is critical: a test that provokes failures should not fill the page.
    package static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}
