import Basics
import Foundation
import Store
import Support
import Testing

@Suite struct StoreTests {
    private func entry(_ verb: String, at now: Instant = .systemNow) -> Entry {
        Entry(id: UUIDv7(at: now), at: now, actor: .system("test"), subject: "thing", subjectID: UUIDv7(at: now), verb: verb, path: .root)
    }

    @Test("values of every sort come back as they went in", arguments: Backend.all)
    func values(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let id = UUIDv7(at: .systemNow)
            let row = try await database.write { tx in
                try tx.run(
                    """
                    INSERT INTO file (digest, type, bytes, width, height, at) VALUES (\("d𬍡"), \("x'y\"z"), \(Int64.max), \(nil as Int?), \(7), \(Instant(milliseconds: -5)))
                    """)
                try tx.run("INSERT INTO search_doc (subject_id) VALUES (\(id))")
                return try tx.first("SELECT f.*, s.subject_id FROM file f, search_doc s WHERE f.bytes = \(Int64.max)") { row in
                    (
                        try row["digest"] as String, try row["type"] as String, try row["width"] as Int?, try row["height"] as Int,
                        try row["at"] as Instant, try row["subject_id"] as UUIDv7
                    )
                }
            }
            #expect(row?.0 == "d𬍡" && row?.1 == "x'y\"z" && row?.2 == nil && row?.3 == 7)
            #expect(row?.4 == Instant(milliseconds: -5))
            #expect(row?.5 == id)
        }
    }

    @Test("ASVS-2.3.3 a write that throws leaves nothing, its neighbours stay", arguments: Backend.all)
    func allOrNothing(on backend: Backend) async throws {
        struct No: Error {}
        try await withDatabase(backend) { database in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    let entry = entry("n.\(number)")
                    group.addTask {
                        try? await database.write { tx in
                            try tx.record(entry)
                            if number % 2 == 1 { throw No() }
                        }
                    }
                }
            }
            // On PostgreSQL entries are read once no older transaction of the whole cluster runs.
            var verbs: [String] = []
            for _ in 0..<200 where verbs.count < 20 {
                verbs = try await database.read { tx in try tx.entries(after: .start, limit: 100).map(\.verb) }
                if verbs.count < 20 { try await Task.sleep(for: .milliseconds(50)) }
            }
            #expect(Set(verbs) == Set(stride(from: 0, to: 40, by: 2).map { "n.\($0)" }))
        }
    }

    @Test("a dictionary of words goes in as any decoder reads it", arguments: Backend.all)
    func jsonWords(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let hard = [
                "b": "\"quoted\" \\ /slash/", "a": "line\nreturn\rtab\t\u{1}\u{1F}\u{7F}", "\"key\"": "井盖 𬍡 👩‍👩‍👧 \u{2028}", "": "",
            ]
            let text = try await database.read { tx in try tx.first("SELECT \(json: hard)") { try $0[0] as String } }
            #expect(try JSONDecoder().decode([String: String].self, from: Data((text ?? "").utf8)) == hard)
            for words in [hard, [:], ["a": "井盖 𬍡", "b": ""], ["a": ""]] {
                let back: [String: String]? = try await database.read { tx in
                    try tx.first("SELECT \(json: words) AS words") { try $0.json("words") }
                }
                #expect(back == words)
            }
            #expect(text?.hasPrefix(#"{"":"","\"key\"":"# + "\"井盖") == true, "sorted, so that the same is the same text")
        }
    }

    @Test("what lies behind a cursor is one range of an index, however long the journal", arguments: Backend.all)
    func cursorPlan(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let plan = try await database.read { tx in
                let cursor = JournalCursor(turn: 0, seq: 7)
                // A table of a few rows is read whole on PostgreSQL, unless told not to.
                if backend == .postgres {
                    _ = try tx.all("SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)") {
                        try $0[0] as String
                    }
                }
                let explain: SQL = backend == .sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN "
                let select: SQL =
                    "SELECT seq FROM entry WHERE \(sql: tx.dialect.entries(after: cursor)) ORDER BY \(sql: tx.dialect.entryOrder) LIMIT 500"
                return try tx.all(explain + select) { try $0[backend == .sqlite ? 3 : 0] as String }.joined(separator: "\n")
            }
            #expect(plan.contains(backend == .sqlite ? "PRIMARY KEY (rowid>?)" : "Index Cond: (ROW(turn, seq) >"), "\(plan)")
            #expect(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "\(plan)")
        }
    }

    @Test("the journal is read in order and none is skipped while writers run", arguments: Backend.all)
    func journalOrder(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let total = 200
            let entries = (0..<total).map { entry("e.\($0)") }
            let reader = Task {
                var seen: [UUIDv7] = []
                var cursor = JournalCursor.start
                while seen.count < total {
                    let from = cursor
                    let batch = try await database.read { try $0.entries(after: from, limit: 7) }
                    for entry in batch { seen.append(entry.id) }
                    cursor = batch.last?.cursor ?? cursor
                }
                return seen
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for entry in entries { group.addTask { try await database.write { tx in _ = try tx.record(entry) } } }
                try await group.waitForAll()
            }
            let seen = try await reader.value
            #expect(seen.count == total && Set(seen) == Set(entries.map(\.id)))
        }
    }

    @Test("SQLite's writer syncs fully: synchronous = FULL read through the writer")
    func durable() async throws {
        try await withDatabase(.sqlite) { database in
            let level = try await database.writerSynchronous()
            #expect(level == 2)
        }
    }

    @Test("a second writing process is refused by the folder's lock")
    func oneWriter() async throws {
        let scratch = try await ScratchPlace(.sqlite)
        let first = try await Database.open(scratch.place, logger: .quiet)
        await #expect(throws: StoreFailure.self) { _ = try await Database.open(scratch.place, logger: .quiet) }
        let reader = try await Database.open(scratch.place, readOnly: true, logger: .quiet)
        let entries = try await reader.read { try $0.count("SELECT COUNT(*) FROM entry") }
        #expect(entries == 0)
        await first.close()
        let again = try await Database.open(scratch.place, logger: .quiet)
        await again.close()
    }

    @Test("nodes of one PostgreSQL share the folder; whoever writes without being one waits for all to end")
    func nodes() async throws {
        guard Backend.all.contains(.postgres) else { return }
        let scratch = try await ScratchPlace(.postgres)
        await #expect { _ = try await Database.open(scratch.place, readOnly: true, logger: .quiet) } throws: {
            if case .noData? = $0 as? StoreFailure { true } else { false }
        }
        let one = try await Database.open(scratch.place, asNode: true, logger: .quiet)
        let two = try await Database.open(scratch.place, asNode: true, logger: .quiet)
        let reader = try await Database.open(scratch.place, readOnly: true, logger: .quiet)
        await reader.close()
        await one.close()
        await #expect { _ = try await Database.open(scratch.place, logger: .quiet) } throws: {
            if case .folderLocked? = $0 as? StoreFailure { true } else { false }
        }
        await two.close()
        let alone = try await Database.open(scratch.place, logger: .quiet)
        await #expect(throws: StoreFailure.self) { _ = try await Database.open(scratch.place, asNode: true, logger: .quiet) }
        await alone.close()
    }

    @Test("a database on PostgreSQL has one folder of files: a node with another one is refused, whoever only reads is not")
    func oneFolder() async throws {
        guard Backend.all.contains(.postgres) else { return }
        let (scratch, other) = (try await ScratchPlace(.postgres), try await ScratchPlace(.sqlite))
        guard case .postgres(let url, let folder) = scratch.place else { return }
        let elsewhere = DatabasePlace.postgres(url: url, folder: other.folder)
        // Two that begin at once agree.
        async let first = Database.open(scratch.place, asNode: true, logger: .quiet)
        async let second = Database.open(scratch.place, asNode: true, logger: .quiet)
        for node in try await [first, second] { await node.close() }
        for asNode in [true, false] {
            await #expect { _ = try await Database.open(elsewhere, asNode: asNode, logger: .quiet) } throws: {
                if case .otherFolder? = $0 as? StoreFailure { true } else { false }
            }
        }
        await (try Database.open(elsewhere, readOnly: true, logger: .quiet)).close()
        // The folder as a whole may move.
        try FileManager.default.removeItem(atPath: other.folder + "/files")
        try FileManager.default.copyItem(atPath: folder + "/files", toPath: other.folder + "/files")
        await (try Database.open(elsewhere, asNode: true, logger: .quiet)).close()
    }

    @Test("Chinese words of two and four characters are found, others not", arguments: Backend.all)
    func search(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let (a, b) = (UUIDv7(at: .systemNow), UUIDv7(at: .systemNow))
            try await database.write { tx in
                try tx.index(SearchDocument(a, text: "槐荫路污水井盖破损 12号楼", marks: [.land(Path("0000000a000b"))]))
                let words = (["文汇路井水外溢 Lamp broken"] + SearchText.initials("丹亭小区 4 号楼")).joined(separator: " ")
                try tx.index(SearchDocument(b, text: words, marks: [.land(Path("0000000a")), .land(Path("0000000c")), .person(a)]))
            }
            func found(_ words: String, _ marks: SearchMarks? = nil) async throws -> Set<UUIDv7> {
                try await database.read { tx in
                    guard let query = tx.search(words, marked: marks)?.subjects else { return [] }
                    return Set(try tx.all(query) { try $0["subject_id"] as UUIDv7 })
                }
            }
            #expect(try await found("井盖") == [a])
            #expect(try await found("井盖破损") == [a])
            #expect(try await found("盖井") == [])
            #expect(try await found("lamp 外溢") == [b])
            #expect(try await found("12号楼") == [a])
            #expect(try await found("dtxq") == [b])
            #expect(try await found("dt") == [b])
            #expect(try await found("xq") == [b])
            // The last word may still be on its way.
            #expect(try await found("井") == [a, b])
            #expect(try await found("路井水 la") == [b])
            #expect(try await found("la 路井水") == [])
            #expect(try await found("路污' OR 'x") == [])
            #expect(try await found("\"") == [])
            // Each below its own land and those above it, and by its people; marks are no words.
            func below(_ paths: String...) -> SearchMarks { SearchMarks(with: Set(paths.map { .land(Path($0)) })) }
            #expect(try await found("井", below("0000000a")) == [a, b])
            #expect(try await found("井", below("0000000a000b")) == [a])
            #expect(try await found("井", below("0000000a000b", "0000000c")) == [a, b])
            #expect(try await found("井盖", below("0000000c")) == [])
            #expect(try await found("井", SearchMarks(with: [.land(Path("0000000d")), .person(a)])) == [b])
            let newest = try await database.read { tx in
                try [false, true].map { areRare in
                    let hits = try #require(
                        tx.search("井", marked: SearchMarks(with: [.land(Path("0000000a")), .category("gas_leak")], areRare: areRare)))
                    return try tx.all(
                        "SELECT d.subject_id FROM \(sql: hits.from) WHERE \(sql: hits.holds) ORDER BY \(sql: hits.newestFirst)"
                    ) {
                        try $0["subject_id"] as UUIDv7
                    }
                }
            }
            #expect(newest == [[b, a], [b, a]])
            #expect(try await found("0000000a") == [])
            #expect(try await found("\u{E000}0000000a") == [])
        }
    }

    @Test("running numbers are unique under many askers", arguments: Backend.all)
    func numbers(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let numbers = try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<60 { group.addTask { try await database.number("m") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(numbers).count == 60 && numbers.allSatisfy { $0 > 0 })
        }
    }

    @Test("a timer rings once", arguments: Backend.all)
    func timers(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let subject = UUIDv7(at: .systemNow)
            let timer = DueTimer(
                id: UUIDv7(at: .systemNow), at: Instant(milliseconds: 1000), sort: "a.b", subject: subject, detail: ["k": "v"])
            try await database.write { tx in
                try tx.schedule(timer)
                try tx.schedule(timer)
            }
            database.rehearseWrites(false)
            let first = try await database.write { try $0.takeDueTimers(at: Instant(milliseconds: 1000), limit: 10).map(\.detail) }
            let second = try await database.write { try $0.takeDueTimers(at: Instant(milliseconds: 5000), limit: 10).count }
            #expect(first == [["k": "v"]] && second == 0)
        }
    }
}
