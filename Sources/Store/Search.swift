import Basics

extension Transaction {
    /// Puts the words of a subject into the full-text index, in place of what was there.
    ///
    /// Chinese has no spaces, so the text is cut into overlapping pairs of characters; both databases then give the same answers.
    package func index(_ subject: UUIDv7, text: String) throws {
        // NB: not RETURNING, for which SQLite makes and drops a table of its own each time.
        let isNew = try run("INSERT INTO search_doc (subject_id) VALUES (\(subject)) ON CONFLICT (subject_id) DO NOTHING") > 0
        guard let doc = try first("SELECT doc FROM search_doc WHERE subject_id = \(subject)", { try $0["doc"] as Int64 }) else { return }
        let body = SearchText.indexed(text)
        switch dialect {
        case .sqlite:
            if !isNew { try run("DELETE FROM search_text WHERE rowid = \(doc)") }
            try run("INSERT INTO search_text (rowid, body) VALUES (\(doc), \(body))")
        case .postgres:
            try run(
                """
                INSERT INTO search_text (doc, body) VALUES (\(doc), to_tsvector('simple', \(body)))
                ON CONFLICT (doc) DO UPDATE SET body = excluded.body
                """)
        }
    }

    /// A fragment that selects the subject ids whose text holds all the words, the last of them from its beginning, as one types;
    /// `nil` when there is nothing to search for.
    package func searchSubjects(_ words: String) -> SQL? {
        let phrases = SearchText.phrases(words)
        guard let last = phrases.indices.last else { return nil }
        // A single character is the beginning of a pair wherever it stands.
        func begins(_ index: Int) -> Bool { index == last || SearchText.isSingle(phrases[index]) }
        switch dialect {
        case .sqlite:
            let match = phrases.indices.map { index in
                "\"\(phrases[index].joined(separator: " "))\"" + (begins(index) ? " *" : "")
            }.joined(separator: " AND ")
            return "SELECT d.subject_id FROM search_text s JOIN search_doc d ON d.doc = s.rowid WHERE search_text MATCH \(match)"
        case .postgres:
            // NB: a phrase holds letters and digits only, so nothing in it has a meaning of its own between the quotes.
            let match = phrases.indices.map { index in
                "(" + phrases[index].map { "'\($0)'" }.joined(separator: " <-> ") + (begins(index) ? ":*" : "") + ")"
            }.joined(separator: " & ")
            return
                "SELECT d.subject_id FROM search_text s JOIN search_doc d ON d.doc = s.doc WHERE s.body @@ to_tsquery('simple', \(match))"
        }
    }
}

extension Transaction {
    private static let versionKey = "search"

    /// Whether all text was indexed as it is today.
    package func isSearchCurrent() throws -> Bool {
        try exists("SELECT 1 FROM meta WHERE key = \(Self.versionKey) AND value = \(String(SearchText.version))")
    }

    package func noteSearchCurrent() throws {
        try run(
            """
            INSERT INTO meta (key, value) VALUES (\(Self.versionKey), \(String(SearchText.version)))
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """)
    }
}

/// How text becomes words of the index.
package enum SearchText {
    private static func runs(_ text: String) -> [(isHan: Bool, text: [Character])] {
        var runs: [(isHan: Bool, text: [Character])] = []
        for character in text.lowercased() {
            let isHan = Pinyin.isHan(character)
            guard isHan || character.isLetter || character.isNumber else { runs.append((false, [])); continue }
            if let last = runs.last, last.isHan == isHan, !last.text.isEmpty {
                runs[runs.count - 1].text.append(character)
            } else {
                runs.append((isHan, [character]))
            }
        }
        return runs.filter { !$0.text.isEmpty }
    }

    /// Pairs of Chinese characters (and a last single one), other words as they are, at most 20,000 characters.
    static func indexed(_ text: String) -> String {
        runs(String(text.prefix(20_000))).flatMap { run -> [String] in
            guard run.isHan else { return [String(run.text)] }
            return run.text.indices.map { String(run.text[$0..<min($0 + 2, run.text.count)]) }
        }.joined(separator: " ")
    }

    /// Counts up when text is indexed in another way: what was indexed before is then indexed again.
    package static let version = 2

    /// How a name is found by its first letters: those of each run of Chinese, from every character on, since words are found by how they
    /// begin.
    package static func initials(_ name: String) -> [String] {
        runs(String(name.prefix(200))).filter { $0.isHan && $0.text.count > 1 }.flatMap { run -> [String] in
            let letters = Array(Pinyin.initials(String(run.text.prefix(40))))
            return letters.indices.dropLast().map { String(letters[$0..<min($0 + 12, letters.count)]) }
        }
    }

    static func isSingle(_ phrase: [String]) -> Bool { phrase.count == 1 && phrase[0].count == 1 && phrase[0].allSatisfy(Pinyin.isHan) }

    /// One phrase for each run of the query.
    static func phrases(_ query: String) -> [[String]] {
        runs(String(query.prefix(100))).map { run in
            guard run.isHan, run.text.count > 1 else { return [String(run.text)] }
            return (0..<run.text.count - 1).map { String(run.text[$0...$0 + 1]) }
        }
    }
}
