import Basics
import Foundation
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

/// The call taker's desk, over HTTP as its page does it.
@Suite struct C6_Calls {
    private static let path = "/desk/new"

    /// The form of a page as a browser would send it again, with what is typed.
    private func fields(_ page: WebClient.Answer, _ typed: [(String, String)]) -> [(String, String)] {
        let given = Set(typed.map(\.0))
        let hidden = ["csrf", "id", "lon", "lat", "view", "named", "was_place", "phone", "place"].filter { !given.contains($0) }
        return hidden.compactMap { name in page.input(name).map { (name, $0) } } + typed
    }

    @Test(
        "number, words, place by first letters: kept while typed, history, twin joined, number and code to read out", arguments: Backend.all
    )
    func whole(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await town.buildings()
            let officer = try await town.browser("何雨")
            let blank = try await officer.get(Self.path)
            let id = try #require(blank.input("id"))
            // Typed letter by letter: it lies on the server before anything is pressed.
            let typed = try await officer.post(
                Self.path + "/typed", fields(blank, [("phone", "138 0000 1234"), ("words", "路灯不亮"), ("place", "hyl")]))
            #expect(typed.status == 200 && typed.text.contains("槐荫路 88 号") && typed.text.contains("丹亭小区 4 号楼"))
            #expect(try await town.matters().isEmpty)
            let again = try await officer.get(Self.path + "?call=\(id)")
            #expect(again.input("phone") == "138 0000 1234" && again.input("place") == "hyl" && again.text.contains("路灯不亮"))
            // Chosen: point and name are the building's.
            let chosen = try await officer.post(
                Self.path + "/typed",
                fields(again, [("words", "路灯不亮"), ("place", "槐荫路 88 号"), ("at", Town.id("丹亭小区 3 号楼").description)]))
            #expect(chosen.input("named") == "1" && chosen.input("lon") == "113.6025")
            let ready = try await officer.get(Self.path + "?call=\(id)")
            let sent = try await officer.post(Self.path, fields(ready, [("words", "路灯不亮"), ("send", "1")]))
            let matter = try #require(try await town.matters().first)
            #expect(sent.location == "/desk/taken/\(id)" && matter.place == "槐荫路 88 号" && matter.channel == "desk")
            let taken = try await officer.get(sent.location)
            let code = try await town.code(ReportID(id))
            #expect(taken.text.contains(matter.number) && taken.text.contains(code))
            // It is a report now: a late keystroke brings no draft back, pressing twice makes no second one.
            _ = try await officer.post(Self.path + "/typed", fields(ready, [("words", "路灯不亮了")]))
            #expect(try await officer.get(Self.path + "?call=\(id)").status == 404)
            #expect(try await officer.post(Self.path, fields(ready, [("words", "路灯不亮"), ("send", "1")])).status == 303)
            #expect(try await town.matters().count == 1)

            // The same number again, written another way: its history, and the look at it is on record once.
            let next = try await officer.get(Self.path)
            let heard = [("phone", "+86 13800001234"), ("words", "灯还没修"), ("place", "槐荫路 88 号"), ("find", "1")]
            let known = try await officer.post(Self.path + "/typed", fields(next, heard))
            _ = try await officer.post(Self.path + "/typed", fields(next, heard))
            #expect(known.text.contains("/desk/matters/\(matter.id)"))
            #expect(try await town.looks() == 1)
            let near = try await officer.post(
                Self.path + "/typed", fields(next, heard + [("at", Town.id("丹亭小区 3 号楼").description)]))
            #expect(near.text.contains("data-key=\"1\"><input type=\"radio\" name=\"join\" value=\"\(matter.id)\""))
            let open = try await officer.get(Self.path + "?call=\(try #require(next.input("id")))")
            let joined = try await officer.post(
                Self.path, fields(open, [("words", "灯还没修"), ("join", matter.id.description), ("send", "1")]))
            #expect(joined.status == 303)
            #expect(try await town.matter(matter.id).reporters == 2)
            let read = try await officer.get(joined.location)
            let own = try await town.code(ReportID(next.input("id") ?? ""))
            #expect(read.text.contains(matter.number) && read.text.contains(own) && own != code)
        }
    }

    @Test("moved to another desk as it stands; whoever takes it up goes on, the first no longer writes in it", arguments: Backend.all)
    func moved(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let officer = try await town.browser("何雨")
            let blank = try await officer.get(Self.path)
            let id = try #require(blank.input("id"))
            #expect(blank.text.contains("<datalist id=\"desks\"><option value="))
            let moved = try await officer.post(
                Self.path,
                fields(blank, [("phone", "13800001234"), ("words", "楼道堆物"), ("hand", "1"), ("desk", Town.post("center").description)]))
            #expect(moved.status == 303)
            #expect(try await officer.get(moved.location).text.contains("role=\"status\""))
            let late = try await officer.post(Self.path + "/typed", fields(blank, [("words", "楼道堆物，很多")]))
            #expect(late.status == 409)
            #expect(try await officer.get(Self.path + "?call=\(id)").status == 404)

            let other = try await town.browser("白桦")
            #expect(try await other.get(Self.path + "?call=\(id)").status == 404)
            #expect(try await other.post(Self.path, fields(try await other.get(Self.path), [("id", id), ("take", "1")])).status == 404)

            let center = try await town.browser("苏城")
            #expect(try await center.get("/desk/calls").text.contains("1"))
            let list = try await center.get(Self.path)
            #expect(list.text.contains("138****1234") && !list.text.contains("13800001234") && list.text.contains("楼道堆物"))
            let took = try await center.post(Self.path, [("csrf", list.input("csrf") ?? ""), ("id", id), ("take", "1")])
            let page = try await center.get(took.location)
            #expect(page.input("phone") == "13800001234" && page.text.contains("楼道堆物"))
            #expect(try await center.get("/desk/calls").text.contains("1") == false)
            let sent = try await center.post(Self.path, fields(page, [("words", "楼道堆物"), ("send", "1")]))
            #expect(sent.status == 303)
            #expect(try await town.matters().count == 1)
            let journal = try await town.intakeVerbs()
            #expect(journal == ["intake.moved", "intake.taken"])
        }
    }

    @Test("of another land's reports by this number only the public part is shown, of inside ones nothing", arguments: Backend.all)
    func masked(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let cast = try await RightsCast.set(town)
            let reports = cast.pieces.filter { !$0.isNear }.map(\.report)
            try await town.engines.database.write { tx in
                try tx.run("UPDATE report SET caller = '13800001234' WHERE id IN (\(list: reports))")
            }
            let officer = try await town.browser("何雨")
            let typed = try await officer.post(Self.path + "/typed", fields(try await officer.get(Self.path), [("phone", "13800001234")]))
            #expect(typed.status == 200)
            for piece in cast.pieces where !piece.isNear {
                #expect(!typed.text.contains(piece.id.description) && !typed.text.contains(piece.number))
                #expect(!typed.text.contains(RightsCast.words(piece)))
            }
            let open = cast.pieces.filter { !$0.isNear && $0.privacy == .open }.count
            #expect(typed.text.components(separatedBy: "别处的").count - 1 == open && open > 0)
        }
    }

    @Test("bad input: a foreign id, too much, no desk, several places of one name", arguments: Backend.all)
    func bad(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await town.buildings()
            let officer = try await town.browser("何雨")
            let blank = try await officer.get(Self.path)
            func post(_ typed: [(String, String)], _ more: String = "") async throws -> Int {
                try await officer.post(Self.path + more, fields(blank, typed)).status
            }
            // A blank form begins nothing; what was begun and emptied stays empty.
            let address = Self.path + "?call=\(blank.input("id") ?? "")"
            #expect(try await post([], "/typed") == 200)
            #expect(try await officer.get(address).status == 404)
            #expect(try await post([("words", "甲乙丙丁")], "/typed") == 200)
            #expect(try await officer.get(address).text.contains("甲乙丙丁"))
            #expect(try await post([("words", "")], "/typed") == 200)
            #expect(try await officer.get(address).text.contains("甲乙丙丁") == false)
            #expect(try await post([("id", "not an id"), ("words", "x")], "/typed") == 422)
            #expect(try await post([("words", String(repeating: "长", count: 40_000))], "/typed") == 422)
            #expect(try await post([("words", "堆物"), ("hand", "1"), ("desk", Town.post("leader").description)]) == 422)
            #expect(try await post([("words", "堆物"), ("place", "槐荫路"), ("send", "1")]) == 422)
            #expect(try await post([("phone", "abc"), ("lon", "x"), ("lat", "999"), ("at", "?"), ("view", "?")], "/typed") == 200)
            #expect(try await post([("send", "1")]) == 422)
            #expect(try await town.matters().isEmpty)
            let dropped = try await officer.post(Self.path, fields(blank, [("drop", "1")]))
            #expect(dropped.status == 303)
            #expect(try await officer.get(Self.path + "?call=\(blank.input("id") ?? "")").status == 404)
        }
    }
}

extension Town {
    fileprivate func code(_ report: ReportID?) async throws -> String {
        let (engine, id) = (engines.matters, try #require(report))
        return try await engines.database.read { try engine.report(id, in: $0)?.queryCode } ?? "?"
    }

    fileprivate func looks() async throws -> Int {
        try await engines.database.read { try $0.count("SELECT COUNT(*) FROM entry WHERE verb = 'intake.looked'") }
    }

    fileprivate func intakeVerbs() async throws -> [String] {
        try await engines.database.read { tx in
            try tx.all("SELECT verb FROM entry WHERE subject = 'intake' ORDER BY seq") { try $0["verb"] as String }
        }
    }
}
