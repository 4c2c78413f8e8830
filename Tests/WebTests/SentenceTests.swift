import Basics
import Catalog
import Foundation
import Testing

@testable import Web

/// Every sentence that a page names is in `strings/`, in both languages.
@Suite struct SentenceTests {
    @Test func everySentenceIsThere() throws {
        let strings = try Strings(CatalogFiles.load(home: WebTown.home))
        let folder = URL(fileURLWithPath: WebTown.home + "/Sources/Web", isDirectory: true)
        var missing: Set<String> = []
        for path in FileManager.default.enumerator(atPath: folder.path)?.compactMap({ $0 as? String }) ?? [] where path.hasSuffix(".swift")
        {
            let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
            for match in text.matches(of: #/say\(\s*"([a-z0-9_.]+)"/#) where !strings.has(String(match.1)) {
                missing.insert("\(match.1) (\(path))")
            }
            for match in text.matches(of: #/PlainRefusal\("([a-zA-Z0-9_.]+)"/#) where !strings.has("refusal.\(match.1)") {
                missing.insert("refusal.\(match.1) (\(path))")
            }
        }
        #expect(missing.sorted() == [])
        #expect(strings.missing.filter { $0.key.hasPrefix("web.") || $0.key.hasPrefix("report.") || $0.key.hasPrefix("field.") }.isEmpty)
    }

    @Test("every template compiles in both languages and names only sentences that are there")
    func templates() throws {
        let strings = try Strings(CatalogFiles.load(home: WebTown.home))
        let wording = Wording { key, language, values in strings.find(key, language, values) }
        let templates = try Templates(folder: WebTown.home + "/templates", wording: wording)
        #expect(templates.names.contains("page") && templates.names.contains("portal/report"))
        for name in templates.names {
            let text = try String(contentsOfFile: WebTown.home + "/templates/\(name).mustache", encoding: .utf8)
            #expect(!text.contains(" style=") && !text.contains("<script>") && !text.contains(" onclick"), "\(name)")
        }
    }
}
