import Basics
import Foundation
import Store

/// What the right name and password led to.
package enum Entered: Sendable {
    case whole(SignedIn)
    /// The code of the app is asked for next.
    case asksForCode(step: String)
    /// An app has to be set up first.
    case asksToEnrol(step: String)
}

/// Where a try comes from: a mark of the sender's network (`ServerSecret.mark`) and the token of the device, if it brought one.
package struct Knock: Sendable {
    package let from: String?
    package let device: String?
    /// Token of the session the browser had; it ends.
    package let leaving: String?

    package init(from: String? = nil, device: String? = nil, leaving: String? = nil) {
        self.from = from
        self.device = device
        self.leaving = leaving
    }

    var detail: [String: String] { from.map { ["from": $0] } ?? [:] }
}

extension Posts {
    /// Free tries before the first lock.
    static let freeTries: Int64 = 5
    package static let shortestPassword = 8
    static let longestPassword = 200

    /// After the fifth failure 30 s, doubling to an hour.
    static func lock(after failures: Int64) -> Span? {
        guard failures >= freeTries else { return nil }
        return .seconds(min(3600, 30 << min(7, failures - freeTries)))
    }

    /// Takes name and password; a whole session follows when no code is to be given.
    ///
    /// An unknown name takes as long as a wrong password. While an account is locked nothing is tried, so the right password is refused too.
    /// - Throws: `SignInRefusal`.
    package func enter(name: String, password: String, knock: Knock = Knock(), at now: Instant, in database: Database) async throws
        -> Entered
    {
        let name = Self.accountName(name)
        guard password.utf8.count <= Self.longestPassword * 4 else { throw SignInRefusal.wrong }
        let known = try await database.write { tx in try Self.takeTry(name, at: now, in: tx) }
        let isRight = try await stretching.verify(password, against: known?.record ?? Self.nobody)
        guard let known, isRight, !known.disabled else {
            if let known { try await note(known, wrong: !isRight, knock, at: now, in: database) }
            throw isRight && known?.disabled == true ? SignInRefusal.disabled : SignInRefusal.wrong
        }
        let person = known.person
        let (token, step, entry) = (Secret.token(bytes: 24), Secret.token(bytes: 24), UUIDv7(at: now))
        let secret = try await newSealedSecret(of: person, in: database)
        let session = Session.new(of: person, at: now)
        return try await database.write { [self] tx in
            try tx.run("UPDATE account SET failed = 0, locked_until = NULL WHERE person_id = \(person)")
            let has = try hasSecondFactor(person, in: tx)
            let isTrusted = try has && trusts(knock.device, of: person, at: now, in: tx)
            if try !isTrusted && (has || demandsSecondFactor(of: person, at: now, in: tx)) {
                try begin(step, of: person, enrolling: has ? nil : secret, at: now, in: tx)
                return has ? .asksForCode(step: step) : .asksToEnrol(step: step)
            }
            let signed = SignedIn(token: token, session: session.stronger(has))
            try open(signed, leaving: knock.leaving, at: now, in: tx)
            try tx.record(
                Self.entry(
                    entry, "account.signed_in", person, at: now, detail: knock.detail.merging(isTrusted ? ["by": "device"] : [:]) { $1 })
            )
            return .whole(signed)
        }
    }

    /// What somebody did with his own account.
    static func entry(_ id: UUIDv7, _ verb: String, _ person: PersonID, at now: Instant, detail: [String: String] = [:]) -> Entry {
        Entry(
            id: id, at: now, actor: EntryActor(sort: .person, id: person.uuid), subject: "account", subjectID: person.uuid, verb: verb,
            path: .root, detail: detail)
    }

    struct Tried: Sendable {
        let person: PersonID
        let record: String
        let disabled: Bool
        /// How many tries since the last success, this one with them.
        let tries: Int64
        var locked: Bool { Posts.lock(after: tries) != nil }
    }

    /// Counts the try before it is made, so that many at once are no more tries than one after another; success sets it back.
    static func takeTry(_ name: String, at now: Instant, in tx: Transaction) throws -> Tried? {
        let found = try tx.first(
            """
            UPDATE account SET failed = failed + 1 WHERE name = \(name) AND (locked_until IS NULL OR locked_until <= \(now))
            RETURNING person_id, password, disabled, failed
            """
        ) { Tried(person: try $0["person_id"], record: try $0["password"], disabled: try $0["disabled"], tries: try $0["failed"]) }
        guard let tried = found else {
            if let until = try tx.first("SELECT locked_until FROM account WHERE name = \(name)", { try $0[0] as Instant? }) ?? nil {
                throw SignInRefusal.locked(until: until)
            }
            return nil
        }
        if let span = lock(after: tried.tries) {
            try tx.run("UPDATE account SET locked_until = \(now + span) WHERE person_id = \(tried.person)")
        }
        return tried
    }

    /// Nobody is known to have tried, so it is the platform that says so of the account.
    func note(_ tried: Tried, wrong: Bool, _ knock: Knock, at now: Instant, in database: Database) async throws {
        let verbs = ["account.sign_in_refused"] + (wrong && tried.locked ? ["account.locked"] : [])
        try await database.write { tx in
            for verb in verbs {
                try tx.record(
                    Entry(
                        id: tried.person.uuid.derived("\(verb) \(tried.tries) \(now.milliseconds)"), at: now, actor: .system("sign-in"),
                        subject: "account", subjectID: tried.person.uuid, verb: verb, path: .root, detail: knock.detail))
            }
        }
    }

    /// A record that no password opens; it costs what a real one costs.
    private static let nobody = "scrypt$32768$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

    /// Names are compared without case, width and outer spaces.
    package static func accountName(_ text: String) -> String { text.precomposedStringWithCompatibilityMapping.trimmingSpaces.lowercased() }
}
