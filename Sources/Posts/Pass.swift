import Basics
import Store

/// A capability link: one subject, listed verbs, an end; only the digest of its token is kept.
package struct Pass: Sendable, Hashable {
    package let id: PassID
    package let subject: PassSubject
    package let verbs: Set<String>
    package let until: Instant?

    package init(id: PassID, subject: PassSubject, verbs: Set<String>, until: Instant? = nil) {
        self.id = id
        self.subject = subject
        self.verbs = verbs
        self.until = until
    }

    package var actor: Actor { .pass(id, subject: subject, verbs: verbs) }
}

extension Posts {
    /// The reporter's pass: token and id follow from the server's secret and the report, so a report sent again has the same link.
    package func reporterPass(report: UUIDv7, verbs: Set<String>, at now: Instant, in tx: Transaction) throws -> (pass: Pass, token: String)
    {
        let pass = Pass(id: PassID(report.derived("pass")), subject: PassSubject(sort: "report", id: report), verbs: verbs)
        let token = try secret(in: tx).token(for: report)
        try issue(pass, token: token, at: now, in: tx)
        return (pass, token)
    }

    /// Keeps what is there when the pass was issued before.
    package func issue(_ pass: Pass, token: String, at now: Instant, in tx: Transaction) throws {
        try tx.run(
            """
            INSERT INTO pass (digest, id, subject, subject_id, verbs, made_at, until, revoked_at)
            VALUES (\(Secret.digest(token)), \(pass.id), \(pass.subject.sort), \(pass.subject.id), \(json: pass.verbs.sorted()), \(now),
                \(pass.until), NULL)
            ON CONFLICT DO NOTHING
            """)
    }

    /// The pass of a token; nil when there is none, it ended or was revoked.
    package func pass(_ token: String, at now: Instant, in tx: Transaction) throws -> Pass? {
        try tx.first(
            """
            SELECT id, subject, subject_id, verbs, until FROM pass
            WHERE digest = \(Secret.digest(token)) AND revoked_at IS NULL AND (until IS NULL OR until > \(now))
            """
        ) {
            Pass(
                id: try $0["id"], subject: PassSubject(sort: try $0["subject"], id: try $0["subject_id"]),
                verbs: Set(try $0.json("verbs", as: [String].self)), until: try $0["until"])
        }
    }

    /// What was done by the link stays; the link is dead.
    package func revoke(_ id: PassID, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        let changed = try tx.run("UPDATE pass SET revoked_at = \(act.at) WHERE id = \(id) AND revoked_at IS NULL")
        if changed > 0 { try tx.record(act.entry("pass.revoked", subject: "pass", id: id.uuid, path: .root)) }
    }
}
