import Foundation
import Testing

/// SECURITY.md and the tests say the same.
@Suite struct SecurityTable {
    private static func tests() throws -> [Tree.File] { try Tree.files("Tests", ".swift") }

    /// Ids in names of tests → the suites that hold them.
    private static func held() throws -> [String: Set<String>] {
        var held: [String: Set<String>] = [:]
        for file in try tests() {
            let suite = String(file.path.split(separator: "/").last?.prefix { $0 != "." } ?? "")
            for test in file.text.matches(of: #/@Test\(\s*"([^"]*)"/#) {
                for id in test.1.matches(of: #/ASVS-([0-9]+\.[0-9]+\.[0-9]+)/#) { held[String(id.1), default: []].insert(suite) }
            }
        }
        return held
    }

    @Test("every row of the table has its test, and every id of a test its row")
    func asvs() throws {
        let held = try Self.held()
        var rows: [String: String] = [:]
        for row in try Tree.text("SECURITY.md").matches(of: #/\n\| ([0-9]+\.[0-9]+\.[0-9]+) \| ([^|]+) \| ([^|\n]+) \|/#) {
            let (id, suite) = (String(row.1), row.2.filter { $0 != "`" })
            #expect(rows[id] == nil, "\(id) stands twice")
            rows[id] = suite
            if suite == "—" {
                #expect(row.3.contains(":"), "\(id) says why there is no test")
            } else {
                #expect(held[id]?.contains(suite) == true, "\(id) is in no name of a test of \(suite): \(held[id] ?? [])")
            }
        }
        #expect(rows.count >= 80)
        for id in held.keys { #expect(rows[id] != nil, "\(id) of \(held[id] ?? []) is not in SECURITY.md") }
    }

    @Test("every suite that it names is there")
    func suites() throws {
        let text = try Self.tests().map(\.text).joined(separator: "\n")
        let table = try #require(try Tree.text("SECURITY.md").split(separator: "## Twenty faults").last)
        let names = table.matches(of: #/`(\w+)`/#).map { String($0.1) }
        #expect(names.count >= 20)
        for name in names { #expect(text.contains("struct \(name)"), "\(name)") }
    }
}
