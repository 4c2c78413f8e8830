import Basics
import Foundation
import Support
import Testing

@testable import Web

@Suite(.serialized) struct CommandTests {
    @Test("while the board loads, the pages say that they are counting")
    func counting() async throws {
        try await withWeb(.sqlite) { town in
            let client = try await town.signedIn()
            for path in ["/command", "/command/list"] {
                let page = try await client.get(path)
                #expect(page.status == 200 && page.text.contains("正在计数"), "\(path)")
            }
            #expect(try await client.get("/command/table.csv").status == 409)
        }
    }

    @Test("days in the address: one end is a day, ends turn round, the future is today")
    func days() throws {
        let today = try #require(Day("2026-11-20"))
        func ask(_ query: String) -> CommandAsk { CommandAsk(Form(URLEncoded.pairs(query)), today: today) }
        #expect(ask("").query().isEmpty && ask("").isToday && !ask("").isPast)
        #expect(ask("to=2026-11-18").query() == "from=2026-11-18&to=2026-11-18" && ask("to=2026-11-18").isPast)
        #expect(ask("from=2026-11-19&to=2026-11-01").query() == ask("from=2026-11-01&to=2026-11-19").query())
        #expect(ask("from=2027-01-01").query().isEmpty && ask("from=2026-02-30").query().isEmpty)
        #expect(ask("net=that_day").query() == "net=that_day" && ask("net=other").query().isEmpty)
    }

    @Test("only a list of the operations center is led back to")
    func back() {
        #expect(Paths.commandBack("/command/list?measure=a&did=x") == "/command/list?measure=a")
        for other in [
            "", "/desk", "//evil.example/command/list?a=b", "https://evil.example", "/command/list", "/command/listing?x=1", "/command?x=1",
        ] {
            #expect(Paths.commandBack(other) == nil, "\(other)")
        }
    }
}
