import Basics
import Crypto
import Foundation
import Store
import Subprocess

/// Pages as PDF, made by WeasyPrint in a process of its own with limits on time and memory: one at a time, the last few kept.
actor Papers {
    private static let most = 16

    private let home: String
    private let scratch: String
    /// By the digest of the page, the oldest first.
    private var kept: [(digest: String, making: Task<[UInt8], any Error>)] = []

    /// - Parameters:
    ///   - home: the folder with `assets/`, `scripts/` and `.venv/`.
    ///   - scratch: a folder that is swept, for the page and the paper while it is made.
    init(home: String, scratch: String) {
        self.home = home
        self.scratch = scratch
    }

    /// - Parameter html: a whole page of ours; its print styles count. Whoever asks for the same page gets the same paper.
    /// - Throws: `PlainRefusal` when WeasyPrint is not set up here or failed.
    func make(_ html: String) async throws -> [UInt8] {
        let digest = Secret.hex(Array(SHA256.hash(data: Data(html.utf8))))
        if let known = kept.first(where: { $0.digest == digest }) { return try await known.making.value }
        let before = kept.last?.making
        let making = Task {
            _ = await before?.result
            return try await write(html)
        }
        kept.append((digest, making))
        if kept.count > Self.most { kept.removeFirst() }
        do {
            return try await making.value
        } catch {
            kept.removeAll { $0.digest == digest }
            throw error
        }
    }

    nonisolated private func write(_ html: String) async throws -> [UInt8] {
        let (python, script) = (home + "/.venv/bin/python3", home + "/scripts/paper.py")
        let files = FileManager.default
        guard files.isExecutableFile(atPath: python), files.fileExists(atPath: script) else { throw PlainRefusal("paper.not_here") }
        let name = scratch + "/\(UUIDv7(at: .systemNow))"
        let (page, paper) = (name + ".html", name + ".pdf")
        defer { for path in [page, paper] { try? files.removeItem(atPath: path) } }
        try files.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        try Data(Self.plain(html).utf8).write(to: URL(fileURLWithPath: page))
        let limits = ProcessLimits(seconds: 300, memory: 4000, output: 256)
        let result = try await Subprocess.run(
            .name("sh"), arguments: Arguments(limits.shell(python, [script, page, paper, home + "/assets"])),
            output: .discarded, error: .discarded)
        guard result.terminationStatus.isSuccess, let bytes = files.contents(atPath: paper), !bytes.isEmpty else {
            throw PlainRefusal("paper.failed")
        }
        return Array(bytes)
    }

    /// NB: WeasyPrint gives a picture within a page neither its styles nor its colours by name; what they fall back on are those of paper.
    static func plain(_ html: String) -> String {
        html.replacing(#/"var\(--[a-z0-9-]+,(#[0-9a-f]{3,8})\)"/#) { "\"\($0.output.1)\"" }
    }
}
