import Basics
import Foundation
import Grids
import Matters
import Posts
import Store
import Support
import Testing

/// The desk as its people use it: over HTTP, without JavaScript.
@Suite struct DeskWalk {
    /// A report that the leader and the worker have passed up to the community's officer.
    static func waiting(_ town: Town, _ words: String = "垃圾堆在路口，好几天没人清") async throws -> Opened {
        let opened = try await town.report(words, at: Town.micro, category: "exposed_rubbish")
        for name in ["林小满", "周禾"] { try await town.perform(name, "report_up", opened.matter.id) }
        return opened
    }

    static func path(_ id: MatterID, _ verb: String? = nil) -> String { "/desk/matters/\(id)" + (verb.map { "/acts/\($0)" } ?? "") }

    @Test(
        "an officer sees it in the queue with what the platform judged, and accepts with one press; pressed twice it is one act",
        arguments: Backend.all)
    func accept(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await Self.waiting(town)
            let id = opened.matter.id
            let officer = try await town.browser("何雨")
            let desk = try await officer.get("/desk")
            #expect(desk.status == 200)
            for words in [opened.matter.number, "exposed_rubbish", "⟦"] {
                #expect(desk.text.contains(words) == (words == opened.matter.number), "\(words)")
            }
            #expect(desk.links.contains { $0.hasPrefix(Self.path(id)) })
            let fields = [("csrf", desk.input("csrf") ?? ""), ("act", UUIDv7(at: .systemNow).description), ("list", "")]
            let first = try await officer.post(Self.path(id, "accept"), fields)
            let second = try await officer.post(Self.path(id, "accept"), fields)
            #expect(first.status == 303 && second.status == 303)
            #expect(try await town.verbs().filter { $0 == "matter.accept" }.count == 1)
            let next = try await officer.open(first.location)
            #expect(next.text.contains("class=\"toast") && next.text.contains("role=\"status\""))
            #expect(try await officer.get("/desk?tab=doing").text.contains(opened.matter.number))
        }
    }

    @Test("two departments whistled by ticks: signed in from the row, answered, rated by both", arguments: Backend.all)
    func whistle(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await Self.waiting(town).matter.id
            let officer = try await town.browser("何雨")
            let form = try await officer.get(Self.path(id, "whistle"))
            #expect(form.status == 200 && form.text.contains("type=\"checkbox\" name=\"units\""))
            // The responsible department is ticked before anybody asks for it.
            #expect(form.text.contains("value=\"\(Town.unit("sanitation"))\" checked"))
            let whistled = try await officer.post(
                Self.path(id, "whistle"),
                [
                    ("csrf", form.input("csrf") ?? ""), ("act", form.input("act") ?? ""), ("units", Town.unit("sanitation").description),
                    ("units", Town.unit("water").description), ("words", "请到场"),
                ])
            #expect(whistled.status == 303)
            let asked = try await town.parts(id).filter { $0.ask != nil }
            #expect(Set(asked.map(\.post)) == [Town.post("sanitation"), Town.post("water")])

            let clerk = try await town.browser("鲁捷")
            let queue = try await clerk.get("/desk")
            #expect(queue.text.contains("class=\"quick\""))
            let signed = try await clerk.post(
                Self.path(id, "sign_in"),
                [("csrf", queue.input("csrf") ?? ""), ("act", UUIDv7(at: .systemNow).description), ("part", queue.input("part") ?? "")])
            #expect(signed.status == 303)
            let answer = try await clerk.get(Self.path(id, "answer"))
            #expect(answer.text.contains("type=\"file\" name=\"photo\""))
            let answered = try await clerk.upload(
                Self.path(id, "answer"), [("csrf", answer.input("csrf") ?? ""), ("act", answer.input("act") ?? ""), ("words", "清完了")],
                files: [])
            #expect(answered.status == 303)

            let check = try await officer.get("/desk?tab=check")
            #expect(check.text.contains(Self.path(id)))
            let mine = try #require(try await town.parts(id).first { $0.post == Town.post("sanitation") })
            let rating = try await officer.get(Self.path(id, "rate_answer") + "?part=\(mine.id)")
            let rated = try await officer.post(
                Self.path(id, "rate_answer"),
                [("csrf", rating.input("csrf") ?? ""), ("act", rating.input("act") ?? ""), ("part", mine.id.description), ("rating", "5")])
            #expect(rated.status == 303)
            let back = try await clerk.get(Self.path(id, "rate_whistle") + "?part=\(mine.id)")
            let ratedBack = try await clerk.post(
                Self.path(id, "rate_whistle"),
                [("csrf", back.input("csrf") ?? ""), ("act", back.input("act") ?? ""), ("part", mine.id.description), ("rating", "4")])
            #expect(ratedBack.status == 303)
            let done = try #require(try await town.parts(id).first { $0.id == mine.id })
            #expect(done.rating == 5 && done.ratingBack == 4 && done.words == "清完了")
        }
    }

    @Test("the second of two officers is shown what happened, and keeps what was typed", arguments: Backend.all)
    func race(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await Self.waiting(town).matter.id
            let officer = try await town.browser("何雨")
            let form = try await officer.get(Self.path(id, "return"))
            try await town.perform("何雨", "close", id) { $0.words = "重复" }
            let late = try await officer.post(
                Self.path(id, "return"), [("csrf", form.input("csrf") ?? ""), ("act", form.input("act") ?? ""), ("words", "不在我们这边")])
            #expect(late.status == 409)
            #expect(late.text.contains("say bad") && late.text.contains("不在我们这边"))
        }
    }

    @Test("what is missing is asked for, in the form with what was typed", arguments: Backend.all)
    func missing(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await Self.waiting(town).matter.id
            let officer = try await town.browser("何雨")
            let form = try await officer.get(Self.path(id, "set_milestones"))
            let half = try await officer.post(
                Self.path(id, "set_milestones"),
                [("csrf", form.input("csrf") ?? ""), ("act", form.input("act") ?? ""), ("milestone_name", "立项"), ("milestone_day", "")])
            #expect(half.status == 422)
            #expect(half.text.contains("立项") && half.input("act") == form.input("act"))
            let unknown = try await officer.post(
                Self.path(id, "merge"), [("csrf", form.input("csrf") ?? ""), ("number", "2020-0101-0001")])
            #expect(unknown.status == 404)
        }
    }

    @Test("merged by a tick, and taken apart again from the toast", arguments: Backend.all)
    func merge(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let one = try await Self.waiting(town).matter.id
            let two = try await Self.waiting(town, "路口的垃圾还在").matter.id
            let officer = try await town.browser("何雨")
            let page = try await officer.get(Self.path(two))
            #expect(page.links.contains { $0.hasPrefix(Self.path(two, "merge")) && $0.contains(one.description) })
            let merged = try await officer.post(
                Self.path(two, "merge"),
                [
                    ("csrf", page.input("csrf") ?? ""), ("act", UUIDv7(at: .systemNow).description), ("other", one.description),
                    ("list", "tab=to_take"),
                ])
            #expect(merged.status == 303)
            #expect(try await town.matter(two).mergedInto == one)
            let toast = try await officer.open(merged.location)
            #expect(toast.links.contains(Self.path(two, "unmerge")))
            let apart = try await officer.post(
                Self.path(two, "unmerge"), [("csrf", toast.input("csrf") ?? ""), ("act", UUIDv7(at: .systemNow).description)])
            #expect(apart.status == 303)
            #expect(try await town.matter(two).state == .open)
        }
    }

    @Test("a matter of another land is not there; a resident is led to the sign-in", arguments: Backend.all)
    func scope(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await Self.waiting(town).matter.id
            let other = try await town.browser("白桦")
            #expect(try await other.get(Self.path(id)).status == 404)
            #expect(try await other.get(Self.path(id, "whistle")).status == 404)
            let csrf = try await other.get("/desk/new").input("csrf") ?? ""
            #expect(try await other.post(Self.path(id, "accept"), [("csrf", csrf)]).status == 404)
            let stranger = try await town.browser()
            #expect(try await stranger.get("/desk").location.hasPrefix("/sign-in"))
            #expect(try await town.browser("安平").get("/desk").status == 403)
        }
    }

    @Test("a caller's report: a sentence and a tap on the map, number and code to read out", arguments: Backend.all)
    func caller(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let officer = try await town.browser("何雨")
            let form = try await officer.get("/desk/new")
            #expect(form.status == 200)
            func fields(_ page: WebClient.Answer, _ more: [(String, String)]) -> [(String, String)] {
                ["csrf", "id", "lon", "lat", "view", "named"].map { ($0, page.input($0) ?? "") } + more
            }
            let tapped = try await officer.post(
                "/desk/new", fields(form, [("tap.x", "320"), ("tap.y", "120"), ("words", "路灯三盏不亮"), ("phone", "13800000000")]))
            #expect(tapped.status == 200 && tapped.text.contains("路灯三盏不亮") && tapped.input("phone") == "13800000000")
            #expect(tapped.input("id") == form.input("id") && tapped.input("lon") != "")
            let sent = try await officer.post("/desk/new", fields(tapped, [("words", "路灯三盏不亮"), ("phone", "13800000000"), ("send", "1")]))
            #expect(sent.status == 303)
            let matter = try #require(try await town.matters().first)
            #expect(matter.channel == "desk")
            let taken = try await officer.get(sent.location)
            #expect(taken.text.contains(matter.number))
            // Nothing said: nothing registered.
            let empty = try await officer.get("/desk/new")
            #expect(try await officer.post("/desk/new", fields(empty, [("send", "1")])).status == 422)
            #expect(try await town.matters().count == 1)
        }
    }

    @Test("lists by address: figures elsewhere open to the same filter, in both languages", arguments: Backend.all)
    func lists(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await Self.waiting(town)
            let officer = try await town.browser("何雨")
            let here = try town.grid("1.1").id
            for (query, listed) in [
                ("tab=all&grid=\(here)", true), ("category=exposed_rubbish", true), ("state=closed", false),
                ("channel=portal&state=open", true),
                ("spot=yes", false), ("opened_from=2026-11-20&opened_to=2026-11-20", true), ("opened_to=2026-11-19", false),
                ("q=\(opened.matter.number)", true), ("grid=x&tab=all", true), ("page=99", false),
            ] {
                for language in Language.allCases {
                    let page = try await officer.get("/desk?\(query)&lang=\(language.rawValue)")
                    #expect(page.status == 200 && !page.text.contains("⟦"), "\(query)")
                    #expect(page.text.contains(Self.path(opened.matter.id)) == listed, "\(query)")
                }
            }
        }
    }
}
