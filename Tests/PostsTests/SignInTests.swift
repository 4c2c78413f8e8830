import Basics
import Posts
import Store
import Support
import Testing

extension Posts {
    /// Where no code is asked for.
    func signIn(name: String, password: String, leaving: String? = nil, at now: Instant, in database: Database) async throws -> SignedIn {
        guard
            case .whole(let signed) = try await enter(name: name, password: password, knock: Knock(leaving: leaving), at: now, in: database)
        else { throw PostsRefusal.notAllowed }
        return signed
    }
}

@Suite struct SignInTests {
    private func account(_ town: Town, _ database: Database) async throws {
        let record = try await town.posts.stretchedForTest("correct horse")
        try await database.write { tx in
            try town.posts.addPerson(Person(id: Town.person("li"), name: "Li"), act: Town.act("p"), in: tx)
            try town.posts.addAccount(of: Town.person("li"), name: " Li ", record: record, act: Town.act("a"), in: tx)
        }
    }

    @Test("ASVS-7.3.1 ASVS-7.3.2 a sign-in is a new session that ends idle and in any case", arguments: Backend.all)
    func aSignInIsANewSessionAndOldOnesEnd(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            try await account(town, database)
            let posts = town.posts
            let first = try await posts.signIn(name: "LI", password: "correct horse", at: Town.noon, in: database)
            let second = try await posts.signIn(name: "li", password: "correct horse", leaving: first.token, at: Town.noon, in: database)
            #expect(first.token != second.token && first.session.csrf != second.session.csrf)
            try await database.read { tx throws in
                #expect(try posts.session(first.token, at: Town.noon, in: tx) == nil)
                #expect(try posts.session(second.token, at: Town.noon, in: tx)?.person == Town.person("li"))
                #expect(try posts.session("nothing", at: Town.noon, in: tx) == nil)
                // Idle for twelve hours; and never longer than seven days.
                #expect(try posts.session(second.token, at: Town.noon + .hours(12), in: tx) == nil)
                #expect(try !tx.exists("SELECT 1 FROM account WHERE password LIKE '%horse%'"))
            }
            for day in 0..<14 {
                try await database.write { tx in try posts.touch(second.token, at: Town.noon + .hours(Int64(day) * 11), in: tx) }
            }
            try await database.read { tx throws in
                #expect(try posts.session(second.token, at: Town.noon + .hours(150), in: tx) != nil)
                #expect(try posts.session(second.token, at: Town.noon + .hours(24 * 7), in: tx) == nil)
            }
            try await database.write { tx in try posts.setDisabled(true, of: Town.person("li"), act: Town.act("off"), in: tx) }
            try await database.read { tx throws in #expect(try posts.session(second.token, at: Town.noon, in: tx) == nil) }
            await #expect(throws: SignInRefusal.disabled) {
                try await posts.signIn(name: "li", password: "correct horse", at: Town.noon, in: database)
            }
        }
    }

    @Test(arguments: Backend.all) func fiveWrongOnesLockAndLonger(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            try await account(town, database)
            let posts = town.posts
            for _ in 0..<5 {
                await #expect(throws: SignInRefusal.wrong) {
                    try await posts.signIn(name: "li", password: "x", at: Town.noon, in: database)
                }
            }
            let until = Town.noon + .seconds(30)
            await #expect(throws: SignInRefusal.locked(until: until)) {
                try await posts.signIn(name: "li", password: "correct horse", at: Town.noon, in: database)
            }
            await #expect(throws: SignInRefusal.wrong) { try await posts.signIn(name: "li", password: "x", at: until, in: database) }
            await #expect(throws: SignInRefusal.locked(until: until + .seconds(60))) {
                try await posts.signIn(name: "li", password: "x", at: until + .seconds(59), in: database)
            }
            _ = try await posts.signIn(name: "li", password: "correct horse", at: until + .seconds(60), in: database)
            await #expect(throws: SignInRefusal.wrong) {
                try await posts.signIn(name: "nobody", password: "x", at: Town.noon, in: database)
            }
            #expect(try await database.read { tx in try tx.count("SELECT COUNT(*) FROM entry WHERE verb = 'account.locked'") } == 2)
        }
    }

    @Test(arguments: Backend.all) func aReporterGetsTheSameLinkAgain(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            let report = Town.id("report")
            func pass() async throws -> String {
                try await database.write { tx in
                    try town.posts.reporterPass(report: report, verbs: ["confirm"], at: Town.noon, in: tx).token
                }
            }
            let token = try await pass()
            #expect(try await pass() == token && token.count == 24)
            let known = try await database.read { tx in try town.posts.pass(token, at: Town.noon, in: tx) }
            #expect(known?.subject == PassSubject(sort: "report", id: report) && known?.verbs == ["confirm"])
            try await database.write { tx in try town.posts.revoke(known?.id ?? PassID(report), act: Town.act("revoke"), in: tx) }
            #expect(try await database.read { tx in try town.posts.pass(token, at: Town.noon, in: tx) } == nil)
            #expect(try await database.read { tx in try tx.count("SELECT COUNT(*) FROM pass") } == 1)
        }
    }

    @Test(arguments: Backend.all) func aClientHasAKeyAndARate(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            try await database.write { tx in
                try town.posts.addClient(ClientID(Town.id("c")), name: "app", key: "k1", rate: 2, act: Town.act("c"), in: tx)
            }
            let client = try await database.read { tx in try town.posts.client(key: "k1", in: tx) }
            let known = try #require(client)
            #expect(try await database.read { tx in try town.posts.client(key: "k2", in: tx) } == nil)
            let admitted = (0..<3).map { _ in town.posts.admit(known, at: Town.noon) }
            #expect(admitted == [true, true, false])
            #expect(town.posts.admit(known, at: Town.noon + .seconds(1)))
        }
    }
}

extension Posts {
    func stretchedForTest(_ password: String) async throws -> String {
        try await KeyStretching().record(of: password, cost: .light)
    }
}
