import Basics
import Matters
import Store

extension DemoCity {
    /// Full text of matters with the marks that the rows say.
    static func marked(_ texts: [SearchDocument], _ tables: [BulkRows]) -> [SearchDocument] {
        func paths(_ table: String, by column: String, _ path: String) -> [SQLValue: Path] {
            Dictionary(values(tables, table, [column, path]).compactMap { row in Self.path(row[1]).map { (row[0], $0) } }) { $1 }
        }
        let (grids, posts) = (paths("grid_path", by: "grid_id", "path"), paths("post", by: "id", "path_now"))
        var marks: [SQLValue: Set<SearchMark>] = [:]
        for row in values(tables, "matter", ["id", "path_now", "border_id", "category"]) {
            let category: String? = if case .text(let id) = row[3] { id } else { nil }
            marks[row[0]] = Matters.searchMarks(lands: [path(row[1]), grids[row[2]]].compactMap(\.self), category: category)
        }
        for row in values(tables, "part", ["matter_id", "post_id"]) {
            if case .id(let post) = row[1], let path = posts[row[1]] { marks[row[0], default: []].insert(.part(of: post, at: path)) }
        }
        for row in values(tables, "report", ["matter_id", "person_id"]) {
            if case .id(let person) = row[1] { marks[row[0], default: []].insert(.person(person)) }
        }
        return texts.map { SearchDocument($0.subject, text: $0.text, marks: marks[.id($0.subject)] ?? []) }
    }

    private static func path(_ value: SQLValue) -> Path? { if case .text(let text) = value { Path(text) } else { nil } }
}
