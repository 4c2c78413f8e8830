import Basics
import Catalog
import Posts
import Store

extension Matters {
    /// Counts again what ran by the weekly pattern because a year had no official calendar, now that it has.
    /// - Returns: how many limits became certain.
    @discardableResult
    package func recountProvisional(at now: Instant, in database: Database) async throws -> Int {
        let waiting = try await database.read { tx in
            try tx.all("SELECT DISTINCT matter_id FROM clock WHERE provisional = true AND stopped_at IS NULL") { try $0[0] as MatterID }
        }
        var count = 0
        for id in waiting {
            count += try await database.write { [self] tx in
                try tx.lock(id)
                guard let matter = try matter(id, in: tx) else { return 0 }
                let act = Act.system("calendar", id: id.uuid.derived("calendar \(catalog.current.calendar.years.sorted())"), at: now)
                let kind = try kind(of: matter, in: tx)
                let working = try Working(
                    self, tx, act: act, kind: kind, action: nil, matter: matter, parts: try parts(of: id, in: tx), input: ActInput())
                let certain = try working.recountClocks()
                if certain > 0 {
                    try working.save()
                    try working.record("matter.recounted")
                }
                return certain
            }
        }
        return count
    }
}
