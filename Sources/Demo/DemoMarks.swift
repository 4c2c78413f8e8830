import Basics
import Store

extension DemoCity {
    /// Full text of matters with the land they have to do with and the people who reported them, as the rows say.
    static func marked(_ texts: [SearchDocument], _ tables: [BulkRows]) -> [SearchDocument] {
        func paths(_ table: String, by column: String, _ path: String) -> [SQLValue: Path] {
            Dictionary(values(tables, table, [column, path]).compactMap { row in Self.path(row[1]).map { (row[0], $0) } }) { $1 }
        }
        let (grids, posts) = (paths("grid_path", by: "grid_id", "path"), paths("post", by: "id", "path_now"))
        var lands: [SQLValue: Set<Path>] = [:]
        var people: [SQLValue: Set<UUIDv7>] = [:]
        for row in values(tables, "matter", ["id", "path_now", "border_id"]) {
            lands[row[0], default: []].formUnion([path(row[1]), grids[row[2]]].compactMap(\.self))
        }
        for row in values(tables, "part", ["matter_id", "post_id"]) {
            if let path = posts[row[1]] { lands[row[0], default: []].insert(path) }
        }
        for row in values(tables, "report", ["matter_id", "person_id"]) {
            if case .id(let person) = row[1] { people[row[0], default: []].insert(person) }
        }
        return texts.map {
            let id = SQLValue.id($0.subject)
            return SearchDocument($0.subject, text: $0.text, lands: lands[id] ?? [], people: people[id] ?? [])
        }
    }

    private static func path(_ value: SQLValue) -> Path? { if case .text(let text) = value { Path(text) } else { nil } }
}
