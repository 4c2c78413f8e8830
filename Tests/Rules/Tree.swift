import Foundation

/// The files of this repository, as the rules read them.
enum Tree {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path

    struct File {
        /// From the root: `Sources/Web/House.swift`.
        let path: String
        let text: String
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        /// `Web` of `Sources/Web/House.swift`.
        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    }

    /// All files below a folder whose names end so, in order.
    static func files(_ folder: String, _ ends: String...) throws -> [File] {
        let base = root + "/" + folder
        let names = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
        return try names.filter { name in ends.contains { name.hasSuffix($0) } }.sorted().map {
            File(path: folder + "/" + $0, text: try String(contentsOfFile: base + "/" + $0, encoding: .utf8))
        }
    }

    static func text(_ path: String) throws -> String { try String(contentsOfFile: root + "/" + path, encoding: .utf8) }
    static func sources() throws -> [File] { try files("Sources", ".swift") }
}
