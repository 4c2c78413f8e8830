import Basics
import Catalog
import Foundation
import Posts
import Store

/// Writes the demo into a new database. Nobody is told: the followers are set to the journal's end, and no limit of
/// the past is left to ring.
package struct DemoFill: Sendable {
    private let content: DemoContent
    private let catalog: Catalog

    package init(_ content: DemoContent, catalog: Catalog) {
        self.content = content
        self.catalog = catalog
    }

    /// True when the demo may be filled in there: the folder is absent or empty.
    package static func isEmpty(_ folder: String) -> Bool {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).isEmpty
    }

    /// - Parameters:
    ///   - database: new, with root grid, unit and post.
    ///   - filledAt: where its year ends, on the content's day.
    ///   - copies: how many times over, to measure with.
    ///   - skipping: followers that are not to see what the demo writes, because they would tell somebody.
    ///   - progress: called with the name of a table before it is written and the number of its rows.
    /// - Returns: who may sign in.
    package func fill(
        _ database: Database, filledAt: Instant, copies: DemoCopies = DemoCopies(districts: 1, years: 1), skipping: [String] = [],
        cost: KeyStretching.Cost = .usual,
        progress: @escaping @Sendable (String, Int) -> Void = { _, _ in }
    ) async throws -> [DemoSignIn] {
        let content = content
        let catalog = catalog
        let role = catalog.firstRole?.id ?? ""
        let root = try await database.read { tx in
            guard let grid = try tx.first("SELECT id FROM grid WHERE level = \(Level.root)", { try $0["id"] as UUIDv7 }),
                let unit = try tx.first("SELECT id FROM unit WHERE parent_id IS NULL", { try $0["id"] as UUIDv7 }),
                let post = try tx.first("SELECT id FROM post WHERE role = \(role)", { try $0["id"] as UUIDv7 }),
                try !tx.exists("SELECT 1 FROM matter"), try !tx.exists("SELECT 1 FROM grid WHERE level <> \(Level.root)")
            else { throw DemoRefusal.notEmpty(database.files.folder) }
            return DemoRoot(grid: grid, unit: unit, post: post)
        }
        let pictures = try await keepPictures(database, at: filledAt)
        let city = try DemoCity(content, catalog: catalog, root: root, pictures: pictures, end: filledAt)
        // One table a transaction at most, so that none is long; a demo that was broken off is thrown away with its folder.
        let share = DemoShare(copies.share, of: city)
        for table in city.tables.map(share.rows) where table.count > 0 {
            progress(table.table, table.count)
            try await database.write { tx in try tx.insert(table) }
        }
        progress("search_text", city.texts.count)
        try await database.write { tx in
            try tx.index(share.texts(city.texts))
            try tx.noteSearchCurrent()
        }
        let made = city.copies(copies, root: root)
        // The demo itself has no copies, and nothing to make them of.
        let texts = made.isEmpty ? [] : try await database.read { try $0.indexedTexts() }
        let documents = Dictionary(uniqueKeysWithValues: city.texts.map { ($0.subject, $0) })
        // Land and people first, then year after year, as a city's tables grow.
        var steps: [@Sendable (Transaction) throws -> Void] = []
        for copy in made where copy.year == 0 {
            for table in city.tables where !DemoCopy.isOfYears(table) {
                steps.append { tx in if let rows = copy.rows(table) { try tx.insert(rows) } }
            }
        }
        for copy in made.sorted(by: { ($1.year, $0.district) < ($0.year, $1.district) }) {
            steps.append { tx in
                progress("\(copy.year + 1)/\(copies.years) \(copy.district + 1)/\(copies.districts)", texts.count)
                for table in city.tables where DemoCopy.isOfYears(table) {
                    if let rows = copy.rows(table) { try tx.insert(rows) }
                }
                try tx.index(copy.texts(texts, documents))
            }
        }
        try await database.fill(steps)
        progress("account", city.signIns.count)
        let accounts = try city.signIns.map { ($0, try KeyStretching.record(of: $0.password, cost: cost)) }
        try await database.write { tx in
            // Their passwords are printed, so a code would be asked of nobody in particular.
            try Posts.waiveSecondFactor(in: tx)
            for (signIn, record) in accounts {
                try tx.run(
                    """
                    INSERT INTO account (person_id, name, password, failed, locked_until, disabled, settings)
                    VALUES (\(signIn.person), \(signIn.name), \(record), 0, NULL, \(false), '{}')
                    """)
            }
        }
        if !skipping.isEmpty {
            try await database.write { tx in
                let end = try tx.journalEnd()
                for name in skipping { try tx.saveFollowerCursor(name, end, at: filledAt) }
            }
        }
        return city.signIns
    }

    /// Stores the pictures once; thousands of photos point at them.
    private func keepPictures(_ database: Database, at now: Instant) async throws -> [String: [String]] {
        var digests: [String: [String]] = [:]
        let intake = PhotoIntake(files: database.files)
        for (name, paths) in content.pictures.sorted(by: { $0.key < $1.key }) {
            for path in paths {
                let target = database.files.incoming()
                try FileManager.default.copyItem(atPath: path, toPath: target)
                let kept = try await intake.keep(target)
                try await database.write { tx in
                    try tx.note(kept.small, at: now)
                    try tx.note(kept.full, small: kept.small.digest, at: now)
                }
                digests[name, default: []].append(kept.full.digest)
            }
        }
        return digests
    }
}
