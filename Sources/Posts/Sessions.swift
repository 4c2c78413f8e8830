import Basics
import Store

/// A signed-in browser.
package struct Session: Sendable {
    package let person: PersonID
    /// To be sent back by every form.
    package let csrf: String
    package let madeAt: Instant
    package let seenAt: Instant
    /// Absolute end.
    package let until: Instant
    /// A code was given besides the password, now or on this device before.
    package let strong: Bool

    /// Unused for so long it ends.
    package static let idle = Span.hours(12)
    package static let longest = Span.days(7)
    /// `seen_at` is written at most so often: reading a page is not a write.
    static let seenStep = Span.minutes(5)

    static func new(of person: PersonID, strong: Bool = false, at now: Instant) -> Session {
        Session(person: person, csrf: Secret.token(), madeAt: now, seenAt: now, until: now + longest, strong: strong)
    }

    func stronger(_ strong: Bool) -> Session {
        Session(person: person, csrf: csrf, madeAt: madeAt, seenAt: seenAt, until: until, strong: strong)
    }
}

/// A new session: the token goes into the cookie and is nowhere else.
package struct SignedIn: Sendable {
    package let token: String
    package let session: Session
}

extension Posts {
    /// The session of a cookie's token; nil when it ended, was idle too long, the account is disabled, or a post held by now asks for a
    /// code that was not given.
    package func session(_ token: String, at now: Instant, in tx: Transaction) throws -> Session? {
        let session = try tx.first(
            """
            SELECT s.person_id, s.csrf, s.made_at, s.seen_at, s.until, s.strong FROM session s JOIN account a ON a.person_id = s.person_id
            WHERE s.digest = \(Secret.digest(token)) AND a.disabled = \(false)
            """
        ) {
            Session(
                person: try $0["person_id"], csrf: try $0["csrf"], madeAt: try $0["made_at"], seenAt: try $0["seen_at"],
                until: try $0["until"], strong: try $0["strong"])
        }
        guard let session, session.until > now, session.seenAt + Session.idle > now else { return nil }
        return try session.strong || !demandsSecondFactor(of: session.person, at: now, in: tx) ? session : nil
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

    /// Puts a new session in the place of the one before.
    func open(_ signed: SignedIn, leaving: String?, at now: Instant, in tx: Transaction) throws {
        let session = signed.session
        if let leaving { try tx.run("DELETE FROM session WHERE digest = \(Secret.digest(leaving))") }
        try tx.run("DELETE FROM session WHERE person_id = \(session.person) AND (until < \(now) OR seen_at < \(now - Session.idle))")
        try tx.run(
            """
            INSERT INTO session (digest, person_id, csrf, made_at, seen_at, until, strong)
            VALUES (\(Secret.digest(signed.token)), \(session.person), \(session.csrf), \(now), \(now), \(session.until), \(session.strong))
            """)
    }

    /// What somebody was refused, took away or looked at.
    package func noteAccess(
        _ verb: String, of person: PersonID, detail: [String: String], entry: UUIDv7, at now: Instant, in tx: Transaction
    )
        throws
    {
        try tx.record(Self.entry(entry, verb, person, at: now, detail: detail))
    }

    package func signOut(_ token: String, entry: UUIDv7, at now: Instant, in tx: Transaction) throws {
        let person = try tx.first("DELETE FROM session WHERE digest = \(Secret.digest(token)) RETURNING person_id") {
            try $0[0] as PersonID
        }
        if let person { try tx.record(Self.entry(entry, "account.signed_out", person, at: now)) }
    }

    package func signOutEverywhere(_ person: PersonID, in tx: Transaction) throws {
        try tx.run("DELETE FROM session WHERE person_id = \(person)")
    }
}
