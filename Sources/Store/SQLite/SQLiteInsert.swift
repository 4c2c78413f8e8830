extension SQLiteConnection {
    /// Many rows to a statement, whose text is the same again and again.
    func insert(_ rows: BulkRows) throws {
        let step = max(1, 600 / rows.columns.count)
        for start in stride(from: 0, to: rows.count, by: step) {
            let range = start * rows.columns.count..<min(rows.count, start + step) * rows.columns.count
            _ = try run(Self.listed(rows, rows.values[range]))
        }
    }

    private static func listed(_ rows: BulkRows, _ values: ArraySlice<SQLValue>) -> SQL {
        var parts = SQL.StringInterpolation(literalCapacity: values.count, interpolationCount: values.count)
        parts.appendLiteral("INSERT INTO \(rows.table) (\(rows.columns.joined(separator: ", "))) VALUES (")
        for (index, value) in values.enumerated() {
            if index > 0 { parts.appendLiteral(index % rows.columns.count == 0 ? "), (" : ", ") }
            parts.appendInterpolation(value: value)
        }
        parts.appendLiteral(")")
        return SQL(stringInterpolation: parts)
    }
}
