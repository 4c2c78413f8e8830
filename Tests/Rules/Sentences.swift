import Basics
import Catalog
import Foundation
import Testing

/// Every sentence a person reads stands in `strings/`, in both languages.
@Suite struct Sentences {
    static let loaded = Result { try Catalog(home: Tree.root) }
    private var strings: Strings { get throws { try Self.loaded.get().strings } }

    @Test("both languages, with the same parameters")
    func complete() throws {
        let strings = try strings
        #expect(strings.keys.count > 500)
        // The month is a number in the one language and a name in the other; both are given.
        let apart = ["time.date", "time.date.year"]
        #expect(
            strings.missing.filter { !apart.contains($0.key) }.map {
                "\($0.key) \($0.language.rawValue) \($0.parameters.joined(separator: ","))"
            } == [])
    }

    @Test("what templates name is there, and they hold no sentence of their own")
    func templates() throws {
        let strings = try strings
        for file in try Tree.files("templates", ".mustache") {
            for match in file.text.matches(of: #/\{\{\{?\s*[#^\/&]?\s*t\.([A-Za-z0-9_.]+)/#) {
                #expect(strings.has(String(match.1)), "\(file.path) says \(match.1)")
            }
            #expect(file.text.firstMatch(of: #/\p{Script=Han}/#) == nil, "\(file.path)")
            var bare = file.text
            // Areas like {{$area}}portal{{/area}} are names for the style sheet.
            for pattern in [#/\{\{!.*?\}\}/#, #/\{\{\$area\}\}[\w ]+/#, #/\{\{\{?.*?\}?\}\}/#, #/<!--.*?-->/#, #/<[^>]*>/#, #/&\w+;/#]
                as [Regex<Substring>]
            {
                bare = bare.replacing(pattern.dotMatchesNewlines(), with: " ")
            }
            let words = bare.matches(of: #/[A-Za-z]{2,}/#).map { String($0.output) }.filter {
                !["Esc", "Enter", "CSV", "Excel"].contains($0)
            }
            #expect(words == [], "\(file.path)")
        }
    }

    @Test("what pages and commands say by name is there")
    func said() throws {
        let strings = try strings
        for file in try Tree.sources() {
            func expect(_ key: Substring) { #expect(strings.has(String(key)), "\(file.path) says \(key)") }
            for match in file.text.matches(of: #/\bsay\(\s*"([a-z0-9_]+\.[a-zA-Z0-9_.]+)"/#) where file.target == "Web" { expect(match.1) }
            for match in file.text.matches(of: #/\b[a-zA-Z]*Key: "([a-z_]+\.[a-z0-9_.]+)"/#) where file.target == "Web" { expect(match.1) }
            for match in file.text.matches(of: #/PlainRefusal\(\s*"([a-zA-Z0-9_.]+)"/#) { expect("refusal.\(match.1)") }
        }
    }

    @Test("every refusal has its sentence")
    func refusals() throws {
        let strings = try strings
        var kinds = 0
        for file in try Tree.sources() {
            for start in file.text.ranges(of: #/enum \w+Refusal\b[^{]*\bRefusal\b/#) {
                kinds += 1
                let rest = file.text[start.upperBound...]
                let body = rest[..<(rest.firstRange(of: "\n}")?.upperBound ?? rest.endIndex)]
                // From `var key` to what follows it: the literals there are keys, or a prefix and names.
                guard let at = body.firstRange(of: "var key: String") else { Issue.record("\(file.path): no key"); continue }
                let tail = body[at.lowerBound...]
                let end = tail.firstRange(of: #/\n *package var (?:values|sort)\b/#)?.lowerBound ?? tail.endIndex
                let literals = Literals.of(String(tail[..<end])).map(\.text).filter { !$0.contains("\\(") }
                let prefix = literals.first { $0.hasSuffix(".") } ?? ""
                var keys = literals.filter { !$0.hasSuffix(".") }.map { $0.contains(".") ? $0 : prefix + $0 }
                if tail[..<end].contains("rawValue"), keys.isEmpty {
                    let cases = body[..<at.lowerBound].matches(of: #/case ([\w, ]+)/#).flatMap { $0.1.split(separator: ",") }
                    keys = cases.map { prefix + $0.filter { $0 != " " } }
                }
                #expect(!keys.isEmpty, "\(file.path)")
                for key in keys { #expect(strings.has("refusal." + key), "refusal.\(key), from \(file.path)") }
            }
        }
        #expect(kinds >= 7)
        for key in ["reason", "words", "other", "rating", "milestones"] { #expect(strings.has("refusal.matter.missing_" + key)) }
    }

    /// Chinese text that is no sentence of the platform's, with what it is.
    static let otherChinese = [
        "Sources/Demo/": "names of invented streets, compounds and communities",
        "Sources/Grids/Import+Fields.swift": "names of columns in other people's files",
        "Sources/weiwang/Bench/BenchIntake.swift": "words of made-up reports",
        "Sources/weiwang/Bench/BenchLive.swift": "words of made-up reports",
        "Sources/weiwang/Bench/BenchRead.swift": "words to search for",
        "Sources/weiwang/Bench/CityPages.swift": "words to search for",
    ]

    @Test("no Chinese text in code")
    func noneInCode() throws {
        for file in try Tree.sources() where !Self.otherChinese.keys.contains(where: file.path.hasPrefix) {
            for literal in Literals.of(file.text) {
                #expect(literal.text.firstMatch(of: #/\p{Script=Han}/#) == nil, "\(file.path):\(literal.line) \(literal.text.prefix(40))")
            }
        }
        for file in try Tree.files("assets", ".js", ".css") {
            let code = file.text.replacing(#/\/\*.*?\*\//#.dotMatchesNewlines(), with: "").replacing(#/(?m)^\s*\/\/.*$/#, with: "")
            #expect(code.firstMatch(of: #/\p{Script=Han}/#) == nil, "\(file.path)")
        }
    }
}
