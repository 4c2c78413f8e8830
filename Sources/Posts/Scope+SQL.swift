import Basics
import Store

extension Scope {
    /// The same rule as SQL over the columns of `matter`; put it in parentheses behind `AND`.
    ///
    /// ```swift
    /// "SELECT m.id FROM matter m WHERE m.state = 'open' AND \(sql: scope.sql("m"))"
    /// ```
    /// - Parameter alias: a trusted name of a row with `id`, `path_now`, `privacy`, `category`, `border_id`.
    package func sql(_ alias: String) -> SQL {
        if everything { return "1 = 1" }
        let m = SQL(stringLiteral: alias)
        var inside: [SQL] = []
        if all != nil {
            inside.append("1 = 1")
        } else {
            for path in prefixes {
                inside.append("(\(sql: path.covers("\(alias).path_now")))")
                if path != .root {
                    inside.append(
                        """
                        \(sql: m).border_id IN (SELECT b.grid_id FROM grid_path b WHERE b.to_day = '9999-12-31' AND \(sql: path.covers("b.path")))
                        """)
                }
            }
            for task in Set(tasks).sorted(by: { ($0.path, $0.post) < ($1.path, $1.post) }) {
                let range = task.path.covers("\(alias).path_now")
                if let categories = task.categories {
                    inside.append("(\(sql: m).category IN (\(list: categories)) AND \(sql: range))")
                } else {
                    inside.append("(\(sql: range))")
                }
            }
        }
        var any: [SQL] = []
        if !inside.isEmpty { any.append("(\(sql: m).privacy <> 'confidential' AND (\(sql: Self.either(inside))))") }
        if !parts.isEmpty {
            any.append(
                "EXISTS (SELECT 1 FROM part sp WHERE sp.matter_id = \(sql: m).id AND sp.post_id IN (\(list: partPosts.prefix(Self.mostPosts))) \(sql: Self.rowByRow))"
            )
        }
        if let mine {
            any.append(
                "EXISTS (SELECT 1 FROM report sr WHERE sr.matter_id = \(sql: m).id AND sr.person_id = \(mine) \(sql: Self.rowByRow))")
        }
        if let subject {
            any.append(
                """
                (\(sql: m).id = \(subject.id) OR EXISTS (SELECT 1 FROM report ss WHERE ss.matter_id = \(sql: m).id AND ss.id = \(subject.id))
                OR EXISTS (SELECT 1 FROM part st WHERE st.matter_id = \(sql: m).id AND st.id = \(subject.id)))
                """)
        }
        if openRows { any.append("\(sql: m).privacy = 'open'") }
        return any.isEmpty ? "1 = 0" : "(\(sql: Self.either(any)))"
    }

    /// Queries for the ids of all matters that may be reached, by land and by what is one's own, each answered by an index; some of what they
    /// find is not reached after all.
    /// - Returns: nil when it may be anything, or is too much to say.
    package var candidates: (lands: [SQL], own: [SQL])? {
        guard !everything, !openRows, all == nil, subject == nil else { return nil }
        let lands = outermostLands
        // NB: SQLite joins at most 500 queries, and binds the posts here and once more where it is asked who sees a row.
        guard !lands.contains(.root), lands.count <= 60, parts.count <= 5000 else { return nil }
        var (found, own) = ([SQL](), [SQL]())
        for path in lands {
            found.append("SELECT x.id FROM matter x WHERE \(sql: path.covers("x.path_now"))")
            found.append(
                """
                SELECT x.id FROM matter x WHERE x.border_id IN (
                    SELECT b.grid_id FROM grid_path b WHERE b.to_day = '9999-12-31' AND \(sql: path.covers("b.path")))
                """)
        }
        if !parts.isEmpty { own.append("SELECT sp.matter_id AS id FROM part sp WHERE sp.post_id IN (\(list: partPosts))") }
        if let mine { own.append("SELECT sr.matter_id AS id FROM report sr WHERE sr.person_id = \(mine)") }
        return (found, own)
    }

    /// NB: SQLite binds at most 32,766 values; a post that answers for more vacant ones than this sees the rest by its land only.
    private static let mostPosts = 16_000

    /// NB: without it PostgreSQL may read all parts of the posts, and all reports, before the first row of a list.
    private static let rowByRow: SQL = "LIMIT 1 OFFSET 0"

    private static func either(_ parts: [SQL]) -> SQL {
        var sum: SQL = ""
        for (index, part) in parts.enumerated() { sum += index == 0 ? part : " OR " + part }
        return sum
    }
}
