import Basics
import Catalog
import Posts
import Store

extension Matters {
    /// A photo that was awaited is here: kept by `PhotoIntake` before, now it gets its row. A second time changes nothing.
    /// - Throws: `.unknown` when nobody awaits it.
    package func photoArrived(_ id: PhotoID, _ kept: PhotoIntake.Kept, act: Act, in tx: Transaction) throws {
        guard let row = try photoRow(id, in: tx) else { throw MatterRefusal.unknown }
        try tx.lock(row.matter)
        try tx.note(kept.small, at: act.at)
        try tx.note(kept.full, small: kept.small.digest, at: act.at)
        guard try tx.run("UPDATE photo SET digest = \(kept.full.digest), state = 'here' WHERE id = \(id) AND state <> 'here'") > 0 else {
            return
        }
        try settle(row.report, act: act, in: tx)
        try record("matter.photo_came", row, photo: id, act: act, in: tx)
    }

    /// A photo that could not be read: the report stands without it, and says so.
    package func photoRefused(_ id: PhotoID, act: Act, in tx: Transaction) throws {
        guard let row = try photoRow(id, in: tx) else { throw MatterRefusal.unknown }
        guard try tx.run("UPDATE photo SET state = 'refused' WHERE id = \(id) AND state = 'awaited'") > 0 else { return }
        try settle(row.report, act: act, in: tx)
        try record("matter.photo_refused", row, photo: id, act: act, in: tx)
    }

    private func photoRow(_ id: PhotoID, in tx: Transaction) throws -> (matter: MatterID, report: ReportID?)? {
        try tx.first("SELECT matter_id, report_id FROM photo WHERE id = \(id)") { (try $0["matter_id"], try $0["report_id"]) }
    }

    /// The report's own word on its photos: awaited while one is, else here when any is.
    private func settle(_ report: ReportID?, act: Act, in tx: Transaction) throws {
        guard let report else { return }
        let states = Set(try tx.all("SELECT state FROM photo WHERE report_id = \(report)") { try $0["state"] as Photo.State })
        let state: Report.PhotoState = states.contains(.awaited) ? .awaited : states.contains(.here) ? .here : .refused
        try tx.run("UPDATE report SET photo_state = \(state) WHERE id = \(report)")
        if state != .awaited { try tx.cancelTimers(of: report.uuid, sort: "clock.photo") }
    }

    private func record(_ verb: String, _ row: (matter: MatterID, report: ReportID?), photo: PhotoID, act: Act, in tx: Transaction) throws {
        guard let matter = try matter(row.matter, in: tx) else { return }
        try tx.record(act.entry(verb, subject: "matter", id: row.matter.uuid, path: matter.path, detail: ["photo": photo.description]))
    }

    /// Where a stored picture may be fetched by the public: its matter shows photos, or the viewer sees the matter.
    package func photoIsVisible(_ digest: String, to actor: Actor, at now: Instant, in tx: Transaction) throws -> Bool {
        let matters = try tx.all(
            """
            SELECT p.matter_id FROM photo p WHERE p.digest = \(digest) AND p.state = 'here'
            UNION SELECT p.matter_id FROM file f JOIN photo p ON p.digest = f.digest WHERE f.small = \(digest) AND p.state = 'here'
            LIMIT 20
            """
        ) { try $0["matter_id"] as MatterID }
        for id in matters {
            guard let matter = try matter(id, in: tx) else { continue }
            let kind = try kind(of: matter, in: tx)
            if isPublic(matter, kind), kind.shows.photo, try isLookedAt(matter.mergedInto ?? id, in: tx) { return true }
            if try sees(actor, matter, at: now, in: tx) { return true }
        }
        return false
    }
}
