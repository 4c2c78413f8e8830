import Basics
import Foundation
import Store

/// Why nobody is signed in; the sentences are `refusal.sign_in.…`.
package enum SignInRefusal: Refusal, Equatable {
    /// Wrong name or wrong password: never says which.
    case wrong
    case locked(until: Instant)
    case disabled
    case busy
    case passwordTooShort(least: Int)
    case passwordTooLong

    package var key: String { "sign_in." + name }

    private var name: String {
        switch self {
        case .wrong: "wrong"
        case .locked: "locked"
        case .disabled: "disabled"
        case .busy: "busy"
        case .passwordTooShort: "password_too_short"
        case .passwordTooLong: "password_too_long"
        }
    }

    package var values: [String: String] {
        switch self {
        case .locked(let until): ["until": "\(until.milliseconds)"]
        case .passwordTooShort(let least): ["least": "\(least)"]
        default: [:]
        }
    }

    package var sort: RefusalSort {
        switch self {
        case .wrong, .disabled: .forbidden
        case .locked, .busy: .tooMany
        case .passwordTooShort, .passwordTooLong: .invalid
        }
    }
}

/// A signed-in browser.
package struct Session: Sendable {
    package let person: PersonID
    /// To be sent back by every form.
    package let csrf: String
    package let madeAt: Instant
    package let seenAt: Instant
    /// Absolute end.
    package let until: Instant

    /// Unused for so long it ends.
    package static let idle = Span.hours(12)
    package static let longest = Span.days(7)
    /// `seen_at` is written at most so often: reading a page is not a write.
    static let seenStep = Span.minutes(5)
}

/// A new session: the token goes into the cookie and is nowhere else.
package struct SignedIn: Sendable {
    package let token: String
    package let session: Session
}

extension Posts {
    /// Free tries before the first lock.
    private static let freeTries: Int64 = 5
    package static let shortestPassword = 8
    static let longestPassword = 200

    /// After the fifth failure 30 s, doubling to an hour.
    private static func lock(after failures: Int64) -> Span? {
        guard failures >= freeTries else { return nil }
        return .seconds(min(3600, 30 << min(7, failures - freeTries)))
    }

    /// A new session for the right name and password.
    ///
    /// An unknown name takes as long as a wrong password. While an account is locked nothing is tried, so the right password is refused too.
    /// - Parameter leaving: token of the session the browser had; it ends.
    /// - Throws: `SignInRefusal`.
    package func signIn(name: String, password: String, leaving: String? = nil, at now: Instant, in database: Database) async throws
        -> SignedIn
    {
        let name = Self.accountName(name)
        guard password.utf8.count <= Self.longestPassword * 4 else { throw SignInRefusal.wrong }
        let known = try await database.write { tx in try Self.takeTry(name, at: now, in: tx) }
        let isRight = try await stretching.verify(password, against: known?.record ?? Self.nobody)
        guard let known, isRight else {
            if let known, known.locked { try await database.write { tx in try Self.noteLock(known, at: now, in: tx) } }
            throw SignInRefusal.wrong
        }
        guard !known.disabled else { throw SignInRefusal.disabled }
        let token = Secret.token(bytes: 24)
        let session = Session(person: known.person, csrf: Secret.token(), madeAt: now, seenAt: now, until: now + Session.longest)
        try await database.write { tx in
            try tx.run("UPDATE account SET failed = 0, locked_until = NULL WHERE person_id = \(known.person)")
            if let leaving { try tx.run("DELETE FROM session WHERE digest = \(Secret.digest(leaving))") }
            try tx.run("DELETE FROM session WHERE person_id = \(known.person) AND (until < \(now) OR seen_at < \(now - Session.idle))")
            try tx.run(
                """
                INSERT INTO session (digest, person_id, csrf, made_at, seen_at, until)
                VALUES (\(Secret.digest(token)), \(session.person), \(session.csrf), \(now), \(now), \(session.until))
                """)
        }
        return SignedIn(token: token, session: session)
    }

