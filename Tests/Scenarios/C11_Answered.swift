import Basics
import Foundation
import Matters
import Posts
import Store
import Support
import Testing
import Web

@testable import weiwang

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

    @Test(
        "not ours is said with its reason and no question whether it is fixed; the reporter may have it taken up again",
        arguments: Backend.all)
    func plainly(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("路灯不亮", at: Town.micro)
            try await town.perform("何雨", "close", opened.matter.id) {
                $0.words = "产权不明，已转告业委会"; $0.outcome = "not_ours"
            }
            let link = try await town.link(of: opened.report)
            let page = try await town.browser().get(link).text
            #expect(page.contains("不归这里管") && page.contains("产权不明，已转告业委会") && page.contains("请重新办"))
            #expect(!page.contains("真的修好了吗") && !page.contains("/acts/confirm\"") && !page.contains("m-green"))
            try await town.perform(reporter: opened.report, "not_fixed", opened.matter.id)
            #expect(try await town.matter(opened.matter.id).state == .open)
            #expect(try await town.browser().get(link).text.contains("等leader接手"))
        }
    }

    @Test(
        "a photo that never comes: the page awaits it, after a day its reporter is told once, and it may still come", arguments: Backend.all
    )
    func photoAwaited(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("路灯不亮", at: Town.micro, photos: 1)
            let (link, browser) = (try await town.link(of: opened.report), try await town.browser())
            #expect(try await browser.get(link).text.contains("照片还没送到"))
            town.clock.advance(.hours(23))
            #expect(try await !town.told(opened.report).contains("notice.matter.photo_missing"))
            town.clock.advance(.hours(2))
            #expect(try await town.told(opened.report).filter { $0 == "notice.matter.photo_missing" }.count == 1)
            town.clock.advance(.days(2))
            #expect(try await town.told(opened.report).filter { $0 == "notice.matter.photo_missing" }.count == 1)
            #expect(try await browser.get(link).text.contains("照片一直没有传到"))
            let photo = Array(Data(base64Encoded: Self.jpeg) ?? Data())
            let sent = try await browser.upload(
                link + "/photo", [("slot", "0")], files: [("photo", "a.jpg", "image/jpeg", photo)],
                headers: [("Origin", town.house.settings.publicURL), ("Accept", "application/json")])
            #expect(sent.status == 200)
            let page = try await browser.get(link).text
            #expect(!page.contains("照片还没送到") && page.contains(link + "/photos/"))
            #expect(try await town.verbs().filter { $0.hasPrefix("matter.photo") } == ["matter.photo_missing", "matter.photo_came"])
        }
    }

    /// A 2 x 2 JPEG.
    static let jpeg =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAACAAIBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q=="

    @Test("who was called in, for when, and how far they are, stands on the reporter's page", arguments: Backend.all)
    func whistled(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("路灯不亮", at: Town.micro)
            try await town.perform("何雨", "whistle", opened.matter.id) { $0.units = [Town.unit("sanitation"), Town.unit("water")] }
            let link = try await town.link(of: opened.report)
            var page = try await town.browser().get(link).text
            #expect(page.contains("已请sanitation来办，今天 10:30 前报到") && page.contains("已请water来办"))
            try await town.perform("鲁捷", "sign_in", opened.matter.id)
            page = try await town.browser().get(link).text
            #expect(page.contains("sanitation已报到，正在办") && page.contains("已请water来办"))
        }
    }

    @Test("asked, late, long-term, void: each stands on the reporter's page in plain words", arguments: Backend.all)
    func everyStage(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let browser = try await town.browser()
            func page(_ report: ReportID) async throws -> String { try await browser.get(try await town.link(of: report)).text }

            let asked = try await town.report("路灯不亮", at: Town.micro)
            try await town.perform("林小满", "accept", asked.matter.id)
            try await town.perform("林小满", "ask_reporter", asked.matter.id) { $0.words = "是哪一盏？" }
            var text = try await page(asked.report)
            #expect(text.contains("有人问您一句话") && text.contains("是哪一盏？") && text.contains("会送到leader手里") && text.contains("/acts/reply"))

            let long = try await town.report("老旧管网要改造", at: Town.micro)
            try await town.perform("何雨", "classify", long.matter.id) { $0.class = "long_term" }
            let days = try [(2026, 12, 1), (2027, 3, 1)].map { try #require(Day(year: $0.0, month: $0.1, day: $0.2)) }
            try await town.perform("何雨", "set_milestones", long.matter.id) { $0.milestones = [("进场", days[0]), ("完工", days[1])] }
            text = try await page(long.report)
            #expect(text.contains("分几步办") && text.contains("计划 12月1日") && text.contains("计划 2027年3月1日"))

            let void = try await town.report("测试", at: Town.micro)
            try await town.engines.database.write { try $0.run("UPDATE matter SET state = 'void' WHERE id = \(void.matter.id)") }
            text = try await page(void.report)
            #expect(text.contains("已作废") && !text.contains("/acts/"))

            town.clock.advance(.days(20))
            try await town.settle()
            text = try await page(long.report)
            #expect(text.contains("计划 12月1日，还没做完"))
            let late = try await town.report("井盖破了", at: Town.micro)
            town.clock.advance(.days(20))
            try await town.settle()
            text = try await page(late.report)
            #expect(text.contains("class=\"late\"") && text.contains("上一级能看到") && text.contains("等leader接手"))
        }
    }
}
