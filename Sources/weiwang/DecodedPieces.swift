import Basics
import Foundation

/// A file piece by piece as UTF-8, whatever it is written in. Pieces are cut at line ends, which no character of these encodings holds.
struct DecodedPieces {
    let encoding: TextEncoding
    let source: () throws -> Data
    private var rest = Data()
    private var atEnd = false

    /// A line longer than this is cut where it is; the reader of records refuses it anyway.
    private static let longest = 2 << 20

    init(encoding: TextEncoding, source: @escaping () throws -> Data) {
        self.encoding = encoding
        self.source = source
    }

    /// Empty at the end.
    mutating func next() throws -> [UInt8] {
        guard encoding != .utf8 else { return Array(try source()) }
        while !atEnd {
            let piece = try source()
            atEnd = piece.isEmpty
            rest += piece
            let end = atEnd || rest.count > Self.longest ? rest.endIndex : rest.lastIndex(of: 10).map { $0 + 1 } ?? rest.startIndex
            guard end > rest.startIndex else { continue }
            let whole = Data(rest[..<end])
            rest = Data(rest[end...])
            return utf8(whole)
        }
        return []
    }

    /// A line that is not written so stays as it is, to be refused by itself.
    private func utf8(_ bytes: Data) -> [UInt8] {
        if let text = encoding.text(bytes) { return Array(text.utf8) }
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map { line in
            encoding.text(Data(line)).map { Array($0.utf8) } ?? Array(line)
        }
        return Array(lines.joined(separator: [10]))
    }
}
