import Basics
import Geo
import Matters
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

@Suite struct C15_Repeats {
    @Test("many reporters of one matter are all answered", arguments: Backend.all)
    func joined(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let first = try await town.report("井盖破了", at: Town.micro)
            let second = try await town.report("", at: Town.micro, join: first.matter.id)
            #expect(second.joined && second.matter.id == first.matter.id && second.matter.reporters == 2)
            try await town.perform("林小满", "finish", first.matter.id)
            #expect(try await town.told(first.report).last == "notice.matter.finish")
            #expect(try await town.told(second.report) == ["notice.matter.joined", "notice.matter.finish"])
        }
    }

    @Test("merged and un-merged in any order, every reporter is where he began", arguments: Backend.all)
    func anyOrder(on backend: Backend) async throws {
        try await inTown(backend) { town in
            var opened: [Opened] = []
            for number in 0..<5 { opened.append(try await town.report("垃圾成堆 \(number)", at: Town.micro)) }
            var random = SystemRandomNumberGenerator()
            for _ in 0..<12 {
                let a = opened.randomElement(using: &random)!, b = opened.randomElement(using: &random)!
                _ = try? await town.perform("何雨", "merge", a.matter.id) { $0.other = b.matter.id }
                if Bool.random(using: &random) {
                    _ = try? await town.perform("何雨", "unmerge", opened.randomElement(using: &random)!.matter.id)
                }
                let reporters = try await town.matters().reduce(0) { $0 + $1.reporters }
                #expect(reporters == 5)
            }
            for one in opened where try await town.matter(one.matter.id).state == .merged {
                try await town.perform("何雨", "unmerge", one.matter.id)
            }
            let engine = town.engines.matters
            for one in opened {
                let report = try await town.engines.database.read { try engine.report(one.report, in: $0) }
                #expect(report?.matter == one.matter.id)
                #expect(try await town.matter(one.matter.id).reporters == 1)
            }
        }
    }

    @Test("open matters nearby are offered as the same one, nearest and likest first", arguments: Backend.all)
    func twins(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let near = try await town.report("井盖破了", at: Town.micro, category: "sewage_cover")
            _ = try await town.report("别处的井盖", at: Town.otherSubdistrict, category: "sewage_cover")
            let engine = town.engines.matters
            let twins = try await town.engines.database.read {
                try engine.twins(
                    near: .init(lon: Town.micro.lon + 0.0002, lat: Town.micro.lat), category: "sewage_cover", publicOnly: true, in: $0)
            }
            #expect(twins.map(\.matter.id) == [near.matter.id])
            #expect(twins.first.map { $0.meters < 30 } ?? false)
        }
    }

    @Test("the reporter of a merged matter reads under which number it goes on; his own still opens it", arguments: Backend.all)
    func mergedPage(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let first = try await town.report("井盖破了", at: Town.micro)
            let second = try await town.report("井盖又破了", at: Town.micro)
            try await town.perform("何雨", "merge", second.matter.id) { $0.other = first.matter.id }
            let page = try await town.browser().get(try await town.link(of: second.report)).text
            #expect(page.contains("您报的 \(second.matter.number) 和 \(first.matter.number) 是同一件"))
            let other = try await town.browser().get(try await town.link(of: first.report)).text
            #expect(!other.contains(second.matter.number) && other.contains("另有 1 人也报了"))
            let found = try await town.browser().post(
                "/find", [("number", second.matter.number), ("code", second.queryCode)],
                headers: [("Origin", town.house.settings.publicURL)])
            #expect(found.status == 303)
        }
    }

    @Test("strangers nearby see a photo only after somebody has taken the matter up", arguments: Backend.all)
    func photoNotYet(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("井盖破了", at: Town.micro)
            let digest = String(repeating: "a", count: 64)
            try await town.engines.database.write { tx in
                try tx.run(
                    "INSERT INTO file (digest, small, type, bytes, width, height, at) VALUES (\(digest), NULL, 'image/jpeg', 1, 1, 1, \(opened.matter.openedAt))"
                )
                try tx.run(
                    """
                    INSERT INTO photo (id, matter_id, report_id, role, digest, state, at) VALUES (\(PhotoID(Town.id("photo"))), \(opened.matter.id),
                        \(opened.report), 'before', \(digest), 'here', \(opened.matter.openedAt))
                    """)
            }
            let (browser, engine, now) = (try await town.browser(), town.engines.matters, town.clock.time.now)
            let near = "/report/nearby?lon=\(Town.micro.lon)&lat=\(Town.micro.lat)&placed=tap"
            func seen() async throws -> [Bool] {
                let page = try await browser.get(near).text
                return [
                    page.contains("是，一起跟进"), page.contains("/photos/\(digest)"),
                    try await town.engines.database.read { try engine.photoIsVisible(digest, to: .stranger, at: now, in: $0) },
                ]
            }
            #expect(try await seen() == [true, false, false])
            try await town.perform("林小满", "accept", opened.matter.id)
            #expect(try await seen() == [true, true, true])
        }
    }
}
