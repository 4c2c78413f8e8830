import Basics

/// Rows of one table, prepared in memory: the bulk door for imports and the demo, which fill a database by the ten thousand.
package struct BulkRows: Sendable {
    package let table: String
    package let columns: [String]
    /// Row after row, as many values as there are columns each.
    package private(set) var values: [SQLValue] = []

    /// - Parameters: names of the schema, written in the source; never a person's text.
    package init(_ table: StaticString, _ columns: StaticString...) {
        self.table = "\(table)"
        self.columns = columns.map { "\($0)" }
    }

    init(table: String, columns: [String]) {
        self.table = table
        self.columns = columns
    }

    package var count: Int { values.count / columns.count }

    mutating func add(_ row: [SQLValue]) { values += row }

    /// - Parameter row: in the order of the columns; `nil` is NULL.
    package mutating func add(_ row: (any SQLConvertible)?...) {
        precondition(row.count == columns.count, "\(table): \(row.count) values for \(columns.count) columns")
        for value in row { values.append(value?.sqlValue ?? .null) }
    }

    /// The same table with rows changed. - Parameter change: false leaves the row out.
    package func changed(_ change: (inout ArraySlice<SQLValue>) -> Bool) -> BulkRows {
        var copy = self
        copy.values.removeAll(keepingCapacity: true)
        for start in stride(from: 0, to: values.count, by: columns.count) {
            var row = values[start..<start + columns.count]
            if change(&row) { copy.values += row }
        }
        return copy
    }
}

extension Transaction {
    /// Inserts all rows, in order.
    package func insert(_ rows: BulkRows) throws { try connection.insert(rows) }

    /// Puts many new subjects into the full-text index; none of them may be there yet.
    package func index(_ texts: [SearchDocument]) throws {
        switch dialect {
        case .sqlite: try index(texts.map { IndexedText($0) })
        case .postgres:
            try connection.execute("CREATE TEMP TABLE IF NOT EXISTS new_text (subject_id uuid, words text, marks text) ON COMMIT DROP")
            var rows = BulkRows("new_text", "subject_id", "words", "marks")
            for text in texts { rows.add(text.subject, SearchText.indexed(text.text), SearchMarks(of: text.marks).text(dialect)) }
            try insert(rows)
            try run(
                """
                WITH new AS MATERIALIZED (
                    SELECT nextval(pg_get_serial_sequence('search_doc', 'doc')) AS doc, subject_id, words, marks FROM new_text
                ), doc AS (INSERT INTO search_doc (doc, subject_id) SELECT doc, subject_id FROM new)
                INSERT INTO search_text (doc, body) SELECT doc, to_tsvector('simple', words) || CAST(marks AS tsvector) FROM new
                """)
            try connection.execute("TRUNCATE new_text")
        }
    }
}
