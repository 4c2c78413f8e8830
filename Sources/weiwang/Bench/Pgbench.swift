import Basics
import Foundation
import Store

/// The limit of intake on PostgreSQL: `pgbench` writes the rows of one report again and again, with no server of ours between.
struct Pgbench {
    /// As many rows of each table as one report has.
    let rows: String
    private let script: String

    /// What a report is made of, and whose it is.
    private static let tables: [(name: String, condition: SQL)] = [
        ("matter", "id = (SELECT id FROM last)"), ("report", "matter_id = (SELECT id FROM last)"),
        ("part", "matter_id = (SELECT id FROM last)"), ("clock", "matter_id = (SELECT id FROM last)"),
        ("timer", "subject_id IN (SELECT id FROM own)"), ("entry", "subject_id IN (SELECT id FROM own)"),
        ("pass", "subject_id IN (SELECT id FROM own)"), ("search_doc", "subject_id = (SELECT id FROM last)"),
        ("search_text", "doc = (SELECT doc FROM search_doc WHERE subject_id = (SELECT id FROM last))"),
    ]
    private static let own: SQL = """
        WITH last AS (SELECT id FROM matter ORDER BY opened_at DESC, id DESC LIMIT 1),
        own AS (
            SELECT id FROM last UNION ALL SELECT id FROM report WHERE matter_id = (SELECT id FROM last)
            UNION ALL SELECT id FROM part WHERE matter_id = (SELECT id FROM last)
            UNION ALL SELECT id FROM clock WHERE matter_id = (SELECT id FROM last)
        )
        """
    /// Given by the database.
    private static let given: Set<String> = ["seq", "turn"]

    /// Reads what the newest report left.
    init(_ database: Database) async throws {
        let found = try await database.read { tx in
            try Self.tables.map { table in
                let select = SQL(
                    stringLiteral: table.name == "search_text" ? "SELECT doc, CAST(body AS text) AS body FROM " : "SELECT * FROM ")
                return try tx.all(Self.own + select + SQL(stringLiteral: table.name + " WHERE ") + table.condition) {
                    ($0.names, $0.values)
                }
            }
        }
        var (ids, counts, statements): (Set<SQLValue>, [String], [String]) = ([], [], [])
        for (names, values) in found.joined() {
            for (name, value) in zip(names, values) where name == "id" { ids.insert(value) }
        }
        for (table, rows) in zip(Self.tables, found) where !rows.isEmpty {
            counts.append("\(table.name) \(rows.count)")
            for (names, values) in rows {
                let columns = zip(names, values).filter { !Self.given.contains($0.0) }
                let list = columns.map(\.0).joined(separator: ", ")
                let texts = columns.map { Self.text(table.name, $0.0, $0.1, new: ids) }.joined(separator: ", ")
                statements.append("INSERT INTO \(table.name) (\(list)) VALUES (\(texts))")
            }
        }
        rows = counts.joined(separator: ", ")
        // Numbers that grow for all clients together, as ours do.
        let begin = ["\\set n :n + 1", "\\set r (:n * 4096 + :client_id) * 65536"]
        script = (begin + (["BEGIN"] + statements + ["COMMIT"]).map { $0 + ";" }).joined(separator: "\n") + "\n"
    }

    /// - Parameter count: how many reports, of all clients. NB: not seconds, whose alarm a process started from here does not hear.
    /// - Returns: reports a second; nil where there is no pgbench.
    func run(_ url: String, clients: Int, count: Int) throws -> Double? {
        let file = NSTemporaryDirectory() + "weiwang-pgbench-\(UUIDv7(at: .systemNow)).sql"
        try script.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let pgbench = Process()
        pgbench.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let start = UInt64(Date().timeIntervalSince1970) % 1_000_000 * 1000
        pgbench.arguments = [
            "pgbench", "-n", "-M", "prepared", "-c", "\(clients)", "-j", "2", "-t", "\(max(10, count / clients))", "-D", "n=\(start)", "-f",
            file, url,
        ]
        let said = Pipe()
        pgbench.standardOutput = said
        try pgbench.run()
        let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        pgbench.waitUntilExit()
        if pgbench.terminationStatus == 127 { return nil }
        guard pgbench.terminationStatus == 0, let line = text.split(separator: "\n").first(where: { $0.hasPrefix("tps = ") }),
            let rate = Double(line.split(separator: " ")[2])
        else { throw BenchFailure.noLimit }
        return rate
    }

    private static func text(_ table: String, _ column: String, _ value: SQLValue, new: Set<SQLValue>) -> String {
        let turn = "lpad(to_hex(CAST(:r AS bigint)), 16, '0')"
        if new.contains(value), case .id(let id) = value {
            return "CAST(\(turn) || '\(id.description.filter { $0 != "-" }.suffix(16))' AS uuid)"
        }
        if column == "digest" { return "decode(lpad(\(turn), 64, '0'), 'hex')" }
        if column == "doc" { return table == "search_doc" ? "nextval('search_doc_doc_seq')" : "currval('search_doc_doc_seq')" }
        switch value {
        case .null: return "NULL"
        case .int(let number): return String(number)
        case .double(let number): return String(number)
        case .bool(let flag): return flag ? "true" : "false"
        case .id(let id): return "'\(id)'"
        case .bytes(let bytes): return "decode('\(Secret.hex(bytes))', 'hex')"
        case .text(let words): return literal(words) + (["number", "source_number"].contains(column) ? " || \(turn)" : "")
        }
    }

    /// NB: pgbench takes what follows a colon for one of its variables, also within quotes.
    private static func literal(_ words: String) -> String {
        let signs = ["\\": "\\\\", "'": "''", ":": "\\003A", "\n": "\\000A"]
        return "U&'" + words.map { signs[String($0)] ?? String($0) }.joined() + "'"
    }
}
