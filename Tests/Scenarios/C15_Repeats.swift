import Basics
import Geo
import Matters
import Posts
import Store
import Support
import Testing

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
}
