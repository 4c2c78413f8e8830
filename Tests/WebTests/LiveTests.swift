import Basics
import Foundation
import Geo
import Matters
import Posts
import Store
import Support
import Testing

@testable import Web

@Suite struct LiveTests {
    @Test("a stream outlives an absent database, and no other failure")
    func outage() async throws {
        try await withDatabase(.sqlite) { database in
            let withoutDatabase = try await Live.goesOn(database) { _ in throw StoreFailure.connection("gone") }
            let withoutSession = try await Live.goesOn(database) { _ in false }
            #expect(withoutDatabase && !withoutSession)
            await #expect(throws: StoreFailure.self) {
                _ = try await Live.goesOn(database) { _ in throw StoreFailure.statement("", state: "42P01") }
            }
        }
    }

    @Test("a stream hears what its person may see, and nobody else hears anything", arguments: Backend.all)
    func hears(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let key = try await town.key()
            let officer = try await town.signedIn()
            #expect(try await town.client().get("/live").status == 403)
            var pieces = officer.listen().makeAsyncIterator()
            var text = ""
            while !text.contains(": open") { text += try await pieces.next() ?? ": open" }
            #expect(text.hasPrefix("status 200") && town.house.feed.count == 1)

            // A second person without any post: the stream is open, and nothing comes.
            let stranger = town.house.feed.open(PersonID(at: town.clock.now))
            let before = try await town.database.read { tx in try tx.journalEnd() }
            _ = try await town.client().post(Open311Tests.base + "/requests.json", Open311Tests.fields(key))
            var entries: [Store.Entry] = []
            while entries.isEmpty { entries = try await town.database.read { tx in try tx.entries(after: before, limit: 100) } }
            try await town.house.feed.follow(entries, from: town.database)
            while !text.contains("event: matter") { text += try await pieces.next() ?? "event: matter" }
            while !text.contains("\"number\":\"2026-1119-0001\"") { text += try await pieces.next() ?? "\"number\":\"2026-1119-0001\"" }
            #expect(text.contains("\"mark\":\"none\"") && text.contains("\"state\":\"open\"") && !text.contains("垃圾"))

            town.house.feed.close(stranger.number)
            var heard = 0
            for await _ in stranger.items { heard += 1 }
            #expect(heard == 0)

            // The stream ends with the session, at the next beat at the latest.
            try await town.database.write { tx in _ = try tx.run("DELETE FROM session") }
            for number in 1...3 { _ = town.house.feed.beat(number) }
            while let piece = try await pieces.next() { text += piece }
            #expect(text.hasSuffix("event: end\ndata: {}\n\n") && town.house.feed.count == 0)
        }
    }

    @Test(
        "ASVS-7.4.1 ASVS-14.3.1 signing out ends one's own streams at once; another's session ended elsewhere hears no event more",
        arguments: Backend.all)
    func ends(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let (leaving, staying, ended) = (try await town.signedIn(), try await town.signedIn(), try await town.signedIn())
            var streams = [leaving, staying, ended].map { ($0.listen().makeAsyncIterator(), "") }
            for index in streams.indices {
                while !streams[index].1.contains(": open") { streams[index].1 += try await streams[index].0.next() ?? ": open" }
            }
            let csrf = try await leaving.get(Paths.me).input("csrf") ?? ""
            let out = try await leaving.post("/sign-out", [("csrf", csrf)])
            #expect(out.status == 303 && out.header("clear-site-data") == "\"cache\", \"storage\"")
            while let piece = try await streams[0].0.next() { streams[0].1 += piece }
            #expect(streams[0].1.hasSuffix("event: end\ndata: {}\n\n") && town.house.feed.count == 2)

            // As another node would: this one learns of it by nothing but the table.
            let token = try #require(ended.cookies["weiwang"])
            let key = try await town.key()
            let before = try await town.database.read { tx in try tx.journalEnd() }
            try await town.database.write { tx in _ = try tx.run("DELETE FROM session WHERE digest = \(Secret.digest(token))") }
            _ = try await town.client().post(Open311Tests.base + "/requests.json", Open311Tests.fields(key))
            var entries: [Store.Entry] = []
            while entries.isEmpty { entries = try await town.database.read { tx in try tx.entries(after: before, limit: 100) } }
            try await town.house.feed.follow(entries, from: town.database)
            while let piece = try await streams[2].0.next() { streams[2].1 += piece }
            #expect(streams[2].1.contains("event: end") && !streams[2].1.contains("event: matter"))
            while !streams[1].1.contains("event: matter") { streams[1].1 += try await streams[1].0.next() ?? "event: matter" }
            #expect(streams[1].1.contains("2026-1119-0001") && !streams[1].1.contains("event: end") && town.house.feed.count == 1)
        }
    }

    @Test("who comes back reads anew; who is too slow is let go", arguments: Backend.all)
    func returns(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let officer = try await town.signedIn()
            var pieces = officer.listen(headers: [("Last-Event-ID", "0-5")]).makeAsyncIterator()
            var text = ""
            while !text.contains("event: reload") { text += try await pieces.next() ?? "event: reload" }
            #expect(text.contains("event: reload\ndata: {}"))
            let slow = town.house.feed.open(PersonID(at: town.clock.now))
            for _ in 0..<Feed.waiting { #expect(town.house.feed.beat(slow.number)) }
            #expect(!town.house.feed.beat(slow.number) && town.house.feed.count == 1)
        }
    }
}
