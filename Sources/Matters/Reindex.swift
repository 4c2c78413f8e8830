import Basics
import Ledger
import Store

// Brings what was indexed before up to today's, a little at a time, so that others write in between.

extension Matters {
    /// Indexes some matters again, in the order of their ids. - Returns: the last one done; nil when none was left.
    private func reindex(after last: MatterID?, limit: Int, in tx: Transaction) throws -> MatterID? {
        let from: SQL = last.map { "WHERE m.id > \($0)" } ?? ""
        let ids = try tx.all("SELECT m.id FROM matter m \(sql: from) ORDER BY m.id LIMIT \(limit)") { try $0["id"] as MatterID }
        for id in ids { try indexAgain(id, in: tx) }
        return ids.last
    }

    /// NB: read under its lock: an act meanwhile may give it another category or post, and what is written last stays.
    private func indexAgain(_ id: MatterID, in tx: Transaction) throws {
        try tx.lock(id)
        if let matter = try matter(id, in: tx) { try indexText(of: matter, in: tx) }
    }

    /// Notes the caller's number of some reports that were made before it was kept apart.
    private func renumber(after last: ReportID?, limit: Int, in tx: Transaction) throws -> ReportID? {
        let from: SQL = last.map { "id > \($0) AND " } ?? ""
        let reports = try tx.all(
            "SELECT id, contact FROM report WHERE \(sql: from)contact IS NOT NULL AND caller IS NULL ORDER BY id LIMIT \(limit)"
        ) { (id: try $0["id"] as ReportID, phone: try $0.json("contact", as: [String: String].self)["phone"]) }
        for report in reports {
            guard let caller = report.phone.flatMap({ CallerNumber($0) }) else { continue }
            try tx.run("UPDATE report SET caller = \(caller.digits) WHERE id = \(report.id)")
        }
        return reports.last?.id
    }

    /// Brings what was indexed by an older version up to today's, a little at a time, so that others write in between. Broken off, it
    /// begins again.
    /// - Returns: how many matters and records; nil when nothing had to be done.
    package func reindex(in database: Database, batch: Int = 100) async throws -> Int? {
        if try await database.read({ try $0.isSearchCurrent() }) { return nil }
        var count = 0
        var report: ReportID?
        repeat {
            report = try await database.write { [report] tx in try self.renumber(after: report, limit: batch, in: tx) }
        } while report != nil
        var record: RecordID?
        repeat {
            record = try await database.write { [ledger, record] tx in try ledger.reindex(after: record, limit: batch, in: tx) }
            count += record == nil ? 0 : batch
            try Task.checkCancellation()
        } while record != nil
        var matter: MatterID?
        repeat {
            matter = try await database.write { [matter] tx in try self.reindex(after: matter, limit: batch, in: tx) }
            count += matter == nil ? 0 : batch
            try Task.checkCancellation()
        } while matter != nil
        try await database.write { try $0.noteSearchCurrent() }
        return count
    }

    /// Indexes again what a change of land left behind. - Returns: how many matters.
    package func indexStale(in database: Database, batch: Int = 100) async throws -> Int {
        var count = 0
        while try await database.read({ try $0.exists("SELECT 1 FROM search_stale") }) {
            count += try await database.write { tx in
                let some = try tx.takeSearchStale(limit: batch)
                for id in some { try self.indexAgain(MatterID(id), in: tx) }
                return some.count
            }
            try Task.checkCancellation()
        }
        return count
    }
}
