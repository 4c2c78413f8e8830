import Basics
import Catalog
import Geo
import Posts
import Store

/// A record and how far it is.
package struct Nearby: Sendable {
    package let record: Record
    package let meters: Double
}

extension Ledger {
    /// Records of a register below a path, by name; pages by the last name and id seen.
    package func records(
        _ register: String, under path: Path, on day: Day, after last: (name: String, id: RecordID)? = nil, limit: Int = 100,
        in tx: Transaction
    ) throws -> [Record] {
        let page: SQL = if let last { " AND (name > \(last.name) OR (name = \(last.name) AND id > \(last.id)))" } else { "" }
        return try tx.all(
            """
            SELECT \(sql: Record.columns) FROM record
            WHERE register = \(register) AND \(sql: path.covers("path_now")) AND from_day <= \(day) AND to_day > \(day)\(sql: page)
            ORDER BY name, id LIMIT \(limit)
            """, Record.init)
    }

    package func count(_ register: String, under path: Path, on day: Day, in tx: Transaction) throws -> Int {
        try tx.count(
            """
            SELECT COUNT(*) FROM record
            WHERE register = \(register) AND \(sql: path.covers("path_now")) AND from_day <= \(day) AND to_day > \(day)
            """)
    }

    /// Records of some registers whose point lies within so many metres, nearest first. Lines are found by `nearestLine`.
    package func near(
        _ place: Coordinate, meters: Double, registers: [String], on day: Day, limit: Int = 20, in tx: Transaction
    ) throws -> [Nearby] {
        let box = Box(around: [place]).grown(meters: meters)
        let cells = Cell.ranges(for: box, max: 8)
        guard !cells.isEmpty, !registers.isEmpty else { return [] }
        var ranges: SQL = ""
        for (index, range) in cells.enumerated() {
            ranges += (index > 0 ? " OR " : "") + "(cell >= \(range.lowerBound) AND cell <= \(range.upperBound))"
        }
        // NB: no index has `register || ''`. SQLite holds a register for a better choice than several ranges of cells, and would read every
        // building of the city for the one at the place.
        let found = try tx.all(
            """
            SELECT \(sql: Record.columns) FROM record
            WHERE (\(sql: ranges)) AND register || '' IN (\(list: registers)) AND from_day <= \(day) AND to_day > \(day)
            """, Record.init)
        return found.compactMap { record in
            guard let away = record.point?.distance(to: place), away <= meters else { return nil }
            return Nearby(record: record, meters: away)
        }.sorted { ($0.meters, $0.record.id) < ($1.meters, $1.record.id) }.prefix(limit).map { $0 }
    }

    /// Records whose name or indexed values hold the words, the last word from its beginning; also by first letters.
    /// - Parameter near: this land's come before others'.
    package func find(
        _ words: String, registers: [String], under path: Path = .root, near: Path? = nil, on day: Day, limit: Int = 20, in tx: Transaction
    ) throws -> [Record] {
        guard let subjects = tx.search(words)?.subjects else { return [] }
        let first: SQL = near.map { "CASE WHEN \(sql: $0.covers("path_now")) THEN 0 ELSE 1 END, " } ?? ""
        return try tx.all(
            """
            SELECT \(sql: Record.columns) FROM record
            WHERE id IN (\(sql: subjects)) AND register IN (\(list: registers)) AND \(sql: path.covers("path_now"))
                AND from_day <= \(day) AND to_day > \(day)
            ORDER BY \(sql: first)name, id LIMIT \(limit)
            """, Record.init)
    }
}
