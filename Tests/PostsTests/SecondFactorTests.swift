import Basics
import Catalog
import Foundation
import Posts
import Store
import Support
import Testing

@testable import Posts

/// Beyond the password, in the engine; the pages are walked in `WebTests`.
@Suite struct SecondFactorTests {
    /// Li holds a post whose role asks for a code.
    private func holder(_ town: Town, _ database: Database) async throws -> PersonID {
        let record = try await town.posts.stretchedForTest("correct horse")
        let person = Town.person("li")
        try await database.write { tx in
            try town.posts.bootstrap(at: Town.noon - .days(1), in: tx)
            try town.posts.addPerson(Person(id: person, name: "Li"), act: Town.act("p"), in: tx)
            try town.posts.addAccount(of: person, name: "li", record: record, act: Town.act("a"), in: tx)
            let book = try town.posts.book(in: tx)
            let post = try #require(book.posts.values.first { book.roles[$0.role]?.first == true })
            try town.posts.beginHolding(
                Holding(id: HoldingID(Town.act("h").id), post: post.id, person: person, from: Town.noon - .days(1)), act: Town.act("h"),
                in: tx)
        }
        return person
    }

    private func enrol(_ town: Town, _ database: Database) async throws -> (app: TOTP, done: Confirmed) {
        let posts = town.posts
        guard case .asksToEnrol(let step) = try await posts.enter(name: "li", password: "correct horse", at: Town.noon, in: database) else {
            throw PostsRefusal.notAllowed
        }
        let app = try await database.read { tx in
            try posts.step(step, at: Town.noon, in: tx).flatMap { try posts.app(of: $0, in: tx) }
        }
        let known = try #require(app)
        let code = known.code(at: TOTP.step(at: Town.noon))
        return (known, try await posts.confirm(step, code: code, trust: true, knock: Knock(), at: Town.noon, in: database))
    }

    private func asked(_ town: Town, _ database: Database, at now: Instant, device: String? = nil) async throws -> String? {
        let entered = try await town.posts.enter(
            name: "li", password: "correct horse", knock: Knock(device: device), at: now, in: database)
        return if case .asksForCode(let step) = entered { step } else { nil }
    }

