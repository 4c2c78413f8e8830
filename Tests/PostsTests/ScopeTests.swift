import Basics
import Catalog
import Posts
import Store
import Support
import Testing

@Suite struct ScopeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let label: String
        let row: ScopeRow
        /// The roles that see it, the persons' names being those of their posts.
        let seen: Set<String>
        var testDescription: String { label }
    }

    static let holders = [
        "center", "officer", "secretary", "officer2", "worker", "leader", "admin", "clerk sanitation", "clerk gas", "clerk club", "root",
    ]

    /// Which posts see a row, by model.md §2; `part` names the post with a part in it.
    static let cases: [Case] = Privacy.allCases.flatMap { privacy -> [Case] in
        let secret = privacy == .confidential
        func seen(_ names: Set<String>, part: Set<String> = []) -> Set<String> { secret ? part : names.union(part).union(["root"]) }
        let up: Set<String> = ["leader", "worker", "officer", "secretary", "center"]
        func row(_ path: Path, _ category: String? = nil, posts: [String] = [], border: Path? = nil) -> ScopeRow {
            ScopeRow(
                id: Town.id("\(privacy) \(path) \(category ?? "") \(posts) \(border?.text ?? "")"), path: path, border: border,
                privacy: privacy,
                category: category, posts: posts.map(Town.post))
        }
        return [
            Case(label: "\(privacy) micro", row: row(Town.micro), seen: seen(up)),
            Case(label: "\(privacy) other", row: row(Town.other), seen: seen(["officer2", "center"])),
            Case(label: "\(privacy) root", row: row(.root), seen: seen([])),
            Case(
                label: "\(privacy) remit", row: row(Town.other, "exposed_rubbish"), seen: seen(["officer2", "center", "clerk sanitation"])),
            Case(label: "\(privacy) no remit", row: row(Town.other, "noise"), seen: seen(["officer2", "center"])),
            Case(
                label: "\(privacy) part", row: row(Town.other, posts: ["clerk gas"]),
                seen: seen(["officer2", "center"], part: ["clerk gas"])),
            Case(
                label: "\(privacy) outside part", row: row(Town.micro, posts: ["clerk club"]), seen: seen(up, part: ["clerk club"])),
            Case(
                label: "\(privacy) border", row: row(Town.other, border: Town.micro), seen: seen(up.union(["officer2"]))),
        ]
    }

    @Test(arguments: Backend.all) func everyRoleSeesWhatItMayAndNoMore(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            try await database.write { tx in
                let root = try #require(town.posts.book(in: tx).answering(at: .root, on: Town.noon)?.post)
                for name in Self.holders where name != "root" { try town.put(name, on: name, tx) }
                try town.posts.addPerson(Person(id: Town.person("root"), name: "root"), act: Town.act("root"), in: tx)
                try town.posts.beginHolding(
                    Holding(id: HoldingID(Town.id("root holds")), post: root, person: Town.person("root"), from: Town.noon - .days(1)),
                    act: Town.act("root holds"), in: tx)
                for (label, unit, subject) in [("s", "sanitation", "sanitation"), ("club", "club", Remit.anySubject)] {
                    try town.posts.addRemit(
                        Remit(id: RemitID(Town.id(label)), owner: .unit(Town.unit(unit)), subject: subject, path: Town.street),
                        act: Town.act(label), in: tx)
                }
                for one in Self.cases { try Self.insert(one.row, tx) }
            }
            try await database.read { tx throws in
                let book = try town.posts.book(in: tx)
                for holder in Self.holders {
                    let actor = book.actor(Town.person(holder), at: Town.noon)
                    let scope = town.posts.scope(of: actor, .see, at: Town.noon, book: book)
                    let listed = Set(try tx.all("SELECT m.id FROM matter m WHERE \(sql: scope.sql("m"))") { try $0[0] as UUIDv7 })
                    for one in Self.cases {
                        let id = try #require(one.row.id)
                        #expect(scope.admits(one.row) == one.seen.contains(holder), "\(holder) and \(one.label) in memory")
                        #expect(listed.contains(id) == one.seen.contains(holder), "\(holder) and \(one.label) in SQL")
                    }
                }
                // The root reads all and acts through parts only; the administrator reads nothing.
                let root = book.actor(Town.person("root"), at: Town.noon)
                #expect(try !town.posts.may(root, .act, on: Town.micro, at: Town.noon, in: tx))
                #expect(try town.posts.may(root, .see, on: Town.micro, at: Town.noon, in: tx))
                let admin = book.actor(Town.person("admin"), at: Town.noon)
                #expect(try town.posts.may(admin, .administer, on: Town.micro, at: Town.noon, in: tx))
                #expect(try !town.posts.may(admin, .ledger, on: .root, at: Town.noon, in: tx))
                #expect(town.posts.scope(of: .stranger, .see, at: Town.noon, book: book).isNothing)
            }
        }
    }

    @Test(arguments: Backend.all) func onePersonTwoRolesAndTheEntryNamesThePost(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            try await database.write { tx in
                try town.put("li", on: "leader", tx)
                try town.put("li", on: "officer2", tx)
            }
            try await database.read { tx throws in
                let book = try town.posts.book(in: tx)
                let actor = book.actor(Town.person("li"), at: Town.noon)
                let scope = town.posts.scope(of: actor, .act, at: Town.noon, book: book)
                let here = ScopeRow(path: Town.micro, privacy: .inside)
                #expect(scope.permission(for: here) == Permission(reach: .land, post: Town.post("leader")))
                #expect(scope.permission(for: ScopeRow(path: Town.other, privacy: .open))?.post == Town.post("officer2"))
                #expect(scope.permission(for: ScopeRow(path: Town.third, privacy: .open)) == nil)
                let both = ScopeRow(path: Town.micro, privacy: .confidential, posts: [Town.post("officer2"), Town.post("leader")])
                #expect(scope.permission(for: both, preferred: Town.post("leader"))?.post == Town.post("leader"))
                // A pass sees its one subject, whatever the class.
                let pass = Actor.pass(PassID(Town.id("p")), subject: PassSubject(sort: "report", id: Town.id("r")), verbs: ["confirm"])
                let own = town.posts.scope(of: pass, .see, at: Town.noon, book: book)
                #expect(own.admits(ScopeRow(path: .root, privacy: .confidential, reports: [Town.id("r")])))
                #expect(!own.admits(ScopeRow(path: .root, privacy: .open, reports: [Town.id("q")])))
            }
        }
    }

    @Test func theEngineKnowsEveryVerbOfTheCatalog() {
        #expect(Set(VerbGroup.allCases.map(\.rawValue)) == Set(Role.verbs))
    }

    private static func insert(_ row: ScopeRow, _ tx: Transaction) throws {
        let id = row.id ?? Town.id("none")
        try tx.run(
            """
            INSERT INTO matter (id, number, kind, category, class, urgency, privacy, state, spot, passed, supervised, reopened, place, grid_id,
                border_id, path_now, path_then, channel, words, reporters, opened_at)
            VALUES (\(id), \(id.description), 'k', \(row.category), NULL, 'u', \(row.privacy), 'open', \(false), \(false), \(false), 0, '',
                \(Town.grid(row.path)), \(row.border.map { Town.grid($0) }), \(row.path), \(row.path), 'test', '', 1, \(Town.noon))
            """)
        for post in row.posts {
            try tx.run(
                """
                INSERT INTO part (id, matter_id, post_id, given, lead, needed, state, offered_at)
                VALUES (\(id.derived("\(post)")), \(id), \(post), 'open', \(true), \(true), 'offered', \(Town.noon))
                """)
        }
    }
}
