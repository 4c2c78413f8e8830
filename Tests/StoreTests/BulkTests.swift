import Basics
import Support
import Testing

@testable import Store

/// Many rows at once: what goes in comes out, what is wrong is refused, and no index is lost.
@Suite struct BulkTests {
    private static let hard = ["", "\\N", "\\.", "a\tb\nc\r\\d", "\"x'y\",;", "\u{1}\u{7F}\u{2028}", "井盖 𬍡 👩‍👩‍👧", "NULL"]

    private static func id(_ number: Int) -> UUIDv7 { UUIDv7(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number)) }

    private static func records(_ numbers: Range<Int>) -> BulkRows {
        var rows = BulkRows(
            "record", "id", "register", "name", "fields", "lon", "lat", "cell", "shape", "path_now", "confirmed_at", "from_day", "to_day")
        for number in numbers {
            let bytes: [UInt8]? = number % 3 == 0 ? nil : [0, 9, 10, 92, 255, UInt8(number % 256)]
            rows.add(
                id(number), "lamp", hard[number % hard.count], "{}", number % 2 == 0 ? nil : -0.1 / Double(number), 1e-300,
                number % 5 == 0 ? nil : Int64.min + Int64(number), bytes, Path.root, nil as Instant?, Day.beginning, Day.end)
        }
        return rows
    }

    @Test("values of every sort come back as they went in, however many", arguments: Backend.all)
    func values(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let rows = Self.records(1..<3001)
            try await database.write { tx in
                try tx.insert(rows)
                var units = BulkRows("unit", "id", "code", "name", "class", "inside", "from_day", "to_day")
                units.add(Self.id(1), nil as String?, "a\0b", "office", true, Day.beginning, Day.end)
                units.add(Self.id(2), "2", "c", "office", false, Day.beginning, Day.end)
                try tx.insert(units)
                try tx.insert(BulkRows("record", "id"))
            }
            let (values, units) = try await database.read { tx in
                let columns = rows.columns
                return (
                    try tx.all(SQL(stringLiteral: "SELECT \(columns.joined(separator: ", ")) FROM record ORDER BY id")) { $0.values },
                    try tx.all("SELECT name, inside FROM unit WHERE class = 'office' ORDER BY id") {
                        (try $0["name"] as String, try $0["inside"] as Bool)
                    }
                )
            }
            #expect(values.count == 3000 && Array(values.joined()) == rows.values)
            #expect(units.map(\.1) == [true, false])
            #expect(units.map(\.0) == [backend == .sqlite ? "a\0b" : "a b", "c"], "PostgreSQL keeps no NUL")
        }
    }

    @Test("a row that may not be is refused, and none of its neighbours stays", arguments: Backend.all)
    func refused(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            for (number, state) in [(7, "23505"), (5000, "23502")] {
                var rows = Self.records(1..<6000)
                rows = rows.changed { row in
                    if row[row.startIndex] == .id(Self.id(number)) {
                        if state == "23505" { row[row.startIndex] = .id(Self.id(6)) } else { row[row.startIndex + 2] = .null }
                    }
                    return true
                }
                let wrong = rows
                await #expect {
                    try await database.write { tx in
                        try tx.insert(Self.records(6000..<6010))
                        try tx.insert(wrong)
                    }
                } throws: { error in
                    if case StoreFailure.statement(_, let found) = error { found == state } else { backend == .sqlite }
                }
                let kept = try await database.read { try $0.count("SELECT COUNT(*) FROM record") }
                #expect(kept == 0)
            }
        }
    }

    @Test("words that came in bulk are found as others are", arguments: Backend.all)
    func words(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            try await database.write { tx in try tx.index(SearchDocument(Self.id(0), text: "槐荫路 路灯不亮 12号楼")) }
            for round in 0..<2 {
                let texts = (1..<2500).map {
                    SearchDocument(
                        Self.id(round * 5000 + $0), text: $0 % 2 == 0 ? "槐荫路\t路灯不亮 \\ \($0)" : "垃圾清运 \($0)",
                        marks: [.land(Path(round == 0 ? "00000001" : "00000002"))])
                }
                try await database.write { tx in
                    try tx.index(texts)
                    try tx.index([SearchDocument(Self.id(round * 5000 + 3000), text: "文汇路 井水外溢")])
                }
            }
            // Kept once more, for others.
            try await database.write { tx in
                try tx.index(
                    try tx.indexedTexts().map { $0.of(Self.id(Int($0.subject.low & 0xFFFF) + 20_000), marks: [.land(Path("00000003"))]) })
            }
            func found(_ words: String, below path: String? = nil) async throws -> Int {
                let marks = path.map { SearchMarks(with: [.land(Path($0))]) }
                return try await database.read { tx in
                    guard let query = tx.search(words, marked: marks)?.subjects else { return 0 }
                    return Set(try tx.all(query) { try $0["subject_id"] as UUIDv7 }).count
                }
            }
            for (words, count) in [("路灯不亮", 2 * (1 + 2 * 1249)), ("垃圾清运 2001", 4), ("井水", 4), ("污水", 0)] {
                let number = try await found(words)
                #expect(number == count, "\(words)")
            }
            // Each by the land of its own, not of the one it was copied from.
            for (path, count) in [("00000001", 1249), ("00000002", 1249), ("00000003", 2 * 1249 + 1)] {
                let number = try await found("路灯不亮", below: path)
                #expect(number == count, "\(path)")
            }
        }
    }

    @Test("a fill leaves every key and index as it was, and is refused whole when a key does not hold", arguments: Backend.all)
    func fill(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            func indexes() async throws -> [String] {
                try await database.read { tx in
                    switch tx.dialect {
                    case .sqlite: try tx.all("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1") { try $0[0] as String }
                    case .postgres:
                        try tx.all(
                            """
                            SELECT indexdef AS line FROM pg_indexes WHERE schemaname = current_schema()
                            UNION ALL SELECT CAST(CAST(conrelid AS regclass) AS text) || conname || pg_get_constraintdef(oid) FROM pg_constraint
                            WHERE connamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) ORDER BY 1
                            """
                        ) { try $0[0] as String }
                    }
                }
            }
            let before = try await indexes()
            try await database.fill((0..<4).map { step in { tx in try tx.insert(Self.records(step * 100..<step * 100 + 100)) } })
            let after = try await indexes()
            #expect(after == before && before.count > 30)
            await #expect(throws: (any Error).self) { try await database.fill([{ tx in try tx.insert(Self.records(399..<410)) }]) }
            let (undone, kept) = (try await indexes(), try await database.read { try $0.count("SELECT COUNT(*) FROM record") })
            #expect(undone == before && kept == 400)
            await #expect(throws: (any Error).self) { try await database.write { tx in try tx.insert(Self.records(399..<400)) } }
        }
    }
}
