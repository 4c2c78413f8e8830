import Basics
import Catalog
import Posts
import Store

/// One public step of a matter, with how the matter stood after it.
package struct PublicStep: Sendable {
    package let id: UUIDv7
    package let number: String
    package let at: Instant
    /// `opened`, an action of the kind, or what the engine says; its sentence is `step.<verb>`.
    package let verb: String
    package let open: Bool
    package let post: PostID?
    /// Nil where the kind keeps words to itself.
    package let words: String?
}

extension Matters {
    /// What strangers may know of, of all matters with a public face, oldest first.
    /// - Parameter numbers: of these matters only; empty is all.
    package func publicSteps(
        from: Instant, to: Instant, numbers: [String] = [], limit: Int = 1000, offset: Int = 0, in tx: Transaction
    ) throws -> [PublicStep] {
        let kinds = try kinds()
        guard let faces = publicFaces(kinds) else { return [] }
        let of: SQL = numbers.isEmpty ? "" : " AND m.number IN (\(list: numbers.prefix(1000)))"
        let found = try tx.all(
            """
            SELECT e.id, e.at, e.verb, e.post_id, e.detail, e.seq, m.id AS matter, m.number, m.kind, k.words
            FROM entry e JOIN matter m ON m.id = e.subject_id LEFT JOIN remark k ON k.entry_id = e.id AND k.public = true
            WHERE e.at >= \(from) AND e.at <= \(to) AND e.subject = 'matter' AND e.verb LIKE 'matter.%' AND e.verb NOT IN (\(list: Self.unsaid))
            AND \(sql: faces)\(sql: of) ORDER BY e.at, e.seq LIMIT \(min(max(limit, 1), 1000)) OFFSET \(max(offset, 0))
            """
        ) { row in
            Found(
                id: try row["id"], at: try row["at"], verb: Self.bare(try row["verb"]), post: try row["post_id"],
                does: (try row.json("detail", as: [String: String].self))["does"].flatMap { Mechanism(rawValue: $0) }, seq: try row["seq"],
                matter: try row["matter"], number: try row["number"], kind: try row["kind"], words: try row["words"])
        }
        let told = found.filter { !($0.does?.isInside ?? false) }
        let turns = try turns(of: Set(told.map(\.matter)), kinds, in: tx)
        return told.map { step in
            let open = turns[step.matter]?.last { $0.seq <= step.seq }?.open ?? true
            return PublicStep(
                id: step.id, number: step.number, at: step.at, verb: step.verb, open: open, post: step.post,
                words: kinds[step.kind].shows.words ? step.words.map(PublicWords.masked) : nil)
        }
    }

    private struct Found {
        let id: UUIDv7
        let at: Instant
        let verb: String
        let post: PostID?
        let does: Mechanism?
        let seq: Int64
        let matter: MatterID
        let number: String
        let kind: String
        let words: String?
    }

    /// Of no use to strangers, or not theirs.
    private static let unsaid = [
        "matter.reminded", "matter.recounted", "matter.photo_came", "matter.photo_refused", "matter.photo_missing", "matter.told",
    ]
    private static func bare(_ verb: String) -> String { String(verb.drop { $0 != "." }.dropFirst()) }

    /// Where each matter was opened and ended, by place in the journal.
    private func turns(of matters: Set<MatterID>, _ kinds: Kinds, in tx: Transaction) throws -> [MatterID: [(seq: Int64, open: Bool)]] {
        guard !matters.isEmpty else { return [:] }
        var turns: [MatterID: [(seq: Int64, open: Bool)]] = [:]
        try tx.each("SELECT subject_id, seq, verb, detail FROM entry WHERE subject_id IN (\(list: matters)) ORDER BY seq") { row in
            let detail = try row.json("detail", as: [String: String].self)
            let verb = Self.bare(try row["verb"])
            let open: Bool? =
                switch detail["does"].flatMap({ Mechanism(rawValue: $0) }) {
                case .finish, .close, .withdraw, .merge: false
                case .takeBack, .reopen, .unmerge: true
                case .confirm: detail["answer"] == Matter.Answer.no.rawValue
                default: verb == "closed_unconfirmed" ? false : nil
                }
            if let open { turns[try row["subject_id"], default: []].append((try row["seq"], open)) }
        }
        return turns
    }
}