    private struct Tried: Sendable {
        let person: PersonID
        let record: String
        let disabled: Bool
        /// How many tries since the last success, this one with them.
        let tries: Int64
        var locked: Bool { Posts.lock(after: tries) != nil }
    }

    /// Counts the try before it is made, so that many at once are no more tries than one after another; success sets it back.
    private static func takeTry(_ name: String, at now: Instant, in tx: Transaction) throws -> Tried? {
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

    private static func noteLock(_ tried: Tried, at now: Instant, in tx: Transaction) throws {
        try tx.record(
            Entry(
                id: tried.person.uuid.derived("locked \(tried.tries) \(now.milliseconds)"), at: now, actor: .system("sign-in"),
                subject: "account", subjectID: tried.person.uuid, verb: "account.locked", path: .root))
    }

    /// A record that no password opens; it costs what a real one costs.
    private static let nobody = "scrypt$32768$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

    /// Names are compared without case, width and outer spaces.
    package static func accountName(_ text: String) -> String { text.precomposedStringWithCompatibilityMapping.trimmingSpaces.lowercased() }

    // MARK: Sessions

    /// The session of a cookie's token; nil when it ended, was idle too long, or the account is disabled.
    package func session(_ token: String, at now: Instant, in tx: Transaction) throws -> Session? {
        let session = try tx.first(
            """
            SELECT s.person_id, s.csrf, s.made_at, s.seen_at, s.until FROM session s JOIN account a ON a.person_id = s.person_id
            WHERE s.digest = \(Secret.digest(token)) AND a.disabled = \(false)
            """
        ) {
            Session(
                person: try $0["person_id"], csrf: try $0["csrf"], madeAt: try $0["made_at"], seenAt: try $0["seen_at"],
                until: try $0["until"])
        }
        guard let session, session.until > now, session.seenAt + Session.idle > now else { return nil }
        return session
    }

    /// Those of the tokens whose session is still good.
    package func good(_ tokens: Set<String>, at now: Instant, in tx: Transaction) throws -> Set<String> {
        guard !tokens.isEmpty else { return [] }
        let byDigest = Dictionary(tokens.map { (Secret.digest($0), $0) }, uniquingKeysWith: { first, _ in first })
        let found = try tx.all(
            """
            SELECT s.digest FROM session s JOIN account a ON a.person_id = s.person_id
            WHERE s.digest IN (\(list: byDigest.keys)) AND a.disabled = \(false) AND s.until > \(now) AND s.seen_at > \(now - Session.idle)
            """
        ) { try $0["digest"] as [UInt8] }
        return Set(found.compactMap { byDigest[$0] })
    }

    /// Whether the use of a session is to be noted again; also when it was noted by a clock that has been set back since.
    package func wantsTouch(_ session: Session, at now: Instant) -> Bool {
        now - session.seenAt >= Session.seenStep || session.seenAt - now >= Session.seenStep
    }

    package func touch(_ token: String, at now: Instant, in tx: Transaction) throws {
        try tx.run(
            """
            UPDATE session SET seen_at = \(now)
            WHERE digest = \(Secret.digest(token)) AND (seen_at < \(now) OR seen_at > \(now + Session.seenStep))
            """)
    }

    /// Whether this is the token of a session that has ended: it is then put away, so that a clock set back does not bring it to life.
    package func isOver(_ token: String, at now: Instant, in tx: Transaction) throws -> Bool {
        try tx.exists("SELECT 1 FROM session WHERE digest = \(Secret.digest(token)) AND \(sql: over(now))")
    }

    package func putAway(_ token: String, at now: Instant, in tx: Transaction) throws {
        try tx.run("DELETE FROM session WHERE digest = \(Secret.digest(token)) AND \(sql: over(now))")
    }

    private func over(_ now: Instant) -> SQL { "(until <= \(now) OR seen_at <= \(now - Session.idle))" }

    package func signOut(_ token: String, in tx: Transaction) throws {
        try tx.run("DELETE FROM session WHERE digest = \(Secret.digest(token))")
    }

    package func signOutEverywhere(_ person: PersonID, in tx: Transaction) throws {
        try tx.run("DELETE FROM session WHERE person_id = \(person)")
    }
}
