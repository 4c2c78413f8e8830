import Basics
import Catalog
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing

@testable import weiwang

/// A search that looks only where somebody may find something finds what one finds that looks everywhere.
@Suite struct SearchLand {
    typealias T = Town
    private static let people = ["林小满", "周禾", "何雨", "秦岭", "白桦", "柳青", "江帆", "鲁捷", "方泉", "苏城", "唐原", "安平"]
    private static let east = Coordinate(lon: 113.608, lat: 34.7412)

    @Test(
        "by land, by a part elsewhere, by the land across the border, by one's own report, after merging, joining and new land",
        arguments: Backend.all)
    func narrow(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let cast = try await RightsCast.set(town)
            // Work that lies with a post of other land, and stays found there.
            let away = try await town.report("井盖松动 转出", at: T.micro, category: "exposed_rubbish").matter
            try await give(away.id, to: "officer3", in: town)
            // Reports of people whose land it is not; one of them is merged into another.
            let own = try await town.staffReport("井盖松动 路过", by: "白桦", at: T.otherSubdistrict)
            let main = try await town.report("井盖松动 主件", at: T.micro, category: "exposed_rubbish").matter
            let twin = try await town.staffReport("井盖松动 同一件", by: "柳青", at: T.micro)
            try await town.perform("何雨", "merge", twin.id) { $0.other = main.id }
            _ = try await town.staffReport("井盖松动 我也看见", by: "江帆", at: T.micro, join: main.id)

            let first = try await found(in: town)
            #expect(first["白桦"]?.contains(own.number) == true && first["柳青"]?.contains(away.number) == true)
            #expect(first["柳青"]?.contains(main.number) == true && first["江帆"]?.contains(main.number) == true)
            #expect(first["方泉"] == [] && (first["唐原"]?.count ?? 0) > cast.pieces.count / 2)

            let moved = try await town.report("井盖松动 东边", at: Self.east, category: "exposed_rubbish").matter
            try await town.take(
                "micro",
                [
                    T.feature("1.1.1.1a", T.block(113.60, 34.74, 113.607, 34.745)),
                    T.feature("1.1.1.1b", T.block(113.607, 34.74, 113.61, 34.745)),
                    T.feature("1.1.1.2", T.block(113.60, 34.745, 113.61, 34.75)),
                ]
            ) { $0.replace = true }
            try await town.settle()
            _ = try await town.engines.matters.indexStale(in: town.engines.database)
            let second = try await found(in: town)
            #expect(second["何雨"]?.contains(moved.number) == true)
            let path = try town.grid("1.1.1.1b").path
            let there = try await town.engines.database.read { tx in
                guard let hits = tx.search("井盖", marked: SearchMarks(with: [.land(path)])) else { return [UUIDv7]() }
                return try tx.all(hits.subjects) { try $0["subject_id"] as UUIDv7 }
            }
            #expect(there == [moved.id.uuid])
        }
    }

    @Test(
        "who has some categories of the whole city finds those, also what is decided anew; a post at the root what it was asked",
        arguments: Backend.all)
    func byCategory(on backend: Backend) async throws {
        try await inTown(backend) { town in
            _ = try await RightsCast.set(town)
            let wet = try #require(town.engines.catalog.current.categories.first { $0.department == "water" }?.id)
            try await town.engines.database.write { [posts = town.engines.posts, now = town.clock.time.now] tx in
                try posts.addRemit(
                    Remit(id: RemitID(T.id("remit city")), owner: .unit(T.unit("water")), subject: "water", path: .root),
                    act: Act.system("test", id: T.id("remit city act"), at: now), in: tx)
            }
            let pipe = try await town.report("井盖松动 水管", at: T.otherSubdistrict, category: wet).matter
            let other = try await town.staffReport("井盖松动 路过", by: "白桦", at: T.otherSubdistrict)
            let first = try await found(in: town)
            #expect(first["方泉"] == [pipe.number])
            try await town.perform("柳青", "classify", other.id) { $0.category = wet }
            #expect(try await found(in: town)["方泉"].map(Set.init) == [pipe.number, other.number])
            try await town.perform("柳青", "classify", pipe.id) { $0.category = "exposed_rubbish" }
            #expect(try await found(in: town)["方泉"] == [other.number])
        }
    }

    /// Numbers found by each, the same with marks and without.
    private func found(in town: Town) async throws -> [String: [String]] {
        var all: [String: [String]] = [:]
        let (matters, database, now) = (town.engines.matters, town.engines.database, town.clock.time.now)
        var wanted = MatterFilter()
        wanted.search = "井盖"
        let filter = wanted
        for name in Self.people {
            let actor = try await town.actor(name)
            let narrow = try await database.read { tx in
                try tx.areSearchMarksCurrent() ? matters.list(filter, for: actor, at: now, in: tx).map(\.matter.number) : nil
            }
            // NB: a subject that is none, so that nobody takes it off the list for long.
            let behind = UUIDv7(at: .systemNow)
            let wide = try await database.write { tx in
                try tx.noteSearchStale("SELECT CAST(\(behind) AS \(sql: tx.dialect == .sqlite ? "BLOB" : "uuid"))")
                let wide = try matters.list(filter, for: actor, at: now, in: tx).map(\.matter.number)
                #expect(try !tx.areSearchMarksCurrent())
                _ = try tx.takeSearchStale(limit: 10)
                return wide
            }
            #expect(narrow == wide, "\(name)")
            all[name] = wide
        }
        return all
    }

    /// Work that fell to a post of other land, as when land was divided anew.
    private func give(_ matter: MatterID, to post: String, in town: Town) async throws {
        try await town.engines.database.write { tx in
            try tx.run("UPDATE part SET post_id = \(T.post(post)) WHERE matter_id = \(matter)")
            try tx.noteSearchStale("SELECT id FROM matter WHERE id = \(matter)")
        }
        _ = try await town.engines.matters.indexStale(in: town.engines.database)
    }
}

extension Town {
    /// A report by somebody who works here.
    func staffReport(_ words: String, by name: String, at point: Coordinate, join: MatterID? = nil) async throws
        -> Matter
    {
        let (matters, actor, now) = (engines.matters, try await actor(name), clock.time.now)
        var new = NewReport(
            id: ReportID(at: .systemNow), number: try await matters.nextNumber(at: now, from: engines.database), channel: "field",
            queryCode: "123456")
        new.words = words
        new.point = point
        new.person = Self.person(name)
        new.category = "exposed_rubbish"
        new.join = join
        let report = new
        return try await engines.database.write { tx in
            try matters.open(report, act: Act(id: report.id.uuid.derived("open"), at: now, actor: actor), in: tx).matter
        }
    }
}
