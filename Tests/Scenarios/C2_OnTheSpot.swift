import Basics
import Matters
import Posts
import Store
import Support
import Testing

@Suite struct C2_OnTheSpot {
    @Test("found and fixed in one go: closed at once, yellow, the reporter hears", arguments: Backend.all)
    func fixed(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("楼道门口堆了纸箱", at: Town.micro)
            try await town.perform("林小满", "fix_on_spot", opened.matter.id) { $0.reason = "nothing_to_see" }
            let matter = try await town.matter(opened.matter.id)
            #expect(matter.state == .closed && matter.spot && matter.outcome == .solved && matter.mark == .yellow)
            #expect(try await town.verbs() == ["matter.opened", "part.offered", "matter.fix_on_spot"])
            #expect(try await town.told(opened.report) == ["notice.matter.opened", "notice.matter.fix_on_spot"])
        }
    }

    @Test("without a photo one tap gives the reason, and it counts the same", arguments: Backend.all)
    func withoutPhoto(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("小广告", at: Town.micro)
            try await town.perform("林小满", "fix_on_spot", opened.matter.id) { $0.reason = "no_hand_free" }
            #expect(try await town.matter(opened.matter.id).mark == .yellow)
        }
    }

    @Test("closing can be taken back for half an hour, then no more", arguments: Backend.all)
    func takenBack(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("小广告", at: Town.micro)
            try await town.perform("林小满", "fix_on_spot", opened.matter.id)
            town.clock.advance(.minutes(20))
            try await town.perform("林小满", "take_back", opened.matter.id)
            var matter = try await town.matter(opened.matter.id)
            #expect(matter.state == .open && !matter.spot && matter.outcome == nil && matter.mark == Mark.none && matter.dueAt != nil)
            try await town.perform("林小满", "fix_on_spot", opened.matter.id)
            town.clock.advance(.minutes(60))
            await #expect(throws: Town.Refused(status: 422)) { try await town.perform("林小满", "take_back", opened.matter.id) }
            matter = try await town.matter(opened.matter.id)
            #expect(matter.state == .closed)
        }
    }
}
