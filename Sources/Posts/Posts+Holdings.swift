import Basics
import Catalog
import Store

extension Posts {
    /// Puts a person on a post from instant to instant; the same id again changes nothing.
    /// - Throws: `PostsRefusal.notToYourself`, `.seatTaken` (one seat, another regular holder in that time), `.alreadyHolds`,
    ///   `.datesContradict`, `.ended`, `.unknownPost`, `.unknownPerson`, `.notAllowed`.
    package func beginHolding(_ new: Holding, act: Act, in tx: Transaction) throws {
        try tx.lock(new.post)
        if try tx.exists("SELECT 1 FROM holding WHERE id = \(new.id)") { return }
        let post = try post(new.post, in: tx)
        guard act.actor.person != new.person else { throw PostsRefusal.notToYourself }
        try require(.administer, on: post.path, act: act, in: tx)
        guard try tx.exists("SELECT 1 FROM person WHERE id = \(new.person)") else { throw PostsRefusal.unknownPerson }
        if let to = new.to, to <= new.from { throw PostsRefusal.datesContradict }
        if post.to < .end, Instant(post.to, in: zone) <= new.from { throw PostsRefusal.ended }
        if post.from > .beginning, let to = new.to, to <= Instant(post.from, in: zone) { throw PostsRefusal.datesContradict }
        for other in try overlapping(new, in: tx) {
            // A shift is told apart from holding the post: whoever holds it may also be on its rota.
            if other.person == new.person, (other.sort == .duty) == (new.sort == .duty) { throw PostsRefusal.alreadyHolds }
            if post.seats == .one, new.sort == .regular, other.sort == .regular { throw PostsRefusal.seatTaken(until: other.to) }
        }
        try tx.run(
            """
            INSERT INTO holding (id, post_id, person_id, from_at, to_at, sort)
            VALUES (\(new.id), \(new.post), \(new.person), \(new.from), \(new.to), \(new.sort))
            """)
        try changed(in: tx)
        try tx.record(
            act.entry(
                "holding.begun", subject: "holding", id: new.id.uuid, path: post.path,
                detail: ["post": "\(new.post)", "person": "\(new.person)", "sort": new.sort.rawValue, "from": "\(new.from.milliseconds)"]))
    }

    private func overlapping(_ new: Holding, in tx: Transaction) throws -> [Holding] {
        try tx.all(
            """
            SELECT \(sql: Holding.columns) FROM holding
            WHERE post_id = \(new.post) AND (to_at IS NULL OR to_at > \(new.from)) AND from_at < \(new.to ?? Instant(milliseconds: .max))
            ORDER BY from_at
            """, Holding.init)
    }

    /// Ends a holding; one that has not begun yet is withdrawn.
    /// - Throws: `PostsRefusal.unknownHolding`, `.ended` when it ended before.
    package func endHolding(_ id: HoldingID, at instant: Instant, act: Act, in tx: Transaction) throws {
        guard let known = try tx.first("SELECT \(sql: Holding.columns) FROM holding WHERE id = \(id)", Holding.init) else {
            if try tx.exists("SELECT 1 FROM entry WHERE subject_id = \(id) AND verb = 'holding.withdrawn'") { return }
            throw PostsRefusal.unknownHolding
        }
        try tx.lock(known.post)
        let post = try post(known.post, in: tx)
        try require(.administer, on: post.path, act: act, in: tx)
        if known.to == instant { return }
        if let to = known.to, to < instant { throw PostsRefusal.ended }
        let detail = ["post": "\(known.post)", "person": "\(known.person)", "to": "\(instant.milliseconds)"]
        if instant <= known.from {
            try tx.run("DELETE FROM holding WHERE id = \(id)")
            try tx.record(act.entry("holding.withdrawn", subject: "holding", id: id.uuid, path: post.path, detail: detail))
        } else {
            try tx.run("UPDATE holding SET to_at = \(instant) WHERE id = \(id)")
            try tx.record(act.entry("holding.ended", subject: "holding", id: id.uuid, path: post.path, detail: detail))
        }
        try changed(in: tx)
    }

    /// Who held a post, from the first to the last: the whole history.
    package func holdings(of post: PostID, in tx: Transaction) throws -> [Holding] {
        try tx.all("SELECT \(sql: Holding.columns) FROM holding WHERE post_id = \(post) ORDER BY from_at, id", Holding.init)
    }

    package func holdings(of person: PersonID, in tx: Transaction) throws -> [Holding] {
        try tx.all("SELECT \(sql: Holding.columns) FROM holding WHERE person_id = \(person) ORDER BY from_at, id", Holding.init)
    }
}
