import Basics

/// What a subject is found by.
package struct SearchDocument: Sendable {
    package let subject: UUIDv7
    package let text: String
    package let marks: Set<SearchMark>

    package init(_ subject: UUIDv7, text: String, marks: Set<SearchMark> = []) {
        self.subject = subject
        self.text = text
        self.marks = marks
    }
}

/// What a search found, as pieces of SQL: `SELECT d.subject_id FROM \(from) WHERE \(holds)`.
package struct SearchHits: Sendable {
    package let from: SQL
    package let holds: SQL
    /// The last that came in first: as the index lies, so that a page is read and not the years.
    package let newestFirst: SQL

    package var subjects: SQL { "SELECT d.subject_id FROM \(sql: from) WHERE \(sql: holds)" }
}

extension Transaction {
    /// Puts the words of a subject into the full-text index, in place of what was there.
    ///
    /// Chinese has no spaces, so the text is cut into overlapping pairs of characters; both databases then give the same answers.
    package func index(_ document: SearchDocument) throws {
        let subject = document.subject
        // NB: not RETURNING, for which SQLite makes and drops a table of its own each time.
        let isNew = try run("INSERT INTO search_doc (subject_id) VALUES (\(subject)) ON CONFLICT (subject_id) DO NOTHING") > 0
        guard let doc = try first("SELECT doc FROM search_doc WHERE subject_id = \(subject)", { try $0["doc"] as Int64 }) else { return }
        switch dialect {
        case .sqlite:
            if !isNew { try run("DELETE FROM search_text WHERE rowid = \(doc)") }
            try run("INSERT INTO search_text (rowid, body) VALUES (\(doc), \(IndexedText(document).body(dialect)))")
        case .postgres:
            let marks = SearchMarks(of: document.marks).text(dialect)
            try run(
                """
                INSERT INTO search_text (doc, body)
                VALUES (\(doc), to_tsvector('simple', \(SearchText.indexed(document.text))) || CAST(\(marks) AS tsvector))
                ON CONFLICT (doc) DO UPDATE SET body = excluded.body
                """)
        }
    }

    /// The subjects whose text holds all the words, the last of them from its beginning, as one types; `nil` when there is nothing to
    /// search for.
    /// - Parameter marks: only those that carry one of these; nil of all. Not while marks are behind, see `areSearchMarksCurrent`.
    package func search(_ words: String, marked marks: SearchMarks? = nil) -> SearchHits? {
        let phrases = SearchText.phrases(words)
        guard let last = phrases.indices.last else { return nil }
        // A single character is the beginning of a pair wherever it stands.
        func begins(_ index: Int) -> Bool { index == last || SearchText.isSingle(phrases[index]) }
        switch dialect {
        case .sqlite:
            let words = phrases.indices.map { index in
                "\"\(phrases[index].joined(separator: " "))\"" + (begins(index) ? " *" : "")
            }.joined(separator: " AND ")
            let match = marks.map { "(\($0.joined(by: " OR ", quote: "\""))) AND \(words)" } ?? words
            return SearchHits(
                from: "search_text s CROSS JOIN search_doc d", holds: "search_text MATCH \(match) AND d.doc = s.rowid",
                newestFirst: "s.rowid DESC")
        case .postgres:
            // NB: a phrase holds letters and digits only, so nothing in it has a meaning of its own between the quotes.
            let words = phrases.indices.map { index in
                "(" + phrases[index].map { "'\($0)'" }.joined(separator: " <-> ") + (begins(index) ? ":*" : "") + ")"
            }.joined(separator: " & ")
            let asked: SQL = "to_tsquery('simple', \(words))"
            let match: SQL = marks.map { "(\(sql: asked) && CAST(\($0.joined(by: " | ", quote: "'")) AS tsquery))" } ?? asked
            // NB: an order that no index has keeps PostgreSQL from going through all that was ever written for the thirty of a small land.
            return SearchHits(
                from: "search_text s CROSS JOIN search_doc d", holds: "s.body @@ \(sql: match) AND d.doc = s.doc",
                newestFirst: marks?.areRare ?? false ? "s.doc + 0 DESC" : "s.doc DESC")
        }
    }
}

extension Transaction {
    private static let versionKey = "search"

    /// Whether all text was indexed as it is today.
    package func isSearchCurrent() throws -> Bool {
        try exists("SELECT 1 FROM meta WHERE key = \(Self.versionKey) AND value = \(String(SearchText.version))")
    }

    /// Whether a search may go by marks: all were made as they are today, and none is behind the land.
    package func areSearchMarksCurrent() throws -> Bool {
        try isSearchCurrent() && !exists("SELECT 1 FROM search_stale")
    }

    package func noteSearchCurrent() throws {
        try run(
            """
            INSERT INTO meta (key, value) VALUES (\(Self.versionKey), \(String(SearchText.version)))
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """)
    }

    /// Notes subjects whose marks are behind. - Parameter subjects: a query for their ids.
    package func noteSearchStale(_ subjects: SQL) throws {
        try run("INSERT INTO search_stale (subject_id) \(sql: subjects) ON CONFLICT (subject_id) DO NOTHING")
    }

    /// Some of those whose marks are behind; they are taken off the list.
    package func takeSearchStale(limit: Int) throws -> [UUIDv7] {
        let some = try all("SELECT subject_id FROM search_stale ORDER BY subject_id LIMIT \(limit)") { try $0[0] as UUIDv7 }
        if !some.isEmpty { try run("DELETE FROM search_stale WHERE subject_id IN (\(list: some))") }
        return some
    }
}
