import Testing

/// SQL stands in the engines; doors and deliveries call them.
@Suite struct NoSQL {
    @Test func doorsHoldNone() throws {
        let statement =
            #/\b(?:SELECT\s.+\sFROM\b|SELECT\s+(?:1|COUNT|MAX|MIN)\b|INSERT\s+INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b|CREATE\s+(?:TABLE|INDEX)\b)/#
            .dotMatchesNewlines()
        for file in try Tree.sources() where ["Web", "Delivery", "Catalog", "Basics", "Geo"].contains(file.target) {
            for literal in Literals.of(file.text) {
                #expect(literal.text.firstMatch(of: statement) == nil, "\(file.path):\(literal.line)")
            }
        }
    }

    @Test("values are bound: no statement is put together from text")
    func bound() throws {
        for file in try Tree.sources() where file.target != "Store" {
            for (index, line) in file.lines.enumerated() {
                #expect(line.firstMatch(of: #/SQL\(stringLiteral:\s*"[^"]*\\\(/#) == nil, "\(file.path):\(index + 1)")
            }
        }
    }
}
