import ArgumentParser
import Basics
import Catalog
import Foundation
import Store

/// What a command says to whoever typed it.
enum Terminal {
    /// Of the surroundings: `zh…` in LC_ALL, LC_MESSAGES or LANG is Chinese, anything else English.
    static let language: Language = {
        let environment = ProcessInfo.processInfo.environment
        let name = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
        return name?.hasPrefix("zh") == true ? .chinese : .english
    }()

    /// Exit status of a command that found the folder in use by another process.
    static let folderLocked: Int32 = 3

    /// On standard output at once, also into a pipe.
    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    static func warn(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

    private static let strings = try? CatalogFiles.home().map { try Catalog(home: $0).strings }

    /// A sentence; its key and values where no catalog can be read, since data must be restored without one.
    static func text(_ key: String, _ values: [String: String] = [:]) -> String {
        strings?.text(key, language, values) ?? "\(key) \(values.sorted { $0.key < $1.key }.map(\.value).joined(separator: " "))"
    }

    private static func sentence(_ damage: Damage) -> String {
        switch damage {
        case .changed(let file): text("backup.damage.changed", ["file": file])
        case .missing(let file): text("backup.damage.missing", ["file": file])
        case .seal(let entry): text("backup.damage.seal", ["file": entry.description])
        }
    }

    /// Says what went wrong in the reader's words, and ends.
    static func end(_ error: any Error) -> Never {
        if case .damaged(let found)? = error as? BackupRefusal { for damage in found { warn(sentence(damage)) } }
        switch error {
        case let broken as CatalogBroken: for problem in broken.problems { warn(sentence(problem, strings)) }
        case let problem as CatalogProblem: warn(sentence(problem, strings))
        case let refusal as any Refusal:
            warn(strings?.text("refusal." + refusal.key, language, refusal.values) ?? "\(refusal.key) \(refusal.values)")
        case StoreFailure.folderLocked(let folder):
            warn(strings?.text("terminal.locked", language, ["folder": folder]) ?? "\(StoreFailure.folderLocked(folder))")
            exit(folderLocked)
        case StoreFailure.otherFolder(let folder): warn(text("terminal.other_folder", ["folder": folder]))
        case StoreFailure.noData(let folder):
            warn(strings?.text("terminal.no_data", language, ["folder": folder]) ?? "\(StoreFailure.noData(folder))")
        case StoreFailure.newerSchema(let name): warn(text("terminal.newer", ["name": name]))
        case StoreFailure.olderSchema(let name): warn(text("terminal.older", ["name": name]))
        case let failure as StoreFailure: warn("weiwang: \(failure)")
        case let failure as BackupFailure: warn("weiwang: \(failure)")
        default: Weiwang.exit(withError: error)
        }
        exit(1)
    }

    private static func sentence(_ problem: CatalogProblem, _ strings: Strings?) -> String {
        strings.map { problem.sentence($0, language) } ?? problem.description
    }
}

/// A line on the terminal that is written over as work goes on; nothing when the output is no terminal.
struct ProgressLine {
    private let shows = isatty(STDERR_FILENO) == 1
    private var last = Date.distantPast

    /// At most ten times a second.
    mutating func show(_ text: @autoclosure () -> String) {
        guard shows, Date().timeIntervalSince(last) > 0.1 else { return }
        last = Date()
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text())".utf8))
    }

    func clear() {
        if shows { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }
}
