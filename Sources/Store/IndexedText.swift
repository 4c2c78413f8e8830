import Basics

/// The text of a subject as the full-text index keeps it, to be kept for another subject too: making it is most of the cost.
package struct IndexedText: Sendable {
    package let subject: UUIDv7
    /// As the index spells them, without marks.
    private let words: String
    private let marks: SearchMarks

    /// As SQLite keeps it.
    init(_ document: SearchDocument) {
        (subject, words, marks) = (document.subject, SearchText.indexed(document.text), SearchMarks(of: document.marks))
    }

    /// - Parameter body: of the index, with the marks of its subject, which are left out.
    init(_ subject: UUIDv7, body: String) {
        self.subject = subject
        words = body.split(separator: " ").filter { !SearchMarks.isMark($0) }.joined(separator: " ")
        marks = SearchMarks(of: [])
    }

    private init(_ subject: UUIDv7, words: String, marks: SearchMarks) { (self.subject, self.words, self.marks) = (subject, words, marks) }

    package func of(_ other: UUIDv7, marks: Set<SearchMark> = []) -> IndexedText {
        IndexedText(other, words: words, marks: SearchMarks(of: marks))
    }

    func body(_ dialect: Dialect) -> String {
        let marks = marks.text(dialect)
        return marks.isEmpty ? words : words + " " + marks
    }
}

extension Transaction {
    /// All that is in the index.
    package func indexedTexts() throws -> [IndexedText] {
        let doc: SQL = dialect == .sqlite ? "rowid" : "doc"
        return try all(
            "SELECT d.subject_id, CAST(t.body AS text) AS body FROM search_doc d JOIN search_text t ON t.\(sql: doc) = d.doc ORDER BY d.doc"
        ) { IndexedText(try $0["subject_id"], body: try $0["body"]) }
    }

    /// Puts many new subjects into the index; none of them may be there yet.
    package func index(_ texts: [IndexedText]) throws {
        var documents = BulkRows("search_doc", "doc", "subject_id")
        var bodies = BulkRows(table: "search_text", columns: [dialect == .sqlite ? "rowid" : "doc", "body"])
        for (doc, text) in zip(try nextDocs(texts.count), texts) {
            documents.add(doc, text.subject)
            bodies.add(doc, text.body(dialect))
        }
        try insert(documents)
        try insert(bodies)
    }

    /// Numbers that no document has.
    private func nextDocs(_ count: Int) throws -> [Int64] {
        switch dialect {
        case .sqlite:
            let last = try self.count("SELECT COALESCE(MAX(doc), 0) FROM search_doc")
            return (0..<count).map { Int64(last + 1 + $0) }
        case .postgres:
            return try all("SELECT nextval(pg_get_serial_sequence('search_doc', 'doc')) FROM generate_series(1, \(count))") {
                try $0[0] as Int64
            }
        }
    }
}
