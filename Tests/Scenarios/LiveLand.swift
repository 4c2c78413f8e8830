import Matters
import Posts
import Store
import Support
import Testing
@testable import Web

@testable import weiwang

/// `/live` for people of different land: each hears what is his to see, and nothing of the others'.
@Suite struct LiveLand {
    @Test("each person hears of his own land only", arguments: Backend.all)
    func ownLand(on backend: Backend) async throws {
        try await inTown(backend) { town in
            var texts: [String: String] = [:]
            var streams: [String: AsyncThrowingStream<String, any Error>.Iterator] = [:]
            for name in ["何雨", "柳青", "方泉", "安平"] {
                var stream = try await town.browser(name).listen().makeAsyncIterator()
                var text = ""
                while !text.contains(": open") { text += try await stream.next() ?? ": open" }
                (streams[name], texts[name]) = (stream, text)
            }
            let near = try await town.report("路灯不亮", at: Town.micro).matter
            let far = try await town.report("路灯不亮", at: Town.otherSubdistrict).matter
            try await town.settle()
            // Each stream ends with its session, so that all it ever said is there to be read.
            try await town.engines.database.write { tx in _ = try tx.run("DELETE FROM session") }
            for name in streams.keys {
                while town.house.feed.count > 0, let piece = try await streams[name]?.next() {
                    texts[name, default: ""] += piece
                    for number in 1...8 { _ = town.house.feed.beat(number) }
                }
                while let piece = try await streams[name]?.next() { texts[name, default: ""] += piece }
            }
            func hears(_ name: String, _ number: String) -> Bool { texts[name]?.contains(number) ?? false }
            #expect(hears("何雨", near.number) && !hears("何雨", far.number))
            #expect(hears("柳青", far.number) && !hears("柳青", near.number))
            for name in ["方泉", "安平"] {
                #expect(!hears(name, near.number) && !hears(name, far.number) && !hears(name, "event: matter"), "\(name)")
            }
            for (name, text) in texts { #expect(text.hasSuffix("event: end\ndata: {}\n\n") && !text.contains("路灯"), "\(name)") }
        }
    }
}
