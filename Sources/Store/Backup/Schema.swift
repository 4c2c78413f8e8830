import Basics

/// The tables as the migrations say them, the same on both databases: what a backup holds, and how a value is to be read.
package struct Schema: Sendable {
    package enum Sort: String, Codable, Sendable { case id, int, double, flag, text, bytes }

    package struct Column: Codable, Equatable, Sendable {
        package let name: String
        package let sort: Sort
    }

    package struct Table: Sendable {
        package let name: String
        package fileprivate(set) var columns: [Column]
        fileprivate(set) var key: [String]
    }

    /// In the order of their making: what others refer to comes before them.
    package private(set) var tables: [Table] = []

    /// Made anew from the other tables, or worth nothing to another process.
    private static let passing: Set<String> = ["search_doc", "search_text", "search_stale", "lease", "migration"]
    private static let words: [String: Sort] = [
        "ID": .id, "INSTANT": .int, "BIGINT": .int, "SEQ": .int, "TURN": .int, "DOUBLE": .double, "FLAG": .flag, "TEXT": .text,
        "DAY": .text, "PATH": .text, "JSON": .text, "BYTES": .bytes,
    ]

    /// - Parameter migrations: the names of those that were run.
    package init(migrations: [String] = Migrations.files.map(\.name)) {
        for file in Migrations.files where migrations.contains(file.name) {
            for piece in Migrations.pieces(String(decoding: file.bytes, as: UTF8.self)) { take(piece.statement) }
        }
    }

    /// Tables that go into a backup.
    package var kept: [Table] { tables.filter { !Self.passing.contains($0.name) } }

    private mutating func take(_ statement: String) {
        let words = statement.split(whereSeparator: \.isWhitespace).map(String.init)
        if words.starts(with: ["ALTER", "TABLE"]), words.count > 6, words[3] == "ADD", let sort = Self.sort(words[6]),
            let table = tables.firstIndex(where: { $0.name == words[2] })
        {
            tables[table].columns.append(Column(name: words[5], sort: sort))
        }
        guard words.starts(with: ["CREATE", "TABLE"]), let open = statement.firstIndex(of: "("), let close = statement.lastIndex(of: ")")
        else { return }
        var table = Table(name: words[2], columns: [], key: [])
        for part in Self.parts(statement[statement.index(after: open)..<close]) {
            let words = part.split(whereSeparator: \.isWhitespace).map(String.init)
            if words.starts(with: ["PRIMARY", "KEY"]), let from = part.firstIndex(of: "("), let to = part.firstIndex(of: ")") {
                table.key = part[part.index(after: from)..<to].split(separator: ",").map { String($0.trimmingSpaces) }
            } else if words.count > 1, let sort = Self.sort(words[1]) {
                table.columns.append(Column(name: words[0], sort: sort))
                if words[1] == "SEQ" || part.contains("PRIMARY KEY") { table.key = [words[0]] }
            }
        }
        tables.append(table)
    }

    private static func sort(_ word: String) -> Sort? { words[word.filter { $0.isLetter }] }

    /// Cut at the commas that stand in no bracket.
    private static func parts(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var (depth, start) = (0, text.startIndex)
        for place in text.indices {
            switch text[place] {
            case "(": depth += 1
            case ")": depth -= 1
            case "," where depth == 0:
                parts.append(text[start..<place])
                start = text.index(after: place)
            default: break
            }
        }
        return parts + [text[start...]]
    }
}

extension Schema.Table {
    /// Every place in the journal is another one in another database: there it is the number of the entry in the order of the journal.
    var isJournal: Bool { name == "entry" }
    var isFollower: Bool { name == "follower" }

    /// As a backup has them.
    var keptColumns: [Schema.Column] { columns.filter { !["seq", "turn"].contains($0.name) || !(isJournal || isFollower) } + place }
    private var place: [Schema.Column] { isFollower ? [Schema.Column(name: "place", sort: .int)] : [] }

    /// All rows in an order that is the same on both databases.
    func select(_ dialect: Dialect) -> SQL {
        var names = keptColumns.map(\.name)
        if isFollower {
            let before: SQL = dialect == .sqlite ? "e.seq <= f.seq" : "(e.turn, e.seq) <= (f.turn, f.seq)"
            names.removeLast()
            return SQL(stringLiteral: "SELECT \(names.joined(separator: ", ")), (SELECT COUNT(*) FROM entry e WHERE ") + before
                + ") AS place FROM follower f ORDER BY " + sorted(dialect)
        }
        // How far the index of the search box has come is said anew, since it is made anew.
        let but: SQL = name == "meta" ? " WHERE key <> 'search'" : ""
        return SQL(stringLiteral: "SELECT \(names.joined(separator: ", ")) FROM \(name)") + but + " ORDER BY "
            + (isJournal ? dialect.entryOrder : sorted(dialect))
    }

    private func sorted(_ dialect: Dialect) -> SQL {
        let texts = Set(columns.filter { $0.sort == .text }.map(\.name))
        return SQL(
            stringLiteral: key.map { dialect == .postgres && texts.contains($0) ? $0 + " COLLATE \"C\"" : $0 }.joined(separator: ", "))
    }
}
