import Basics
import Matters
import Posts
import Store
import Support
import Testing

@Suite struct C11_Answered {
    @Test("the reporter hears at each step, confirms and rates; only then it counts as solved", arguments: Backend.all)
    func confirmed(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("路灯不亮", at: Town.micro)
            try await town.perform("林小满", "accept", opened.matter.id)
            try await town.perform("林小满", "finish", opened.matter.id)
            var matter = try await town.matter(opened.matter.id)
            #expect(matter.state == .done && matter.confirmed == nil)
            try await town.perform(reporter: opened.report, "confirm", matter.id)
            try await town.perform(reporter: opened.report, "rate", matter.id) { $0.rating = 5 }
            matter = try await town.matter(opened.matter.id)
            #expect(matter.state == .closed && matter.confirmed == .yes && matter.outcome == .solved)
            #expect(try await town.told(opened.report) == ["notice.matter.opened", "notice.matter.accept", "notice.matter.finish"])
        }
    }

    @Test("not fixed reopens; the third time the level above has it", arguments: Backend.all)
    func notFixed(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("路灯不亮", at: Town.micro)
            for round in 1...3 {
                try await town.perform(round < 3 ? "林小满" : "林小满", "finish", opened.matter.id)
                try await town.perform(reporter: opened.report, "not_fixed", opened.matter.id) { $0.words = "还是不亮" }
                #expect(try await town.matter(opened.matter.id).reopened == round)
            }
            #expect(try await town.parts(opened.matter.id).last?.post == Town.post("worker"))
        }
    }

    @Test("no word in seven days closes it, unconfirmed", arguments: Backend.all)
    func silent(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("路灯不亮", at: Town.micro)
            try await town.perform("林小满", "finish", opened.matter.id)
            town.clock.advance(.days(8))
            try await town.settle()
            let matter = try await town.matter(opened.matter.id)
            #expect(matter.state == .closed && matter.confirmed == nil)
            #expect(try await town.told(opened.report).last == "notice.matter.closed_unconfirmed")
        }
    }

    @Test("a question pauses the limit until the reporter replies", arguments: Backend.all)
    func asked(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("路灯不亮", at: Town.micro, category: "exposed_rubbish")
            let before = try #require(try await town.matter(opened.matter.id).dueAt)
            try await town.perform("林小满", "accept", opened.matter.id)
            try await town.perform("林小满", "ask_reporter", opened.matter.id) { $0.words = "是哪一盏？" }
            town.clock.advance(.days(3))
            try await town.settle()
            #expect(try await town.told(Town.post("leader")).contains("notice.matter.late") == false)
            try await town.perform(reporter: opened.report, "reply", opened.matter.id) { $0.words = "东门第二盏" }
            let after = try #require(try await town.matter(opened.matter.id).dueAt)
            #expect(after > before)
            #expect(try await town.told(opened.report).contains("notice.matter.ask_reporter"))
        }
    }

    @Test("closed and not solved is said as such and never counts as solved", arguments: Backend.all)
    func closedNotSolved(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("路灯不亮", at: Town.micro)
            await #expect(throws: Town.Refused(status: 422)) { try await town.perform("何雨", "close", opened.matter.id) }
            try await town.perform("何雨", "close", opened.matter.id) {
                $0.words = "产权不明，已转告业委会"; $0.outcome = "not_ours"
            }
            let matter = try await town.matter(opened.matter.id)
            #expect(matter.state == .closed && matter.outcome == .notOurs)
            #expect(try await town.told(opened.report).last == "notice.matter.close")
        }
    }
}
