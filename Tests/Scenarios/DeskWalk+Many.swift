import Basics
import Foundation
import Matters
import Posts
import Store
import Support
import Testing

/// One decision about several matters of the queue: what would happen to each, then what did.
@Suite struct DeskWalkMany {
    private static let path = "/desk/many"

    private func address(_ ids: [MatterID], _ verb: String = "") -> String {
        Self.path + "?" + ids.map { "m=\($0)" }.joined(separator: "&") + "&verb=\(verb)"
    }

    /// The form of the preview, sent as it stands.
    private func fields(_ page: WebClient.Answer, _ more: [(String, String)] = []) -> [(String, String)] {
        let matters = page.text.matches(of: #/name="m" value="([^"]+)"/#).map { ("m", String($0.1)) }
        return matters + ["csrf", "verb", "act", "list"].compactMap { name in page.input(name).map { (name, $0) } } + more
    }

    @Test("accepted together: the preview changes nothing, the one taken meanwhile is named, the rest is done", arguments: Backend.all)
    func accept(on backend: Backend) async throws {
        try await inTown(backend) { town in
            var ids: [MatterID] = []
            for index in 0..<4 { ids.append(try await DeskWalk.waiting(town, "垃圾成堆 \(index)").matter.id) }
            let officer = try await town.browser("何雨")
            let queue = try await officer.get("/desk")
            for id in ids { #expect(queue.text.contains("name=\"m\" value=\"\(id)\"")) }
            let before = try await town.entries()
            let preview = try await officer.get(address(ids, "accept"))
            #expect(preview.status == 200 && fields(preview).filter { $0.0 == "m" }.count == 4)
            #expect(try await town.entries() == before)
            for id in ids { #expect(try await town.parts(id).last?.state == .offered) }
            // Meanwhile: one noted by somebody else, one accepted already.
            try await town.perform("秦岭", "note", ids[1]) { $0.words = "先别动" }
            try await town.perform("何雨", "accept", ids[2])
            let done = try await officer.post(Self.path, fields(preview))
            #expect(done.status == 200)
            #expect(done.text.contains("您看过以后") && done.text.contains("已受理") && done.text.contains("何雨"))
            for id in [ids[0], ids[3]] { #expect(try await town.parts(id).last?.state == .doing) }
            #expect(try await town.parts(ids[1]).last?.state == .offered)
            // Sent twice it is one act.
            let length = try await town.entries()
            let again = try await officer.post(Self.path, fields(preview))
            #expect(again.status == 200)
            #expect(try await town.entries() == length)
            let late = try await officer.get(address([ids[2], ids[1]], "accept"))
            #expect(late.text.contains("已经：") && fields(late).filter { $0.0 == "m" }.count == 1)
        }
    }

    @Test("whistled together by the duty list, undone together; one without a department says why", arguments: Backend.all)
    func whistleAndBack(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let one = try await DeskWalk.waiting(town).matter.id
            let two = try await town.report("路上有垃圾", at: Town.otherMicro, category: "exposed_rubbish").matter.id
            let officer = try await town.browser("何雨")
            try await town.perform("何雨", "whistle", two)
            let preview = try await officer.get(address([one, two], "whistle"))
            #expect(preview.text.contains("已经吹过哨") && fields(preview).filter { $0.0 == "m" }.count == 1)
            let done = try await officer.post(Self.path, fields(preview, [("words", "请到场")]))
            #expect(try await town.parts(one).filter { $0.ask != nil && $0.isOpen }.map(\.post) == [Town.post("sanitation")])
            #expect(done.input("verb") == "recall")
            let undone = try await officer.post(Self.path, fields(done))
            #expect(undone.status == 200)
            #expect(try await town.parts(one).allSatisfy { $0.ask == nil || $0.state == .recalled })
        }
    }

    @Test("bad input: no reason, no category, nothing picked, what is not one's own", arguments: Backend.all)
    func bad(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let id = try await DeskWalk.waiting(town).matter.id
            let officer = try await town.browser("何雨")
            let close = try await officer.get(address([id], "close"))
            let before = try await town.entries()
            #expect(try await officer.post(Self.path, fields(close)).status == 422)
            let classify = try await officer.get(address([id], "classify"))
            #expect(try await officer.post(Self.path, fields(classify)).status == 422)
            let look = try await officer.post(Self.path, fields(classify, [("category", "street_light"), ("look", "1")]))
            #expect(look.status == 200)
            #expect(try await officer.post(Self.path, [("csrf", Town.csrf("何雨")), ("verb", "accept")]).status == 422)
            #expect(try await officer.post(Self.path, [("csrf", Town.csrf("何雨")), ("verb", "merge"), ("m", "\(id)")]).status >= 400)
            let other = try await town.browser("白桦")
            let foreign = try await other.get(address([id], "close"))
            #expect(foreign.status == 200 && !foreign.links.contains(DeskWalk.path(id)))
            #expect(!foreign.text.contains("name=\"m\""))
            _ = try await other.post(Self.path, [("csrf", Town.csrf("白桦")), ("verb", "close"), ("m", "\(id)"), ("words", "试")])
            #expect(try await town.entries() == before)
            #expect(try await officer.get(Self.path).status == 200)
            let closed = try await officer.post(Self.path, fields(close, [("words", "重复上报")]))
            #expect(closed.status == 200)
            #expect(try await town.matter(id).state == .closed)
        }
    }
}
