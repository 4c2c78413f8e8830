import Basics
import Foundation

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
    /// Inserts all rows, in order, many to a statement.
    package func insert(_ rows: BulkRows) throws {
        // SQLite takes the same text again and again; PostgreSQL one JSON text, because it would prepare anew for each pattern of NULLs.
        let step = dialect == .sqlite ? max(1, 600 / rows.columns.count) : 2000
        let names = rows.columns.joined(separator: ", ")
        // NB: with the schema's name, because PostgreSQL has a type `record` of its own.
        let schema = dialect == .sqlite ? "" : try first("SELECT CAST(current_schema() AS text)") { try $0[0] as String } ?? "public"
        for start in stride(from: 0, to: rows.count, by: step) {
            let range = start * rows.columns.count..<min(rows.count, start + step) * rows.columns.count
            switch dialect {
            case .sqlite: try run(Self.listed(rows, names, rows.values[range]))
            case .postgres:
                let text = Self.json(rows.columns, rows.values[range])
                try run(
                    SQL(
                        stringLiteral:
                            "INSERT INTO \(rows.table) (\(names)) SELECT \(names) FROM json_populate_recordset(CAST(NULL AS \"\(schema)\".\(rows.table)), "
                    )
                        + "CAST(\(text) AS json))")
            }
        }
    }

    /// Puts many new subjects into the full-text index; none of them may be there yet.
    package func index(_ texts: [SearchDocument]) throws {
        var documents = BulkRows("search_doc", "subject_id")
        for text in texts { documents.add(text.subject) }
        try insert(documents)
        switch dialect {
        case .sqlite:
            for text in texts {
                let body = SearchText.indexed(text, dialect).words
                try run("INSERT INTO search_text (rowid, body) SELECT doc, \(body) FROM search_doc WHERE subject_id = \(text.subject)")
            }
        case .postgres:
            for start in stride(from: 0, to: texts.count, by: 2000) {
                let values = texts[start..<min(texts.count, start + 2000)].flatMap {
                    let body = SearchText.indexed($0, dialect)
                    return [SQLValue.id($0.subject), .text(body.words), .text(body.marks)]
                }
                let text = Self.json(["subject_id", "body", "marks"], values[...])
                try run(
                    """
                    INSERT INTO search_text (doc, body) SELECT d.doc, to_tsvector('simple', x.body) || CAST(x.marks AS tsvector)
                    FROM json_to_recordset(CAST(\(text) AS json)) AS x (subject_id uuid, body text, marks text)
                    JOIN search_doc d ON d.subject_id = x.subject_id
                    """)
            }
        }
    }

    private static func listed(_ rows: BulkRows, _ names: String, _ values: ArraySlice<SQLValue>) -> SQL {
        var parts = SQL.StringInterpolation(literalCapacity: values.count, interpolationCount: values.count)
        parts.appendLiteral("INSERT INTO \(rows.table) (\(names)) VALUES (")
        for (index, value) in values.enumerated() {
            if index > 0 { parts.appendLiteral(index % rows.columns.count == 0 ? "), (" : ", ") }
            parts.appendInterpolation(value: value)
        }
        parts.appendLiteral(")")
        return SQL(stringInterpolation: parts)
    }

    private static func json(_ columns: [String], _ values: ArraySlice<SQLValue>) -> String {
        var text = "["
        text.reserveCapacity(values.count * 24)
        for (index, value) in values.enumerated() {
            let column = index % columns.count
            text += column == 0 ? (index == 0 ? "{" : "},{") : ","
            text += "\"\(columns[column])\":"
            switch value {
            case .null: text += "null"
            case .int(let number): text += String(number)
            case .double(let number): text += String(number)
            case .bool(let flag): text += flag ? "true" : "false"
            case .bytes(let bytes): text += "\"\\\\x\(Secret.hex(bytes))\""
            case .id(let id): text += "\"\(id)\""
            // PostgreSQL keeps no NUL.
            case .text(let words): JSONText.quote(words.replacing("\0", with: " "), into: &text)
            }
        }
        return text + (values.isEmpty ? "]" : "}]")
    }
}
