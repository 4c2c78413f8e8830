import Basics
import Catalog
import Foundation
import Geo
import Posts
import Store

extension Ledger {
    /// Makes a record, or brings it to what is given; the same again changes nothing but who confirmed it and when.
    /// - Parameter source: where the values are from: `import`, `demo`, `desk`, `visit`.
    /// - Throws: `LedgerRefusal`.
    package func put(_ new: NewRecord, source: String, act: Act, in tx: Transaction) throws {
        try tx.lock(new.id)
        let register = try register(new.register)
        try require(on: new.path, act: act, in: tx)
        let name = String(new.name.trimmingSpaces.prefix(200))
        guard !name.isEmpty else { throw LedgerRefusal.nameMissing }
        for element in new.values.keys.sorted() where register.element(element) == nil { throw LedgerRefusal.unknownElement(element) }
        let old = try record(new.id, in: tx)
        if let old, old.register != new.register { throw LedgerRefusal.unknownRecord }
        let verb = old == nil ? "record.added" : "record.confirmed"
        let entry = act.entry(
            "record.put", subject: "record", id: new.id.uuid, path: new.path, detail: ["register": new.register, "how": verb])
        guard try tx.record(entry) else { return }
        var facts = old?.facts ?? [:]
        for (element, value) in new.values {
            facts[element] = value.map { Fact(value: $0, by: entry.actor.id, at: act.at, source: source) }
        }
        let point = new.point ?? new.shape?.middle ?? old?.point
        let shape = new.shape ?? old?.shape
        try tx.run(
            """
            INSERT INTO record (id, register, name, fields, lon, lat, cell, shape, path_now, confirmed_at, from_day, to_day)
            VALUES (\(new.id), \(new.register), \(name), \(json: facts), \(point?.lon), \(point?.lat), \(point.map { Cell($0).code }),
                \(shape?.wkb), \(new.path), \(act.at), \(new.from), \(Day.end))
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, fields = excluded.fields, lon = excluded.lon, lat = excluded.lat,
                cell = excluded.cell, shape = excluded.shape, path_now = excluded.path_now, confirmed_at = excluded.confirmed_at
            """)
        for (element, value) in new.values.sorted(by: { $0.key < $1.key }) {
            let before = old?.facts[element]?.value
            guard before != value else { continue }
            try tx.run(
                """
                INSERT INTO fact_change (id, record_id, element, old, new, at, actor_id, source)
                VALUES (\(act.derived("\(new.id) \(element)")), \(new.id), \(element), \(try text(before)), \(try text(value)), \(act.at),
                    \(entry.actor.id), \(source))
                """)
        }
        try tx.index(SearchDocument(new.id.uuid, text: Self.searchText(name, facts.filter { register.element($0.key)?.indexed ?? false })))
        if register.place == .line { try linesChanged(in: tx) }
    }

    private func text(_ value: FactValue?) throws -> String? {
        try value.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
    }

    /// Ends a record: it is gone from lists, and stays in the past.
    package func end(_ id: RecordID, on day: Day, act: Act, in tx: Transaction) throws {
        try tx.lock(id)
        guard let known = try record(id, in: tx) else { throw LedgerRefusal.unknownRecord }
        try require(on: known.path, act: act, in: tx)
        if known.to == day { return }
        guard known.to == .end else { throw LedgerRefusal.ended }
        guard day > known.from else { throw LedgerRefusal.datesContradict }
        try tx.run("UPDATE record SET to_day = \(day) WHERE id = \(id)")
        try tx.run("UPDATE link SET to_day = \(day) WHERE (from_id = \(id) OR to_id = \(id)) AND from_day < \(day) AND to_day > \(day)")
        if try register(known.register).place == .line { try linesChanged(in: tx) }
        try tx.record(act.entry("record.ended", subject: "record", id: id.uuid, path: known.path, detail: ["on": "\(day)"]))
    }

    package func record(_ id: RecordID, in tx: Transaction) throws -> Record? {
        try tx.first("SELECT \(sql: Record.columns) FROM record WHERE id = \(id)", Record.init)
    }

    /// All that changed about a record, oldest first.
    package func changes(of id: RecordID, in tx: Transaction) throws -> [FactChange] {
        func value(_ text: String?) throws -> FactValue? {
            try text.map { try JSONDecoder().decode(FactValue.self, from: Data($0.utf8)) }
        }
        return try tx.all("SELECT element, old, new, at, actor_id, source FROM fact_change WHERE record_id = \(id) ORDER BY at, element") {
            FactChange(
                element: try $0["element"], old: try value($0["old"]), new: try value($0["new"]), at: try $0["at"],
                actor: try $0["actor_id"],
                source: try $0["source"])
        }
    }
}
