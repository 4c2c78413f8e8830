import Basics

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
    package static let version = 4

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
