import Basics
import Posts
import Store

/// A dated, named tie between two records: this building stands in that compound.
package struct Link: Sendable, Hashable {
    package let id: LinkID
    package let from: RecordID
    package let role: String
    package let to: RecordID
    package let fromDay: Day
    package let toDay: Day

    package init(id: LinkID, from: RecordID, role: String, to: RecordID, fromDay: Day = .beginning, toDay: Day = .end) {
        self.id = id
        self.from = from
        self.role = role
        self.to = to
        self.fromDay = fromDay
        self.toDay = toDay
    }

    init(_ row: Row) throws {
        self.init(
            id: try row["id"], from: try row["from_id"], role: try row["role"], to: try row["to_id"], fromDay: try row["from_day"],
            toDay: try row["to_day"])
    }

    static let columns: SQL = "id, from_id, role, to_id, from_day, to_day"
}

extension Ledger {
    /// Ties two records; the same id again changes nothing.
    /// - Throws: `LedgerRefusal.unknownRecord`, `.wrongLink`, `.datesContradict`, `.notAllowed`.
    package func add(_ link: Link, act: Act, in tx: Transaction) throws {
        try tx.lock(link.from)
        if try tx.exists("SELECT 1 FROM link WHERE id = \(link.id)") { return }
        guard let from = try record(link.from, in: tx), let to = try record(link.to, in: tx) else { throw LedgerRefusal.unknownRecord }
        try require(on: from.path, act: act, in: tx)
        guard try register(from.register).links[link.role] == to.register else { throw LedgerRefusal.wrongLink }
        guard link.fromDay < link.toDay else { throw LedgerRefusal.datesContradict }
        try tx.run(
            """
            INSERT INTO link (id, from_id, role, to_id, from_day, to_day)
            VALUES (\(link.id), \(link.from), \(link.role), \(link.to), \(link.fromDay), \(link.toDay))
            """)
        try tx.record(
            act.entry(
                "link.added", subject: "record", id: link.from.uuid, path: from.path, detail: ["role": link.role, "to": "\(link.to)"]))
    }

    package func endLink(_ id: LinkID, on day: Day, act: Act, in tx: Transaction) throws {
        guard let link = try tx.first("SELECT \(sql: Link.columns) FROM link WHERE id = \(id)", Link.init) else {
            throw LedgerRefusal.unknownLink
        }
        try tx.lock(link.from)
        guard let from = try record(link.from, in: tx) else { throw LedgerRefusal.unknownRecord }
        try require(on: from.path, act: act, in: tx)
        if link.toDay == day { return }
        guard day > link.fromDay else { throw LedgerRefusal.datesContradict }
        try tx.run("UPDATE link SET to_day = \(day) WHERE id = \(id)")
        try tx.record(
            act.entry("link.ended", subject: "record", id: link.from.uuid, path: from.path, detail: ["role": link.role, "link": "\(id)"]))
    }

    /// Ties that lead away from a record that day.
    package func links(from id: RecordID, on day: Day, in tx: Transaction) throws -> [Link] {
        try tx.all(
            "SELECT \(sql: Link.columns) FROM link WHERE from_id = \(id) AND from_day <= \(day) AND to_day > \(day) ORDER BY role, id",
            Link.init)
    }

    /// Ties that lead to a record that day.
    package func links(to id: RecordID, role: String? = nil, on day: Day, in tx: Transaction) throws -> [Link] {
        let only: SQL = if let role { " AND role = \(role)" } else { "" }
        return try tx.all(
            """
            SELECT \(sql: Link.columns) FROM link
            WHERE to_id = \(id) AND from_day <= \(day) AND to_day > \(day)\(sql: only) ORDER BY role, id
            """, Link.init)
    }
}
