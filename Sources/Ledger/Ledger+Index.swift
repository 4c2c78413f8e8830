import Basics
import Catalog
import Store

extension Ledger {
    /// What a record is found by: its name and its indexed values, as written and by their first letters.
    package static func searchText(_ name: String, _ indexed: [String: Fact]) -> String {
        let texts = [name] + indexed.sorted { $0.key < $1.key }.map(\.value.value.text)
        return (texts + texts.flatMap(SearchText.initials)).joined(separator: " ")
    }

    /// Indexes some records again, in the order of their ids. - Returns: the last one done; nil when none was left.
    package func reindex(after last: RecordID?, limit: Int, in tx: Transaction) throws -> RecordID? {
        let from: SQL = last.map { "WHERE id > \($0)" } ?? ""
        let records = try tx.all("SELECT \(sql: Record.columns) FROM record \(sql: from) ORDER BY id LIMIT \(limit)", Record.init)
        let registers = try registers()
        for record in records {
            let indexed = record.facts.filter { registers[record.register]?.element($0.key)?.indexed ?? false }
            try tx.index(SearchDocument(record.id.uuid, text: Self.searchText(record.name, indexed)))
        }
        return records.last?.id
    }
}
