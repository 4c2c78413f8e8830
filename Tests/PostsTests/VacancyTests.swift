import Basics
import Posts
import Store
import Support
import Testing

@Suite struct VacancyTests {
    /// Story 3 of the model: a vacant post's work shows to the first filled post upward; when filled it is its own again.
    @Test(arguments: Backend.all) func aVacantPostIsAnsweredForByTheOneAbove(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            let root = try await database.write { tx -> PostID in
                try town.put("he", on: "center", tx)
                try town.put("li", on: "secretary", tx)
                let book = try town.posts.book(in: tx)
                #expect(book.answeredPosts(of: Town.person("li"), at: Town.noon).first == Town.post("secretary"))
                #expect(
                    Set(book.answeredPosts(of: Town.person("li"), at: Town.noon))
                        == Set(["secretary", "officer", "worker", "leader"].map(Town.post)))
                // Departments and the other community go to the subdistrict, not sideways.
                let center = Set(book.answeredPosts(of: Town.person("he"), at: Town.noon))
                #expect(center == Set(["center", "officer2", "clerk sanitation", "clerk gas", "clerk club"].map(Town.post)))
                return try #require(book.answering(at: .root, on: Town.noon)?.post)
            }
            try await database.write { tx in try town.put("wang", on: "worker", from: Town.noon + .days(1), to: Town.noon + .days(2), tx) }
            try await database.read { tx throws in
                let book = try town.posts.book(in: tx)
                let work = Town.post("leader")
                #expect(book.answering(post: work, at: Town.noon).by == Town.post("secretary"))
                #expect(book.answering(post: work, at: Town.noon).persons == [Town.person("li")])
                #expect(book.answering(post: work, at: Town.noon + .days(1)).by == Town.post("worker"))
                #expect(book.answering(post: work, at: Town.noon + .days(2)).by == Town.post("secretary"))
                // Before anybody was there, and the root with nobody at all.
                #expect(book.answering(post: work, at: Town.noon - .days(20)) == Answering(post: work, by: nil, persons: []))
                #expect(book.answering(post: root, at: Town.noon).by == nil)
                #expect(book.answering(at: .root, on: Town.noon)?.isVacant == true)
            }
        }
    }

    @Test(arguments: Backend.all) func workOfALandBelongsToItsOwnPostEvenVacant(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            try await database.write { tx in try town.put("he", on: "center", tx) }
            try await database.read { tx throws in
                let book = try town.posts.book(in: tx)
                let found = try #require(book.answering(at: Town.micro, on: Town.noon))
                #expect(found.post == Town.post("leader") && found.by == Town.post("center") && found.isVacant)
                #expect(book.answering(["community_secretary"], at: Town.micro, on: Town.noon)?.post == Town.post("secretary"))
                // No such role up to the root: whoever answers for the land.
                #expect(book.answering(["none"], at: Town.other, on: Town.noon)?.post == Town.post("officer2"))
            }
        }
    }

    @Test(arguments: Backend.all) func anEndedPostGoesToItsSuccessorThenUpward(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            try await database.write { tx in
                try town.put("he", on: "center", tx)
                try town.put("wu", on: "leader", tx)
                try town.put("zhou", on: "officer2", tx)
            }
            let day = Town.noon.day(in: town.posts.zone)
            try await database.write { tx in
                try town.posts.endPost(Town.post("leader"), on: day, successor: Town.post("officer2"), act: Town.act("end"), in: tx)
            }
            try await database.read { tx throws in
                let book = try town.posts.book(in: tx)
                #expect(book.answering(post: Town.post("leader"), at: Town.noon).by == Town.post("officer2"))
                #expect(book.answering(post: Town.post("leader"), at: Town.noon - .days(1)).by == Town.post("leader"))
                #expect(book.heldPosts(of: Town.person("wu"), at: Town.noon).isEmpty)
                #expect(book.answering(at: Town.micro, on: Town.noon)?.post == Town.post("worker"))
                #expect(try town.posts.holdings(of: Town.post("leader"), in: tx).map(\.to) == [Instant(day, in: town.posts.zone)])
            }
        }
    }

    @Test(arguments: Backend.all) func remitsRouteBySubjectThenLand(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            try await database.write { tx in
                func remit(_ label: String, _ owner: Remit.Owner, _ subject: String, _ path: Path, from: Day = .beginning) throws {
                    try town.posts.addRemit(
                        Remit(id: RemitID(Town.id(label)), owner: owner, subject: subject, path: path, from: from), act: Town.act(label),
                        in: tx)
                }
                try remit("a", .unit(Town.unit("sanitation")), "sanitation", Town.street)
                try remit("b", .post(Town.post("officer")), "sanitation", Town.community)
                try remit("c", .unit(Town.unit("gas")), "exposed_rubbish", Town.street, from: Town.noon.day(in: town.posts.zone) + 1)
                try remit("d", .unit(Town.unit("gas")), Remit.anySubject, .root)
            }
            try await database.read { tx throws in
                let book = try town.posts.book(in: tx)
                let subjects = ["exposed_rubbish", "sanitation"]
                #expect(book.responsible(for: subjects, at: Town.other, on: Town.noon)?.post == Town.post("clerk sanitation"))
                #expect(book.responsible(for: subjects, at: Town.micro, on: Town.noon)?.post == Town.post("officer"))
                #expect(book.responsible(for: subjects, at: Town.micro, on: Town.noon + .days(1))?.unit == Town.unit("gas"))
                #expect(book.responsible(for: ["noise"], at: .root, on: Town.noon)?.post == Town.post("clerk gas"))
                #expect(book.dutyList(of: Town.community, on: Town.noon).map(\.subject) == ["*", "sanitation", "sanitation"])
            }
        }
    }
}
