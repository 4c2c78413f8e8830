import Basics
import Catalog
import Posts
import Store

/// What an act did, or would do, to one of several matters.
package struct Outcome: Sendable {
    package let id: MatterID
    /// The matter as it stood before.
    package let matter: Matter
    /// After it; nil where it was refused.
    package let performed: Performed?
    package let refused: (any Refusal)?
}

extension Matters {
    package static let mostTogether = 50

    /// How far the journal of each matter has come: by it one knows later whether anything happened meanwhile.
    package func versions(of ids: [MatterID], in tx: Transaction) throws -> [MatterID: Int64] {
        guard !ids.isEmpty else { return [:] }
        var found: [MatterID: Int64] = [:]
        try tx.each("SELECT subject_id, MAX(seq) AS seq FROM entry WHERE subject_id IN (\(list: ids)) GROUP BY subject_id") {
            found[try $0["subject_id"]] = try $0["seq"]
        }
        return found
    }

    /// What an action would do to each of several matters: it is done to each, and all of it undone.
    /// - Returns: in the order given; what the actor does not see is left out.
    package func rehearse(_ verb: String, on ids: [MatterID], input: ActInput, act: Act, in database: Database) async throws -> [Outcome] {
        do {
            return try await database.write { tx in
                let seen = try self.seen(ids, by: act.actor, at: act.at, in: tx)
                var outcomes: [Outcome] = []
                for id in ids where seen.contains(id) {
                    guard let matter = try self.matter(id, in: tx) else { continue }
                    do {
                        let done = try tx.savepoint { try self.perform(verb, on: id, input: input, act: Self.one(of: act, id), in: tx) }
                        outcomes.append(Outcome(id: id, matter: matter, performed: done, refused: nil))
                    } catch let refusal as any Refusal {
                        outcomes.append(Outcome(id: id, matter: matter, performed: nil, refused: refusal))
                    }
                }
                throw Rehearsed(outcomes: outcomes)
            }
        } catch let rehearsed as Rehearsed {
            return rehearsed.outcomes
        }
    }

    /// The same action on several matters, each in a write of its own: what is refused for one stays undone and hinders no other.
    /// - Parameter versions: as they were when it was decided; a matter to which something happened since is left as it is (`.changed`).
    package func perform(
        _ verb: String, on ids: [MatterID], since versions: [MatterID: Int64], input: ActInput, act: Act, in database: Database
    ) async throws -> [Outcome] {
        var outcomes: [Outcome] = []
        for id in ids {
            let outcome: Outcome? = try await database.write { tx in
                try tx.lock(id)
                guard let matter = try self.matter(id, in: tx), try self.sees(act.actor, matter, at: act.at, in: tx) else { return nil }
                do {
                    let done = try tx.savepoint {
                        let one = Self.one(of: act, id)
                        let entry = one.entry("matter.\(verb)", subject: "matter", id: id.uuid, path: matter.path).id
                        // Sent twice it is one act, whatever it has changed itself.
                        if try !tx.hasEntry(entry), let known = versions[id], try self.versions(of: [id], in: tx)[id] != known {
                            throw MatterRefusal.changed
                        }
                        return try self.perform(verb, on: id, input: input, act: one, in: tx)
                    }
                    return Outcome(id: id, matter: matter, performed: done, refused: nil)
                } catch let refusal as any Refusal {
                    return Outcome(id: id, matter: matter, performed: nil, refused: refusal)
                }
            }
            if let outcome { outcomes.append(outcome) }
        }
        return outcomes
    }

    /// Carries what was found out of a transaction that is undone.
    private struct Rehearsed: Error { let outcomes: [Outcome] }

    private static func one(of act: Act, _ id: MatterID) -> Act { Act(id: act.derived("of \(id)"), at: act.at, actor: act.actor) }
}
