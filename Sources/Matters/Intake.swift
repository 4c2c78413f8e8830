import Basics
import Posts
import Store

/// A call as far as it is written down. It lies at a desk, in one person's hand or waiting there for whoever takes it up.
package struct Intake: Sendable {
    package let id: ReportID
    package let post: PostID
    package let person: PersonID?
    package let movedBy: PersonID?
    /// The form, field by field, as it was left.
    package let fields: [String: String]
    package let startedAt: Instant
    package let changedAt: Instant

    static let columns: SQL = "id, post_id, person_id, moved_by, fields, started_at, changed_at"

    init(_ row: Row) throws {
        id = try row["id"]
        post = try row["post_id"]
        person = try row["person_id"]
        movedBy = try row["moved_by"]
        fields = try row.json("fields")
        startedAt = try row["started_at"]
        changedAt = try row["changed_at"]
    }
}

package enum IntakeRefusal: String, Refusal {
    /// Somebody else took it up, or it waits at another desk.
    case elsewhere
    case unknown
    /// No desk that takes calls.
    case nowhere
    case overlong

    package var key: String { "intake." + rawValue }
    package var sort: RefusalSort {
        switch self {
        case .elsewhere: .conflict
        case .unknown: .missing
        case .nowhere, .overlong: .invalid
        }
    }
}

extension Matters {
    /// What was begun and forgotten is personal data of somebody: it goes after so long.
    private static let keptFor = Span.days(7)
    private static let longest = 30_000

    /// The calls in this person's hand and those that lie at desks he answers for, oldest first.
    package func intakes(for actor: Actor, at now: Instant, in tx: Transaction) throws -> [Intake] {
        try intakes("", for: actor, at: now, in: tx)
    }

    /// - Throws: `.unknown` for one that is nobody's business here.
    package func intake(_ id: ReportID, for actor: Actor, at now: Instant, in tx: Transaction) throws -> Intake {
        guard let found = try intakes(" AND id = \(id)", for: actor, at: now, in: tx).first else { throw IntakeRefusal.unknown }
        return found
    }

    private func intakes(_ more: SQL, for actor: Actor, at now: Instant, in tx: Transaction) throws -> [Intake] {
        guard let person = actor.person, !actor.heldPosts.isEmpty else { return [] }
        let mine = Self.answered(by: actor, at: now, book: try posts.book(in: tx)).prefix(16_000)
        return try tx.all(
            """
            SELECT \(sql: Intake.columns) FROM intake
            WHERE (person_id = \(person) OR post_id IN (\(list: mine))) AND changed_at > \(now - Self.keptFor)\(sql: more)
            ORDER BY started_at, id LIMIT 50
            """, Intake.init)
    }

    /// Keeps the form as it stands, in the hand of whoever writes it.
    /// - Parameter begins: worth a beginning; what was begun is kept also when all of it is taken out again.
    /// - Returns: the form as it was before; nil when it is new.
    /// - Throws: `IntakeRefusal.elsewhere` once it is in other hands.
    @discardableResult
    package func keep(
        _ id: ReportID, _ fields: [String: String], begins: Bool = true, act: Act, in tx: Transaction
    ) throws -> [String: String]? {
        guard let person = act.actor.person, let post = try deskPost(of: act.actor, in: tx) else { throw IntakeRefusal.nowhere }
        guard fields.reduce(0, { $0 + $1.value.count }) <= Self.longest else { throw IntakeRefusal.overlong }
        try tx.lock(id)
        // It has become a report meanwhile: a late keystroke must not bring it back.
        if try tx.exists("SELECT 1 FROM report WHERE id = \(id)") { return fields }
        if let known = try stored(id, in: tx) {
            guard known.person == person else { throw IntakeRefusal.elsewhere }
            guard known.fields != fields else { return fields }
            try tx.run("UPDATE intake SET fields = \(json: fields), changed_at = \(act.at) WHERE id = \(id)")
            return known.fields
        } else if begins {
            try tx.run("DELETE FROM intake WHERE changed_at <= \(act.at - Self.keptFor)")
            try tx.run(
                """
                INSERT INTO intake (id, post_id, person_id, fields, started_at, changed_at)
                VALUES (\(id), \(post), \(person), \(json: fields), \(act.at), \(act.at))
                """)
        }
        return nil
    }

