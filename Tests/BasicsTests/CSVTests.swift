import Basics
import Testing

/// Reads bytes in pieces of the given sizes (the last size again and again).
private func records(_ bytes: [UInt8], pieces: [Int], columns: Int? = nil, longest: Int = 1 << 20) throws -> [CSVRecord] {
    var rest = bytes[...]
    var turn = 0
    var reader = CSVReader(longest: longest) {
        let piece = rest.prefix(pieces[min(turn, pieces.count - 1)])
        turn += 1
        rest = rest.dropFirst(piece.count)
        return Array(piece)
    }
    reader.columns = columns
    var found: [CSVRecord] = []
    while let record = try reader.next() { found.append(record) }
    return found
}

private func records(_ text: String, columns: Int? = nil, longest: Int = 1 << 20) throws -> [CSVRecord] {
    try records(Array(text.utf8), pieces: [1 << 20], columns: columns, longest: longest)
}

@Suite struct CSVTests {
    @Test func readsWhatOfficesWrite() throws {
        let text = "\u{FEFF}a,b\r\n\"x, \"\"y\"\"\",\"two\r\nlines\"\n\n5\" pipe,\rlast,井盖"
        let found = try records(text)
        #expect(found.map(\.fields) == [["a", "b"], ["x, \"y\"", "two\r\nlines"], ["5\" pipe", ""], ["last", "井盖"]])
        #expect(found.map(\.line) == [1, 2, 5, 6])
        #expect(found.allSatisfy { $0.fault == nil })
    }

    @Test func aQuoteThatNeverEndsCostsItsOwnLineOnly() throws {
        let found = try records("a,b\n1,\"open\n2,two\n3,three\n", columns: 2)
        #expect(found.map(\.fields) == [["a", "b"], [], ["2", "two"], ["3", "three"]])
        #expect(found[1] == CSVRecord(line: 2, fields: [], fault: .quoteNeverEnds, raw: "1,\"open"))
        #expect(found.map(\.line) == [1, 2, 3, 4])
    }

    @Test func aQuoteClosedByTheNextQuotedFieldCostsItsOwnLineOnly() throws {
        let found = try records("1,\"open\n2,\"two\"\n3,\"x\",\n4,four\n", columns: 2)
        #expect(found.map(\.fault) == [.textAfterQuote, nil, .fieldCount(found: 3, expected: 2), nil])
        #expect(found.map(\.fields) == [[], ["2", "two"], [], ["4", "four"]])
    }

    @Test func aLongestRecordBoundsAnOpenQuote() throws {
        let text = "a,\"" + String(repeating: "line\n", count: 100) + "b\",c\nd,e\n"
        let found = try records(text, columns: 2, longest: 64)
        #expect(found[0].fault == .quoteNeverEnds)
        #expect(found.last?.fields == ["d", "e"])
        #expect(try records(String(repeating: "x", count: 200), longest: 64).map(\.fault) == [.tooLong(64)])
    }

    @Test func namesBytesThatAreNoText() throws {
        #expect(try records([0x61, 0xC4, 0xE3, 0x0A], pieces: [9]).map(\.fault) == [.notUTF8])
        #expect(try records("a\u{0}b\nc\n").map(\.fault) == [.zeroByte, nil])
    }

    /// However the file is cut into pieces, the records are the same.
    @Test func theCutOfThePiecesDoesNotMatter() throws {
        var random = SplitMix(7)
        let texts = ["a", ",", "\"", "\n", "\r", "\r\n", "\"\"", "井", "\u{FEFF}", ",\"", "\",", "\"\n"]
        let alphabet = texts.map { Array($0.utf8) } + [[0xC4]]
        for round in 0..<1500 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).flatMap { _ in alphabet.randomElement(using: &random) ?? [] }
            let columns = round % 3 == 0 ? 2 : nil
            let longest = round % 2 == 0 ? 12 : 1 << 20
            let whole = try records(bytes, pieces: [bytes.count + 1], columns: columns, longest: longest)
            for size in 1...max(1, bytes.count) {
                #expect(try records(bytes, pieces: [size], columns: columns, longest: longest) == whole, "\(bytes) by \(size)")
                #expect(try records(bytes, pieces: [size, 1 << 20], columns: columns, longest: longest) == whole, "\(bytes) at \(size)")
            }
        }
    }

    /// What is written is what is read.
    @Test func writtenIsRead() throws {
        var random = SplitMix(11)
        let pieces = ["a", ",", "\"", "\n", "\r\n", "\r", "井盖", "", " ", "=1+1", "\u{338}", "\u{1F6B0}"]
        for _ in 0..<500 {
            let rows = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                (0..<3).map { _ in
                    (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
                }
            }
            let text = rows.map { CSVText.line($0) }.joined()
            #expect(try records(Array(text.utf8), pieces: [5], columns: 3).map(\.fields) == rows)
        }
    }

    @Test func cellsThatLookLikeFormulasAreText() {
        #expect(CSVText.line(["=1+1", "+86", "-3.5", "@x", "a,b", "-x"], guarded: true) == "'=1+1,+86,-3.5,'@x,\"a,b\",'-x\r\n")
        #expect(CSVText.line(["=\u{338}1", " ＝x"], guarded: true) == "'=\u{338}1,' ＝x\r\n")
    }
}
