import Basics
import Posts
import Store
import Support
import Testing

@Suite struct AdministerTests {
    private func admin(_ town: Town, _ tx: Transaction) throws -> Actor {
        try town.posts.book(in: tx).actor(Town.person("root"), at: Town.noon)
    }

    @Test(arguments: Backend.all) func anActTwiceIsOnce(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            for _ in 0..<2 {
                try await database.write { tx in
                    try town.build2(tx)
                    try town.put("li", on: "secretary", tx)
                }
            }
            try await database.read { tx throws in
                #expect(try tx.count("SELECT COUNT(*) FROM holding") == 1)
                #expect(try tx.count("SELECT COUNT(*) FROM entry WHERE verb = 'holding.begun'") == 1)
                #expect(try tx.count("SELECT COUNT(*) FROM unit WHERE name = 'extra'") == 1)
            }
        }
    }

    @Test(arguments: Backend.all) func refusals(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            try await database.write { tx in
                try town.put("root", on: "admin", tx)
                try town.put("li", on: "secretary", tx)
                try town.put("he", on: "officer", tx)
            }
            func refused(_ refusal: PostsRefusal, _ body: @escaping @Sendable (Transaction) throws -> Void) async {
                await #expect(throws: refusal) { try await database.write(body) }
            }
            // One seat, and it is taken; an acting holder may stand beside.
            await refused(.seatTaken(until: nil)) { tx in try town.put("zhao", on: "secretary", from: Town.noon, by: admin(town, tx), tx) }
            await refused(.alreadyHolds) { tx in try town.put("li", on: "secretary", from: Town.noon, by: admin(town, tx), tx) }
            await refused(.notToYourself) { tx in try town.put("root", on: "worker", by: admin(town, tx), tx) }
            await refused(.datesContradict) { tx in
                try town.put("he", on: "worker", from: Town.noon, to: Town.noon - .hours(1), by: admin(town, tx), tx)
            }
            await refused(.notAllowed) { tx in
                try town.put("root", on: "worker", by: town.posts.book(in: tx).actor(Town.person("li"), at: Town.noon), tx)
            }
            await refused(.unitNotEmpty(posts: 1, units: 0)) { tx in
                try town.posts.endUnit(
                    Town.unit("gas"), on: Town.noon.day(in: town.posts.zone), act: Town.act("end gas", admin(town, tx)), in: tx)
            }
            await refused(.wrongSeat) { tx in try town.add("wrong", "micro_leader", .grid(Town.grid(Town.third)), tx) }
            await refused(.unitLoop) { tx in
                try town.posts.moveUnit(Town.unit("gas"), under: Town.unit("gas"), act: Town.act("loop"), in: tx)
            }
            try await database.write { tx in try town.put("zhao", on: "secretary", from: Town.noon, sort: .acting, by: admin(town, tx), tx)
            }
            try await database.read { tx throws in
                let book = try town.posts.book(in: tx)
                #expect(book.holders(of: Town.post("secretary"), at: Town.noon).map(\.person) == [Town.person("zhao"), Town.person("li")])
                // And nothing else happened.
                #expect(try tx.count("SELECT COUNT(*) FROM holding") == 4)
            }
        }
    }

    @Test(arguments: Backend.all) func coverageCountsWhatHasNobody(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            try await database.write { tx in
                try town.put("li", on: "secretary", tx)
                try town.put("wu", on: "leader", tx)
            }
            try await database.read { tx throws in
                let all = try town.posts.leaderlessGrids(under: .root, at: Town.noon, in: tx)
                #expect(all.total == 6 && all.missing == 4)
                #expect(all.items.map(\.path) == [.root, Town.street, Town.third, Town.other])
                #expect(try town.posts.leaderlessGrids(under: Town.community, at: Town.noon, in: tx).missing == 1)
                #expect(try town.posts.leaderlessGrids(under: .root, level: "micro", at: Town.noon, in: tx).missing == 0)
                let vacant = try town.posts.vacantPosts(under: Town.community, at: Town.noon, in: tx)
                #expect(vacant.total == 4 && vacant.missing == 2)
                #expect(vacant.items.allSatisfy { $0.answeredBy == Town.post("secretary") })
            }
        }
    }

    @Test(arguments: Backend.all) func aSecondBootstrapChangesNothing(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            let before = try await database.read { tx in try tx.all("SELECT value FROM meta WHERE key = 'secret'") { try $0[0] as String } }
            try await database.write { tx in try town.posts.bootstrap(at: Town.noon + .days(1), in: tx) }
            let after = try await database.read { tx in try tx.all("SELECT value FROM meta WHERE key = 'secret'") { try $0[0] as String } }
            #expect(before == after && before.first?.count == 64)
            #expect(try await database.read { tx in try tx.count("SELECT COUNT(*) FROM post WHERE path_now = '0000'") } == 2)
        }
    }
}

extension Town {
    fileprivate func build2(_ tx: Transaction) throws {
        try posts.addUnit(
            WorkUnit(id: Self.unit("extra"), code: "x", name: "extra", unitClass: "department"), act: Self.act("extra"), in: tx)
    }
}
