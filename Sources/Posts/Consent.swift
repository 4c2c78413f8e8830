import Basics
import Store

/// What one person asks for and a second must agree to: once, in time, and never the same person.
package struct Consent: Sendable, Equatable {
    package enum Answer: String, Codable, Sendable { case yes, no }

    package let id: ConsentID
    /// The mechanism it is for.
    package let what: String
    package let subject: UUIDv7
    /// What is agreed to, exactly.
    package let detail: [String: String]
    package let askedBy: PersonID?
    package let askedPost: PostID?
    package let askedAt: Instant
    package let until: Instant
    package let answer: Answer?

    init(_ row: Row) throws {
        id = try row["id"]
        what = try row["what"]
        subject = try row["subject_id"]
        detail = try row.json("detail", as: [String: String].self)
        askedBy = try row["asked_by"]
        askedPost = try row["asked_post"]
        askedAt = try row["asked_at"]
        until = try row["until_at"]
        answer = try row["answer"]
    }
}

extension Posts {
    /// Asks for a second person's yes. A new request takes the place of one that still waits.
    package func ask(
        _ what: String, about subject: UUIDv7, _ detail: [String: String], post: PostID?, until: Instant, act: Act, in tx: Transaction
    ) throws {
        try tx.run("DELETE FROM consent WHERE subject_id = \(subject) AND what = \(what) AND answer IS NULL")
        try tx.run(
            """
            INSERT INTO consent (id, what, subject_id, detail, asked_by, asked_post, asked_at, until_at)
            VALUES (\(act.derived("consent \(what)")), \(what), \(subject), \(json: detail), \(act.actor.person), \(post), \(act.at), \(until))
            ON CONFLICT (id) DO NOTHING
            """)
    }

    /// The request that waits for an answer; nil when none does, or its time is over.
    package func asked(_ what: String, about subject: UUIDv7, at now: Instant, in tx: Transaction) throws -> Consent? {
        try tx.first(
            """
            SELECT * FROM consent WHERE subject_id = \(subject) AND what = \(what) AND answer IS NULL AND until_at > \(now)
            ORDER BY asked_at DESC LIMIT 1
            """, Consent.init)
    }

    /// Answers a request, once.
    /// - Throws: `PostsRefusal.ownConsent` for whoever asked.
    package func answer(_ consent: Consent, _ answer: Consent.Answer, act: Act, in tx: Transaction) throws {
        guard let giver = act.actor.person, giver != consent.askedBy else { throw PostsRefusal.ownConsent }
        try tx.run(
            """
            UPDATE consent SET answer = \(answer), answered_by = \(giver), answered_at = \(act.at) WHERE id = \(consent.id) AND answer IS NULL
            """)
    }
}
