import Basics
import Matters
import Posts
import Store
import Support
import Testing

@Suite struct C4_Whistle {
    private func whistled(_ town: Town) async throws -> MatterID {
        let matter = try await town.report("污水井冒水", at: Town.micro).matter
        try await town.perform("林小满", "report_up", matter.id)
        try await town.perform("周禾", "report_up", matter.id)
        try await town.perform("何雨", "whistle", matter.id) { $0.units = [Town.unit("sanitation"), Town.unit("water")] }
        return matter.id
    }

    @Test("departments sign in, act and answer; both sides rate", arguments: Backend.all)
    func whole(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await whistled(town)
            let asked = try await town.parts(matter).filter { $0.ask != nil }
            #expect(asked.map(\.post) == ["sanitation", "water"].map(Town.post) && asked.map(\.lead) == [true, false])
            town.clock.advance(.minutes(12))
            try await town.perform("鲁捷", "sign_in", matter)
            try await town.perform("鲁捷", "answer", matter) { $0.words = "已疏通" }
            try await town.perform("何雨", "rate_answer", matter) { $0.rating = 5 }
            try await town.perform("鲁捷", "rate_whistle", matter) { $0.rating = 4 }
            let part = try #require(try await town.parts(matter).first { $0.post == Town.post("sanitation") })
            #expect(part.state == .done && part.takenLate == nil && part.rating == 5 && part.ratingBack == 4 && part.words == "已疏通")
            #expect(try await town.queue(.waiting, of: "何雨").count == 1)
            #expect(try await town.told(Town.post("officer")).contains("notice.matter.answer"))
        }
    }

    @Test("a department that signs in late is shown late, and the level above hears", arguments: Backend.all)
    func lateSignIn(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await whistled(town)
            town.clock.advance(.minutes(50))
            try await town.settle()
            try await town.perform("方泉", "sign_in", matter)
            let part = try #require(try await town.parts(matter).first { $0.post == Town.post("water") })
            #expect(part.takenLate == .minutes(20))
            #expect(try await town.told(Town.post("center")).contains("notice.matter.late"))
        }
    }

    @Test("a refusal with its reason is decided above the asker", arguments: Backend.all)
    func refused(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await whistled(town)
            await #expect(throws: Town.Refused(status: 422)) { try await town.perform("鲁捷", "return", matter) }
            try await town.perform("鲁捷", "return", matter) { $0.words = "不在职责清单" }
            let parts = try await town.parts(matter)
            #expect(parts.first { $0.post == Town.post("sanitation") }?.state == .returned)
            #expect(parts.last?.post == Town.post("center") && parts.last?.state == .offered)
            #expect(try await town.queue(.back, of: "苏城").count == 1)
        }
    }

    @Test("without a choice the routing table names the department", arguments: Backend.all)
    func routed(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await town.report("垃圾成堆", at: Town.micro, category: "exposed_rubbish").matter
            try await town.perform("何雨", "whistle", matter.id)
            #expect(try await town.parts(matter.id).filter { $0.ask != nil }.map(\.post) == [Town.post("sanitation")])
        }
    }
}
