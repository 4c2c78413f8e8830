import Basics
import Catalog
import Store

extension Posts {
    /// Gives a unit or post a subject on some land; the same id again changes nothing. Whoever looks after that land alone gives it to
    /// what stands above it or on it, not to the units of a neighbor.
    /// - Throws: `PostsRefusal.notAllowed`, `.datesContradict`, `.unknownUnit`, `.unknownPost`, `.nameMissing` (the subject).
    package func addRemit(_ new: Remit, act: Act, in tx: Transaction) throws {
        try tx.lock(new.id)
        if try tx.exists("SELECT 1 FROM remit WHERE id = \(new.id)") { return }
        try require(.administer, on: new.path, act: act, in: tx)
        let subject = try Self.named(new.subject)
        guard new.from < new.to else { throw PostsRefusal.datesContradict }
        var (unit, post): (UnitID?, PostID?) = (nil, nil)
        switch new.owner {
        case .unit(let id):
            let owner = try self.unit(id, in: tx)
            try requireBeside(path(of: owner, in: tx), new.path, act: act, in: tx)
            unit = owner.id
        case .post(let id):
            let owner = try self.post(id, in: tx)
            try requireBeside(owner.path, new.path, act: act, in: tx)
            post = owner.id
        }
        // Who has posts only by another's yes widens none of them either.
        if let post, act.actor.heldPosts.contains(where: { $0.post == post }) { throw PostsRefusal.notToYourself }
        if let unit, act.actor.heldPosts.contains(where: { $0.unit == unit }) { throw PostsRefusal.notToYourself }
        try tx.run(
            """
            INSERT INTO remit (id, unit_id, post_id, subject, path, from_day, to_day)
            VALUES (\(new.id), \(unit), \(post), \(subject), \(new.path), \(new.from), \(new.to))
            """)
        try changed(in: tx)
        try tx.record(act.entry("remit.added", subject: "remit", id: new.id.uuid, path: new.path, detail: ["subject": subject]))
    }

    /// Ends a remit from the beginning of a day; one that has not begun is gone.
    package func endRemit(_ id: RemitID, on day: Day, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        guard let known = try tx.first("SELECT \(sql: Remit.columns) FROM remit WHERE id = \(id)", Remit.init) else {
            if try tx.exists("SELECT 1 FROM entry WHERE subject_id = \(id) AND verb = 'remit.ended'") { return }
            throw PostsRefusal.unknownRemit
        }
        try require(.administer, on: known.path, act: act, in: tx)
        if known.to == day { return }
        guard known.to > day else { throw PostsRefusal.ended }
        if day <= known.from {
            try tx.run("DELETE FROM remit WHERE id = \(id)")
        } else {
            try tx.run("UPDATE remit SET to_day = \(day) WHERE id = \(id)")
        }
        try changed(in: tx)
        try tx.record(act.entry("remit.ended", subject: "remit", id: id.uuid, path: known.path, detail: ["on": "\(day)"]))
    }
}
