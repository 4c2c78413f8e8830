import Basics
import Foundation
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing
import Web

@Suite struct C1_Report {
    @Test("a report finds its grid, its category and the post that answers; the reporter gets a number and hears", arguments: Backend.all)
    func found(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("楼下垃圾成堆，没人清", at: Town.micro)
            #expect(opened.matter.number == "2026-1120-0001")
            #expect(opened.matter.grid == (try town.grid("1.1.1.1").id))
            #expect(opened.matter.category == "exposed_rubbish")
            #expect(opened.part?.post == Town.post("leader"))
            #expect(try await town.verbs() == ["matter.opened", "part.offered"])
            #expect(try await town.told(opened.report) == ["notice.matter.opened"])
            #expect(try await town.told(Town.post("leader")) == ["notice.part.offered"])
        }
    }

    @Test("the same report again is one matter and the same answer", arguments: Backend.all)
    func again(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = ReportID(Town.id("one report"))
            let first = try await town.report("路灯不亮", at: Town.micro, id: id)
            let second = try await town.report("路灯不亮", at: Town.micro, id: id)
            #expect(!first.repeated && second.repeated)
            #expect(first.matter.number == second.matter.number && first.queryCode == second.queryCode)
            #expect(try await town.matters().count == 1)
            #expect(try await town.verbs() == ["matter.opened", "part.offered"])
        }
    }

    @Test("a point outside every grid is kept at the root's desk", arguments: Backend.all)
    func outside(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("郊外有人倒渣土", at: Town.outside)
            #expect(opened.matter.grid == nil && opened.matter.path == .root)
            let mine = try await town.queue(.toTake, of: "唐原")
            #expect(mine == [opened.matter.number])
            #expect(try await town.queue(.toTake, of: "何雨").isEmpty)
        }
    }

    @Test("work of a vacant post shows to the first filled post above", arguments: Backend.all)
    func vacant(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("井盖破了", at: Town.otherMicro)
            #expect(opened.part?.post == Town.post("vacant"))
            #expect(try await town.queue(.toTake, of: "周禾") == [opened.matter.number])
            #expect(try await town.queue(.toTake, of: "林小满").isEmpty)
        }
    }

    @Test("the form says who sees it and by when, and the receipt says the same", arguments: Backend.all)
    func saidBefore(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let browser = try await town.browser()
            func promise(_ text: String) -> [String] {
                [text.firstMatch(of: #/>由([^<]*)先看/#), text.firstMatch(of: #/([^<>]* 前有人接手)/#)].compactMap { $0.map { String($0.1) } }
            }
            for (point, words, post) in [(Town.micro, "楼下垃圾成堆", "leader"), (Town.otherMicro, "井盖破了", "worker"), (Town.outside, "", "desk")]
            {
                let place = [("lon", "\(point.lon)"), ("lat", "\(point.lat)"), ("placed", "tap"), ("words", words)]
                let query = place.map { "\($0.0)=\($0.1.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }.joined(
                    separator: "&")
                let before = promise(try await browser.get("/report/nearby?" + query.replacing("%2E", with: ".")).text)
                #expect(before.first == post && before.count == 2)
                let sent = try await browser.post(
                    "/report", place + [("id", "\(UUIDv7(at: .systemNow))"), ("awaited", "1")],
                    headers: [("Origin", town.house.settings.publicURL)])
                #expect(promise(try await browser.get(sent.location).text) == before)
            }
            // Reading promised; only sending wrote.
            #expect(try await town.matters().count == 3)
        }
    }

    @Test("a phone elsewhere does not move a report from the sign it was scanned at, unless its owner asks", arguments: Backend.all)
    func elsewhere(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let grid = try town.grid("1.1.1.1").id
            let browser = try await town.browser()
            let far = "grid=\(grid)&lon=113.63&lat=34.745&accuracy=20&placed=phone"
            let kept = try await browser.get("/report/nearby?\(far)")
            #expect(kept.input("placed") == "grid" && kept.input("lon") == "" && kept.text.contains("手机不在这个网格里"))
            #expect(try await browser.get("/report/nearby?\(far)&wanted=1").input("lon") == "113.63")
            let near = try await browser.get(
                "/report/nearby?grid=\(grid)&lon=\(Town.micro.lon)&lat=\(Town.micro.lat)&accuracy=500&placed=phone")
            #expect(near.input("placed") == "phone" && near.text.contains("误差约 500 米") && near.text.contains("around=500"))
        }
    }

    @Test(
        "a position that is rough asks which building; the button's place is the report's, with and without JavaScript",
        arguments: Backend.all)
    func whichBuilding(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await town.buildings()
            let browser = try await town.browser()
            let rough = "lon=113.6027&lat=34.7413&accuracy=120&placed=phone"
            let asked = try await browser.get("/report/nearby?\(rough)")
            #expect(asked.input("pin") == "113.6025,34.7412" && asked.text.contains("槐荫路 88 号"))
            #expect(try await browser.get("/report/nearby?lon=113.6027&lat=34.7413&accuracy=30&placed=phone").input("pin") == nil)
            let pinned = try await browser.get("/report/nearby?\(rough)&pin=113.6025,34.7412")
            #expect(pinned.input("lon") == "113.6025" && pinned.input("placed") == "tap" && pinned.input("accuracy") == "")
            #expect(pinned.input("pin") == nil)
            for bad in ["x", "1", "200,95", "nan,nan", "1,2,3"] {
                #expect(try await browser.get("/report/nearby?\(rough)&pin=\(bad)").input("placed") == "phone", "\(bad)")
            }
            let page = try await browser.get("/report?\(rough)")
            let fields = ["csrf", "id", "grid", "lon", "lat", "accuracy", "placed", "view"].map { ($0, page.input($0) ?? "") }
            let plain = try await browser.post("/report", fields + [("pin", page.input("pin") ?? ""), ("words", "井盖破了")])
            #expect(plain.status == 200 && plain.input("lon") == "113.6025" && plain.text.contains("井盖破了"))
            let leader = try await town.browser("林小满")
            #expect(try await leader.get("/field/report/nearby?\(rough)").input("pin") == "113.6025,34.7412")
        }
    }
}
