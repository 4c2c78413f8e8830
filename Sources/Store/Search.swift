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

    /// A fragment that selects the subject ids whose text holds all the words; `nil` when there is nothing to search for.
    package func searchSubjects(_ words: String) -> SQL? {
        let phrases = SearchText.phrases(words)
        guard !phrases.isEmpty else { return nil }
        switch dialect {
        case .sqlite:
            let match = phrases.map { "\"\($0.joined(separator: " "))\"" }.joined(separator: " AND ")
            return "SELECT d.subject_id FROM search_text s JOIN search_doc d ON d.doc = s.rowid WHERE search_text MATCH \(match)"
        case .postgres:
            var query: SQL = "SELECT d.subject_id FROM search_text s JOIN search_doc d ON d.doc = s.doc WHERE 1 = 1"
            for phrase in phrases { query += " AND s.body @@ phraseto_tsquery('simple', \(phrase.joined(separator: " ")))" }
            return query
        }
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

    /// How a name is found by its first letters: of each run of Chinese the first two, three … eight, since words are found whole.
    package static func initials(_ name: String) -> [String] {
        runs(String(name.prefix(200))).filter { $0.isHan && $0.text.count > 1 }.flatMap { run -> [String] in
            let letters = Pinyin.initials(String(run.text.prefix(8)))
            return (2...max(2, letters.count)).map { String(letters.prefix($0)) }
        }
    }

    /// One phrase for each run of the query.
    static func phrases(_ query: String) -> [[String]] {
        runs(String(query.prefix(100))).map { run in
            guard run.isHan, run.text.count > 1 else { return [String(run.text)] }
            return (0..<run.text.count - 1).map { String(run.text[$0...$0 + 1]) }
        }
    }
}
