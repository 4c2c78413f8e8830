extension Database {
    /// Writes step after step into a new database: many million rows. On PostgreSQL all of it is one transaction without keys and indexes,
    /// which are made when all is there; on SQLite each step is one of its own, so that none is long.
    package func fill(_ steps: [@Sendable (Transaction) throws -> Void]) async throws {
        switch dialect {
        case .sqlite: for step in steps { try await write(step) }
        case .postgres where !steps.isEmpty:
            try await write { tx in
                let indexes = try tx.dropIndexes()
                for step in steps { try step(tx) }
                try tx.makeIndexes(indexes)
            }
        case .postgres: break
        }
        // PostgreSQL looks at what is there now, not some minutes later.
        try await backend.tidy()
    }
}

/// Keys and indexes as they were, to be made again.
struct DroppedIndexes {
    fileprivate var statements: [String] = []
}

extension Transaction {
    /// Takes away what checks and sorts each row on its own; nothing on SQLite, which makes no index faster from all rows at once.
    func dropIndexes() throws -> DroppedIndexes {
        guard dialect == .postgres else { return DroppedIndexes() }
        let indexes = try all(
            """
            SELECT CAST(CAST(i.indexrelid AS regclass) AS text) AS name, pg_get_indexdef(i.indexrelid) AS definition
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = current_schema() AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
            ORDER BY 1
            """
        ) { (name: try $0["name"] as String, definition: try $0["definition"] as String) }
        // Foreign keys (f) need the primary keys (p) and unique ones (u): they go first and come last.
        let keys = try all(
            """
            SELECT CAST(CAST(k.conrelid AS regclass) AS text) AS name, CAST(k.conname AS text) AS key, pg_get_constraintdef(k.oid) AS definition
            FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
            WHERE n.nspname = current_schema() AND k.contype IN ('f', 'p', 'u') ORDER BY k.contype, 1, 2
            """
        ) { (table: try $0["name"] as String, name: try $0["key"] as String, definition: try $0["definition"] as String) }
        for key in keys { try connection.execute("ALTER TABLE \(key.table) DROP CONSTRAINT \(key.name)") }
        for index in indexes { try connection.execute("DROP INDEX \(index.name)") }
        return DroppedIndexes(
            statements: keys.reversed().map { "ALTER TABLE \($0.table) ADD CONSTRAINT \($0.name) \($0.definition)" }
                + indexes.map(\.definition))
    }

    func makeIndexes(_ dropped: DroppedIndexes) throws { for statement in dropped.statements { try connection.execute(statement) } }
}
