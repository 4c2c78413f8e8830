import Basics
import Matters
import Posts
import Store
import Support
import Testing

@Suite struct C7_Marks {
    @Test("red once passed on, yellow on the spot, green when dealt with, none before", arguments: Backend.all)
    func marks(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let spot = try await town.report("小广告", at: Town.micro).matter
            let passed = try await town.report("路面塌陷", at: Town.micro).matter
            #expect(try await town.matters().map(\.mark) == [.none, .none])
            try await town.perform("林小满", "fix_on_spot", spot.id)
            try await town.perform("林小满", "report_up", passed.id)
            #expect(try await town.matter(spot.id).mark == .yellow)
            #expect(try await town.matter(passed.id).mark == .red)
            try await town.perform("周禾", "finish", passed.id)
            #expect(try await town.matter(passed.id).mark == .green)
        }
    }

    @Test("yellow that was reopened is no longer yellow", arguments: Backend.all)
    func reopened(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let opened = try await town.report("小广告", at: Town.micro)
            try await town.perform("林小满", "fix_on_spot", opened.matter.id)
            try await town.perform(reporter: opened.report, "not_fixed", opened.matter.id)
            #expect(try await town.matter(opened.matter.id).mark == Mark.none)
            try await town.perform("林小满", "finish", opened.matter.id)
            #expect(try await town.matter(opened.matter.id).mark == .green)
        }
    }
}
