import Basics
import Support
import Testing

@testable import Store

/// Lists of a statement: few texts for many lengths, and the same answers.
@Suite struct ListTests {
    @Test(arguments: Backend.all)
    func everyLength(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            try await database.write { tx in
                for number in 0..<40 { try tx.run("INSERT INTO meta (key, value) VALUES (\("list \(number)"), \("\(number)"))") }
            }
            var texts: Set<String> = []
            for count in 0...40 {
                let wanted = (0..<count).map { "list \($0)" }
                let inside: SQL = "SELECT COUNT(*) FROM meta WHERE key IN (\(list: wanted))"
                texts.insert(inside.text(.sqlite))
                let outside: SQL = "SELECT COUNT(*) FROM meta WHERE key LIKE 'list %' AND key NOT IN (\(list: wanted))"
                let found = try await database.read { tx in (try tx.count(inside), try tx.count(outside)) }
                // NOT IN (NULL) is never true either.
                #expect(found == (count, count == 0 ? 0 : 40 - count), "\(count)")
            }
            // None, one to four, and 8, 16, 32, 64.
            #expect(texts.count == 9)
            #expect([5, 8, 9, 1000, 1024, 1025, 20_000].map(SQL.Interpolation.padded) == [8, 8, 16, 1024, 1024, 1025, 20_000])
        }
    }
}