    @Test("ASVS-6.3.3 a post that sees personal data opens with a code; a code opens once; tries are counted", arguments: Backend.all)
    func codes(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            let (posts, person) = (town.posts, try await holder(town, database))
            let (app, done) = try await enrol(town, database)
            #expect(done.recoveryCodes.count == 10 && Set(done.recoveryCodes).count == 10)
            try await database.read { tx throws in
                #expect(try posts.session(done.signedIn.token, at: Town.noon, in: tx)?.strong == true)
            }
            let later = Town.noon + .minutes(5)
            let step = try #require(try await asked(town, database, at: later))
            func confirm(_ code: String, _ step: String, at now: Instant) async throws -> Confirmed {
                try await posts.confirm(step, code: code, trust: false, knock: Knock(), at: now, in: database)
            }
            let right = app.code(at: TOTP.step(at: later))
            let first = try await confirm(right, step, at: later)
            #expect(first.device == nil && first.recoveryCodes.isEmpty)
            // The same code again, in a sign-in of its own.
            let again = try #require(try await asked(town, database, at: later + .seconds(1)))
            await #expect(throws: SignInRefusal.codeWrong) { try await confirm(right, again, at: later + .seconds(1)) }
            await #expect(throws: SignInRefusal.stepOver) { try await confirm(right, step, at: later) }
            for _ in 0..<4 {
                await #expect(throws: SignInRefusal.codeWrong) { try await confirm("000000", again, at: later + .seconds(2)) }
            }
            let until = later + .seconds(32)
            await #expect(throws: SignInRefusal.locked(until: until)) {
                try await confirm(app.code(at: TOTP.step(at: until - .seconds(1))), again, at: until - .seconds(1))
            }
            _ = try await confirm(app.code(at: TOTP.step(at: until)), again, at: until)
            let old = try #require(try await asked(town, database, at: until + .minutes(1)))
            await #expect(throws: SignInRefusal.stepOver) {
                try await confirm(app.code(at: TOTP.step(at: until + .minutes(11))), old, at: until + .minutes(11))
            }
            let verbs = try await database.read { tx in try tx.entries(of: person).map(\.verb) }
            #expect(verbs.filter { $0 == "account.code_refused" }.count == 5 && verbs.contains("account.locked"))
            #expect(verbs.contains("account.second_factor_set") && verbs.filter { $0 == "account.signed_in" }.count == 3)
        }
    }

    @Test("a recovery code opens once; a device is trusted thirty days or until it is not; a reset begins anew", arguments: Backend.all)
    func recovery(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            let (posts, person) = (town.posts, try await holder(town, database))
            let (_, done) = try await enrol(town, database)
            let day = Town.noon + .days(1)
            let code = try #require(done.recoveryCodes.last)
            for (given, opens) in [(code.uppercased(), true), (code, false), ("3abcd-efghj", false)] {
                let step = try #require(try await asked(town, database, at: day))
                let confirmed = try? await posts.confirm(step, code: given, trust: false, knock: Knock(), at: day, in: database)
                #expect((confirmed != nil) == opens, "\(given)")
            }
            #expect(try await database.read { try posts.secondFactor(of: person, at: day, in: $0) }?.recoveryLeft == 9)
            // The device of the first time.
            #expect(try await asked(town, database, at: day, device: done.device) == nil)
            #expect(try await asked(town, database, at: day, device: "another") != nil)
            #expect(try await asked(town, database, at: Town.noon + .days(30), device: done.device) != nil)
            let device = try #require(try await database.read { try posts.secondFactor(of: person, at: day, in: $0) }?.devices.first)
            let own = Act(id: Town.act("off").id, at: day, actor: .person(person, posts: []))
            try await database.write { tx in try posts.distrust(device.id, of: person, act: own, in: tx) }
            #expect(try await asked(town, database, at: day, device: done.device) != nil)
            // Nobody resets his own, and none that a post asks for is put down.
            await #expect(throws: PostsRefusal.notToYourself) {
                try await database.write { tx in try posts.resetSecondFactor(of: person, act: own, in: tx) }
            }
            await #expect(throws: SignInRefusal.factorNeeded) {
                try await posts.removeSecondFactor(password: "correct horse", act: own, in: database)
            }
            try await database.write { tx in try posts.resetSecondFactor(of: person, act: Town.act("reset"), in: tx) }
            guard case .asksToEnrol = try await posts.enter(name: "li", password: "correct horse", at: day, in: database) else {
                Issue.record("not asked to set up an app")
                return
            }
            try await database.read { tx throws in
                #expect(try posts.session(done.signedIn.token, at: Town.noon, in: tx) == nil, "its sessions end")
            }
        }
    }

    @Test("a session without a code ends when its holder comes to a post that asks for one", arguments: Backend.all)
    func promoted(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            let posts = town.posts
            let record = try await posts.stretchedForTest("correct horse")
            let person = Town.person("li")
            try await database.write { tx in
                try posts.bootstrap(at: Town.noon - .days(1), in: tx)
                try posts.addPerson(Person(id: person, name: "Li"), act: Town.act("p"), in: tx)
                try posts.addAccount(of: person, name: "li", record: record, act: Town.act("a"), in: tx)
            }
            let signed = try await posts.signIn(name: "li", password: "correct horse", at: Town.noon, in: database)
            try await database.write { tx in
                let book = try posts.book(in: tx)
                let post = try #require(book.posts.values.first { book.roles[$0.role]?.first == true })
                try posts.beginHolding(
                    Holding(id: HoldingID(Town.act("h").id), post: post.id, person: person, from: Town.noon + .hours(1)),
                    act: Town.act("h"), in: tx)
            }
            try await database.read { tx throws in
                #expect(try posts.session(signed.token, at: Town.noon + .minutes(59), in: tx) != nil)
                #expect(try posts.session(signed.token, at: Town.noon + .hours(1), in: tx) == nil)
            }
        }
    }

    @Test("ASVS-11.3.2 ASVS-11.3.3 a secret is sealed: each flipped bit, another owner and another use are refused", arguments: Backend.all)
    func sealed(on backend: Backend) async throws {
        try await withTown(backend) { town, database in
            let person = try await holder(town, database)
            let (app, _) = try await enrol(town, database)
            let (stored, server) = try await database.read { tx in
                (
                    try tx.first("SELECT secret FROM second_factor WHERE person_id = \(person)") { try $0[0] as [UInt8] } ?? [],
                    try town.posts.secret(in: tx)
                )
            }
            #expect(try server.open(stored, use: Posts.factorUse, of: person.uuid) == app.secret)
            #expect(stored.count > app.secret.count && !stored.indices.contains { stored[$0...].starts(with: app.secret.prefix(6)) })
            for bit in 0..<stored.count * 8 {
                var changed = stored
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: PostsFailure.self) { try server.open(changed, use: Posts.factorUse, of: person.uuid) }
            }
            #expect(throws: PostsFailure.self) { try server.open(stored, use: "other", of: person.uuid) }
            #expect(throws: PostsFailure.self) { try server.open(stored, use: Posts.factorUse, of: Town.person("zhou").uuid) }
            // Changed in the table, it opens nothing.
            var changed = stored
            changed[20] ^= 1
            let bytes = changed
            try await database.write { tx in _ = try tx.run("UPDATE second_factor SET secret = \(bytes) WHERE person_id = \(person)") }
            let step = try #require(try await asked(town, database, at: Town.noon + .minutes(2)))
            await #expect(throws: PostsFailure.self) {
                try await town.posts.confirm(
                    step, code: app.code(at: TOTP.step(at: Town.noon + .minutes(2))), trust: false, knock: Knock(),
                    at: Town.noon + .minutes(2), in: database)
            }
        }
    }
}
