import Basics
import Foundation
import Geo
import Matters
import NIOCore
import NIOHTTP1
import NIOPosix
import Posts
import Store
import Support
import Testing

@testable import Web

@Suite struct LiveTests {
    /// Opens a stream as the signed-in client and hands its text out piece by piece.
    static func listen(_ client: WebClient, port: Int, headers: [(String, String)] = []) -> AsyncThrowingStream<String, any Error> {
        let cookies = client.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        return AsyncThrowingStream { continuation in
            let task = Task {
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port)
                { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(wrappingChannelSynchronously: channel)
                    }
                }
                try await channel.executeThenClose { inbound, outbound in
                    var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/live")
                    head.headers.add(name: "Host", value: "localhost")
                    head.headers.add(name: "Cookie", value: cookies)
                    for (name, value) in headers { head.headers.add(name: name, value: value) }
                    try await outbound.write(.head(head))
                    try await outbound.write(.end(nil))
                    for try await part in inbound {
                        switch part {
                        case .head(let head): continuation.yield("status \(head.status.code)\n")
                        case .body(let buffer): continuation.yield(String(buffer: buffer))
                        case .end: return continuation.finish()
                        }
                    }
                    continuation.finish()
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    @Test("a stream hears what its person may see, and nobody else hears anything", arguments: Backend.all)
    func hears(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let key = try await town.key()
            let officer = try await town.signedIn()
            #expect(try await town.client().get("/live").status == 403)
            var pieces = Self.listen(officer, port: town.port).makeAsyncIterator()
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

            // The stream ends with the session.
            let token = try #require(officer.cookies.values.first { $0.count > 20 && $0.count < 100 })
            _ = token
            try await town.database.write { tx in try tx.run("DELETE FROM session") }
            for number in 1...3 { _ = town.house.feed.beat(number) }
            while !text.contains("event: end") { text += try await pieces.next() ?? "event: end" }
            #expect(text.contains("event: end"))
        }
    }

    @Test("who comes back reads anew; who is too slow is let go", arguments: Backend.all)
    func returns(on backend: Backend) async throws {
        try await withWeb(backend) { town in
            let officer = try await town.signedIn()
            var pieces = Self.listen(officer, port: town.port, headers: [("Last-Event-ID", "0-5")]).makeAsyncIterator()
            var text = ""
            while !text.contains("event: reload") { text += try await pieces.next() ?? "event: reload" }
            #expect(text.contains("event: reload\ndata: {}"))
            let slow = town.house.feed.open(PersonID(at: town.clock.now))
            for _ in 0..<Feed.waiting { #expect(town.house.feed.beat(slow.number)) }
            #expect(!town.house.feed.beat(slow.number) && town.house.feed.count == 1)
        }
    }
}
