import Basics

// What the installation knows of itself, by key: revisions that tell whether something kept in memory is still the present one, its secret.

extension Transaction {
    /// The table is a handful of rows and each act asks for several of them, so one statement reads it whole.
    package func meta(_ key: String) throws -> String? {
        if let known = metaRows { return known[key] }
        let rows = try all("SELECT key, value FROM meta") { (try $0["key"] as String, try $0["value"] as String) }
        let known = Dictionary(rows) { first, _ in first }
        metaRows = known
        return known[key]
    }

    package func setMeta(_ key: String, _ value: String) throws {
        try run("INSERT INTO meta (key, value) VALUES (\(key), \(value)) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        metaRows = nil
    }
}
