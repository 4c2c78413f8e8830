import Basics
import Geo
import Posts
import Store
import Support
import Testing

@testable import Matters
@testable import weiwang

/// A list that begins with the few that somebody reaches holds what a list of everything holds.
@Suite struct FewMattersTests {
    @Test(
        "by land, by parts elsewhere, across a border, by one's own report; who reaches much is asked in the order of the list",
        arguments: Backend.all)
    func lists(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let cast = try await RightsCast.set(town)
            // One's own where one has no land, and work on the other side of a border.
            let own = try await town.staffReport("井盖松动 路过", by: "何雨", at: Town.otherSubdistrict)
            let border = try await town.report("井盖松动 界上", at: Coordinate(lon: 113.605, lat: 34.74999)).matter
            #expect(border.border != nil)
            let (matters, posts, now) = (town.engines.matters, town.engines.posts, town.clock.time.now)
            var shown = 0
            for visitor in RightsCast.visitors {
                guard let name = visitor.name else { continue }
                let actor = try await town.actor(name)
                shown += try await town.engines.database.read { tx in
                    var filter = MatterFilter()
                    filter.newestFirst = true
                    let all = try tx.all("SELECT m.id FROM matter m WHERE \(sql: matters.sight(of: actor, at: now, in: tx))") {
                        try $0[0] as MatterID
                    }
                    if name == "何雨" { #expect(all.contains(own.id) && all.contains(border.id)) }
                    let (newest, due) = (
                        try matters.list(filter, for: actor, at: now, limit: 1000, in: tx).map(\.matter.id),
                        try matters.list(MatterFilter(), for: actor, at: now, limit: 1000, in: tx).map(\.matter.id)
                    )
                    #expect(Set(newest) == Set(all) && newest.count == all.count, "\(name)")
                    #expect(Set(due) == Set(all) && due.count == all.count, "\(name)")
                    #expect(try matters.count(filter, for: actor, at: now, in: tx) == all.count, "\(name)")
                    let scope = posts.scope(of: actor, .see, at: now, book: try posts.book(in: tx))
                    let few = try FewMatters().query(scope, for: filter, in: tx)
                    #expect((few == nil) == (scope.prefixes == [.root]), "\(name)")
                    if all.count > 1 { #expect(try FewMatters(newest: 1).query(scope, for: filter, in: tx) == nil, "\(name)") }
                    return few == nil ? 0 : all.count
                }
            }
            #expect(shown > cast.pieces.count)
        }
    }
}
