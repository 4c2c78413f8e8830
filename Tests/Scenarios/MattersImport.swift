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
                    found: try tx.searchSubjects("井盖").map { try tx.count("SELECT COUNT(*) FROM (\(sql: $0)) AS hits") }
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
}
