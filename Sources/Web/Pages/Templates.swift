import Basics
import Foundation
import Mustache

/// A page's view: a flat dictionary, because swift-mustache reads structs through `Mirror`, many times slower.
package typealias View = [String: any Sendable]

/// All templates, compiled once for each language: `{{t.key}}` is replaced by its sentence before compiling, so that a page costs no
/// look-ups and a missing sentence is found at start.
package struct Templates: Sendable {
    package struct Missing: Error, CustomStringConvertible {
        package let keys: [String]
        package var description: String { "templates name sentences that strings/ does not have: \(keys.joined(separator: ", "))" }
    }

    private let libraries: [Language: MustacheLibrary]
    package let names: Set<String>

    /// - Parameter folder: `templates/`; a template's name is its path in it without `.mustache`.
    package init(folder: String, wording: Wording) throws {
        var sources: [String: String] = [:]
        let root = URL(fileURLWithPath: folder, isDirectory: true)
        for path in (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []) where path.hasSuffix(".mustache") {
            sources[String(path.dropLast(9))] = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
        }
        try self.init(sources: sources, wording: wording)
    }

    package init(sources: [String: String], wording: Wording) throws {
        MustacheContentTypes.register(Markup(), named: Markup.name)
        var missing = Set<String>()
        var libraries: [Language: MustacheLibrary] = [:]
        for language in Language.allCases {
            var library = MustacheLibrary()
            for (name, source) in sources {
                let text = source.replacing(#/\{\{t\.([A-Za-z0-9_.\-]+)\}\}/#) { match in
                    guard let sentence = wording.find(String(match.1), language, [:]) else {
                        missing.insert("\(match.1) (\(name))")
                        return ""
                    }
                    return sentence.markupEscaped
                }
                try library.register(Markup.pragma + text, named: name)
            }
            libraries[language] = library
        }
        guard missing.isEmpty else { throw Missing(keys: missing.sorted()) }
        self.libraries = libraries
        names = Set(sources.keys)
    }

    func render(_ name: String, _ view: View, in language: Language) throws -> String {
        guard let text = libraries[language]?.render(Shown(view: view), withTemplate: name) else {
            throw Missing(keys: ["template \(name)"])
        }
        return text
    }
}