    /// The history of a number was opened: once on record for each call and number.
    package func noteLook(at caller: CallerNumber, for id: ReportID, reports: Int, act: Act, in tx: Transaction) throws {
        guard reports > 0, let post = try deskPost(of: act.actor, in: tx), let path = try posts.book(in: tx).posts[post]?.path else {
            return
        }
        let look = Act(id: id.uuid.derived("look \(caller.digits) \(act.actor.person?.description ?? "")"), at: act.at, actor: act.actor)
        try tx.record(
            look.entry("intake.looked", subject: "intake", id: id.uuid, path: path, post: post, detail: ["reports": String(reports)]))
    }

    /// Sends it, as it stands, to another desk, where somebody takes it up.
    package func move(_ id: ReportID, to desk: PostID, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        let book = try posts.book(in: tx)
        guard let known = try stored(id, in: tx) else { throw IntakeRefusal.unknown }
        guard let person = act.actor.person, known.person == person else { throw IntakeRefusal.elsewhere }
        guard let post = desks(for: act.actor, at: act.at, book: book).first(where: { $0.id == desk }) else { throw IntakeRefusal.nowhere }
        try tx.run(
            "UPDATE intake SET post_id = \(desk), person_id = NULL, moved_by = \(person), changed_at = \(act.at) WHERE id = \(id)")
        try tx.record(
            act.entry(
                "intake.moved", subject: "intake", id: id.uuid, path: post.path, post: known.post,
                detail: ["to": desk.description, "from": known.post.description]))
    }

    /// Takes it up where it was left: from one's own desk, or out of a colleague's hand at the same one.
    package func takeUp(_ id: ReportID, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        let known = try intake(id, for: act.actor, at: act.at, in: tx)
        guard let person = act.actor.person, known.person != person else { return }
        try tx.run("UPDATE intake SET person_id = \(person), changed_at = \(act.at) WHERE id = \(id)")
        let path = try posts.book(in: tx).posts[known.post]?.path ?? .root
        try tx.record(
            act.entry("intake.taken", subject: "intake", id: id.uuid, path: path, post: known.post, detail: ["to": known.post.description]))
    }

    /// It became a report, or nothing came of it.
    package func drop(_ id: ReportID, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        guard let known = try stored(id, in: tx) else { return }
        guard known.person == act.actor.person else { throw IntakeRefusal.elsewhere }
        try tx.run("DELETE FROM intake WHERE id = \(id)")
    }

    /// Whether this person registered the report at the desk: he may read its number and code out, wherever the matter lies.
    package func tookIn(_ report: Report, _ actor: Actor, in tx: Transaction) throws -> Bool {
        guard let person = actor.person else { return false }
        let act = Self.registering(report.id, at: report.at, by: actor)
        let entries = ["matter.opened", "matter.joined"].map {
            act.entry($0, subject: "matter", id: report.firstMatter.uuid, path: .root).id
        }
        return try tx.exists("SELECT 1 FROM entry WHERE id IN (\(list: entries)) AND actor_id = \(person)")
    }

    /// The act that makes a report of a call; the same however often it is sent.
    package static func registering(_ id: ReportID, at now: Instant, by actor: Actor) -> Act {
        Act(id: id.uuid.derived("open"), at: now, actor: actor)
    }

    /// Who has a call with this id in hand.
    func holder(of id: ReportID, in tx: Transaction) throws -> PersonID? {
        try tx.first("SELECT COALESCE(person_id, moved_by) AS person FROM intake WHERE id = \(id)") { try $0["person"] as PersonID? } ?? nil
    }

    private func stored(_ id: ReportID, in tx: Transaction) throws -> Intake? {
        try tx.first("SELECT \(sql: Intake.columns) FROM intake WHERE id = \(id)", Intake.init)
    }

    /// The post as which somebody takes calls.
    private func deskPost(of actor: Actor, in tx: Transaction) throws -> PostID? {
        let book = try posts.book(in: tx)
        return actor.heldPosts.first { !book.roles.reaches($0.role, .report).isEmpty }?.post
    }

    /// Where a call may be sent: filled posts that give work out, one's own land and what is above it first.
    package func desks(for actor: Actor, at now: Instant, book: PostBook) -> [Post] {
        let own = actor.heldPosts
        let held = Set(own.map(\.post))
        func rank(_ post: Post) -> Int {
            own.contains { post.path.covers($0.path) } ? 0 : own.contains { $0.path.covers(post.path) } ? 1 : 2
        }
        let roles = book.roles.byID.keys.filter {
            !book.roles.reaches($0, .direct).isEmpty && !book.roles.reaches($0, .report).isEmpty
        }
        return roles.flatMap { book.filled($0, at: now) }.filter { !held.contains($0.id) || $0.seats == .many }.sorted {
            (rank($0), $0.path, $0.name, $0.id) < (rank($1), $1.path, $1.name, $1.id)
        }
    }
}
