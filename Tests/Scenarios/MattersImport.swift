import ArgumentParser
import Basics
import Catalog
import Foundation
import Store
import Support
import Testing

@testable import weiwang

/// Another system's matters come in once, however often the file is read; they tell nobody, and what is still open gets a post and a limit.
@Suite struct MattersImport {
    private static let map = """
        source: oldtown
        zone: Asia/Shanghai
        columns: {number: id, opened: opened, closed: closed, longitude: x, latitude: y, words: words, state: state, merged_into: repeats}
        states: {open: {state: open}, shut: {state: closed, outcome: solved}}
        """
    private static let csv = """
        id,opened,closed,x,y,words,state,repeats
        1,2024-03-01 08:00,2024-03-02 09:00,113.6,34.7,井盖破损,shut,
        2,2024-03-01 09:00,,113.6,34.7,"还是那个井盖, 没人修",open,
        3,2024-03-01 10:00,2024-03-02 09:00,113.6,34.7,同一个井盖,shut,2
        4,2024-03-32 10:00,,113.6,34.7,没有这一天,open,
        5,2024-03-01 10:00,,113.6,34.7,"引号没有结束,open,
        6,2024-03-01 11:00,,,,没有坐标 🚰,open,
        2,2024-03-01 09:00,,113.6,34.7,又一次,open,
        """

    @Test(arguments: Backend.all)
    func comesInOnce(on backend: Backend) async throws {
        let scratch = try await ScratchPlace(backend)
        let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        let file = scratch.folder + "/export.csv"
        let map = scratch.folder + "/map.yaml"
        try Self.csv.write(toFile: file, atomically: true, encoding: .utf8)
        try Self.map.write(toFile: map, atomically: true, encoding: .utf8)
        let engines = try await Engines.open(scratch.place, home: home, logger: .quiet)
        engines.database.rehearseWrites(true)
        let command = try #require(try ImportMatters.parseAsRoot([file, "--map", map]) as? ImportMatters)

        for _ in 1...2 {
            try await command.run(in: scratch.folder, engines.catalog.current, engines)
            let now = engines.time.now
            let found = try await engines.database.read { tx in
                (
                    states: try tx.all("SELECT state || ' ' || words FROM matter ORDER BY number") { try $0[0] as String },
                    reporters: try tx.all("SELECT reporters FROM matter ORDER BY number") { try $0[0] as Int },
                    reports: try tx.count("SELECT COUNT(*) FROM report"),
                    entries: try tx.count("SELECT COUNT(*) FROM entry WHERE verb = 'matter.imported'"),
                    parts: try tx.count("SELECT COUNT(*) FROM part WHERE state = 'offered'"),
                    past: try tx.count("SELECT COUNT(*) FROM timer WHERE due_at <= \(now)"),
                    told: try tx.count("SELECT COUNT(*) FROM inbox") + tx.count("SELECT COUNT(*) FROM outbox"),
                    found: try tx.search("井盖").map { try tx.count("SELECT COUNT(*) FROM (\(sql: $0.subjects)) AS hits") }
                )
            }
            #expect(found.states == ["closed 井盖破损", "open 还是那个井盖, 没人修", "merged 同一个井盖", "open 没有坐标 🚰"])
            #expect(found.reporters == [1, 2, 0, 1])
            #expect(found.reports == 4 && found.entries == 4)
            #expect(found.parts == 2, "whoever answers at the root has what is open")
            #expect(found.past == 0 && found.told == 0)
            #expect(found.found == 3)
        }
        let bad = try String(contentsOfFile: scratch.folder + "/imports/export.csv.bad.csv", encoding: .utf8).split(separator: "\r\n")
        #expect(bad.count == 3)
        #expect(bad[1].hasPrefix("5,") && bad[1].hasSuffix("4,2024-03-32 10:00,,113.6,34.7,没有这一天,open,"))
        #expect(bad[2].hasPrefix("6,"))
        await engines.database.close()
    }

    @Test("a later export that says otherwise of a known number, one in GBK, a number of a kilometre, a folder", arguments: Backend.all)
    func later(on backend: Backend) async throws {
        let scratch = try await ScratchPlace(backend)
        let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        let map = scratch.folder + "/map.yaml"
        try (Self.map.replacing("words: words", with: "words: 描述")).write(toFile: map, atomically: true, encoding: .utf8)
        let engines = try await Engines.open(scratch.place, home: home, logger: .quiet)
        func take(_ name: String, _ bytes: Data?) async throws -> [String] {
            let file = scratch.folder + "/" + name
            try bytes?.write(to: URL(fileURLWithPath: file))
            let command = try #require(try ImportMatters.parseAsRoot([file, "--map", map]) as? ImportMatters)
            try await command.run(in: scratch.folder, engines.catalog.current, engines)
            return try await engines.database.read {
                try $0.all("SELECT number || ' ' || words FROM matter ORDER BY number") { try $0[0] as String }
            }
        }
        let head = "id,opened,closed,x,y,描述,state,repeats\n"
        let first = head + "1,2024-03-01 08:00,,113.6,34.7,井盖破损,open,\n"
        #expect(try await take("first.csv", Data(first.utf8)) == ["oldtown-1 井盖破损"])
        let moved =
            head + "1,2024-03-01 07:00,,113.6,34.7,改过的时间,open,\n\(String(repeating: "9", count: 3000)),2024-03-01 07:00,,,,太长,open,\n"
        #expect(try await take("moved.csv", Data(moved.utf8)) == ["oldtown-1 井盖破损"])
        let bad = try String(contentsOfFile: scratch.folder + "/imports/moved.csv.bad.csv", encoding: .utf8)
        #expect(bad.contains("\r\n3,"))
        let gbk = try #require(
            (head + "2,2024-03-01 09:00,,,,路灯不亮，整条街,shut,\r\n3,2024-03-01 09:00,,,,树倒了,shut,").data(
                using: String.Encoding(rawValue: 0x8000_0632)))
        #expect(try await take("gbk.csv", gbk) == ["oldtown-1 井盖破损", "oldtown-2 路灯不亮，整条街", "oldtown-3 树倒了"])
        // One line of another encoding costs itself only.
        let mixed =
            Data((head + "4,2024-03-01 09:00,,,,").utf8) + Data([0xE9, 0xE9]) + Data(",shut,\n5,2024-03-01 09:00,,,,雨水井堵了,shut,\n".utf8)
        #expect(try await take("mixed.csv", mixed).last == "oldtown-5 雨水井堵了")
        await #expect(throws: (any Error).self) { _ = try await take("", nil) }
        await engines.database.close()
    }
}
