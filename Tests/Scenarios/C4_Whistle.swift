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

    @Test("a whistle is called back from the toast while nobody has signed in: the department sees it withdrawn", arguments: Backend.all)
    func calledBack(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let matter = try await town.report("垃圾成堆", at: Town.micro, category: "exposed_rubbish").matter
            for name in ["林小满", "周禾"] { try await town.perform(name, "report_up", matter.id) }
            let officer = try await town.browser("何雨")
            func post(_ browser: WebClient, _ verb: String, _ name: String) async throws -> WebClient.Answer {
                try await browser.post(
                    "/desk/matters/\(matter.id)/acts/\(verb)",
                    [("csrf", Town.csrf(name)), ("act", UUIDv7(at: .systemNow).description)])
            }
            let whistled = try await post(officer, "whistle", "何雨")
            #expect(try await officer.open(whistled.location).links.contains("/desk/matters/\(matter.id)/acts/recall"))
            #expect(try await town.queue(.toTake, of: "鲁捷").count == 1)
            town.clock.advance(.minutes(10))
            #expect(try await post(officer, "recall", "何雨").status == 303)
            #expect(try await town.queue(.toTake, of: "鲁捷").isEmpty)
            #expect(try await town.told(Town.post("sanitation")).last == "notice.matter.recall")
            let clerk = try await town.browser("鲁捷")
            #expect(try await clerk.get("/desk/matters/\(matter.id)").text.contains("已撤回"))
            #expect(try await post(clerk, "sign_in", "鲁捷").status == 409)
            // Its limit no longer runs: nobody is told that a department is late.
            town.clock.advance(.hours(1))
            #expect(try await !town.told(Town.post("officer")).contains("notice.matter.late"))
            // Nobody signed in, but the time for it is over; then one who did.
            _ = try await post(officer, "whistle", "何雨")
            town.clock.advance(.hours(3))
            #expect(try await post(officer, "recall", "何雨").status == 422)
            _ = try await post(clerk, "sign_in", "鲁捷")
            #expect(try await post(officer, "recall", "何雨").status == 409)
            #expect(try await town.verbs().filter { $0 == "matter.recall" }.count == 1)
        }
    }
}
