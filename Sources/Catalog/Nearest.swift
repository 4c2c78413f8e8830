/// Which of the known names was probably meant.
package enum Nearest {
    /// The one with the fewest edits; empty when there is none.
    package static func name(to given: String, among names: some Sequence<String>) -> String {
        names.map { ($0, edits(given, $0)) }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0 ?? ""
    }

    /// Levenshtein's distance.
    static func edits(_ a: String, _ b: String) -> Int {
        let left = Array(a.unicodeScalars.prefix(64))
        let right = Array(b.unicodeScalars.prefix(64))
        var row = Array(0...right.count)
        for (i, x) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in right.enumerated() {
                let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[right.count]
    }
}
