/// One record of a CSV file, or why it is none.
package struct CSVRecord: Equatable, Sendable {
    /// Line on which the record begins, from 1; a quoted field may run over several.
    package let line: Int
    /// Empty when there is a fault.
    package let fields: [String]
    package let fault: CSVFault?
    /// Its first line as it stands in the file, for the reader of a fault; empty without one.
    package let raw: String

    package init(line: Int, fields: [String], fault: CSVFault? = nil, raw: String = "") {
        self.line = line
        self.fields = fields
        self.fault = fault
        self.raw = raw
    }
}

package enum CSVFault: Error, Equatable, Sendable {
    /// A quote is opened and never closed, by the end of the file or within the longest record.
    case quoteNeverEnds
    /// Something stands between a closing quote and the next separator.
    case textAfterQuote
    /// Longer than the longest record allowed (bytes).
    case tooLong(Int)
    case fieldCount(found: Int, expected: Int)
    case notUTF8
    case zeroByte
}

/// Reads CSV (RFC 4180, and what offices make of it: LF, CRLF or CR, a byte order mark, quotes inside unquoted fields) piece by piece.
///
/// A faulty record costs its own first line only: reading goes on with the next line, so a quote that never ends swallows nothing.
///
/// ```swift
/// var reader = CSVReader { try file.read(upToCount: 1 << 18).map(Array.init) ?? [] }
/// while let record = try reader.next() { … }
/// ```
package struct CSVReader {
    /// When set, a record with another number of fields is a fault; usually set from the header.
    package var columns: Int?
    /// Bytes of the records given so far, for a progress bar.
    package private(set) var bytesRead = 0

    private let separator: UInt8
    private let longest: Int
    private let source: () throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var start = 0
    private var line = 1
    private var atEnd = false
    private var skipping = false

    /// - Parameters:
    ///   - longest: bytes of the longest record that is accepted.
    ///   - source: the next piece of the file; empty at its end.
    package init(separator: Character = ",", longest: Int = 1 << 20, source: @escaping () throws -> [UInt8]) {
        self.separator = separator.asciiValue ?? UInt8(ascii: ",")
        self.longest = longest
        self.source = source
    }

    /// The next record; nil at the end. Empty lines are passed over.
    package mutating func next() throws -> CSVRecord? {
        while true {
            if skipping, try !skipLine() { return nil }
            if line == 1, bytesRead == 0 { try passByteOrderMark() }
            let outcome = buffer.withUnsafeBufferPointer { bytes in
                CSVScan(bytes: bytes, start: start, separator: separator, longest: longest, atEnd: atEnd).record(columns: columns)
            }
            switch outcome {
            case .nothing: return nil
            case .incomplete: try refill()
            case .emptyLine(let end): consume(to: end, lines: 1)
            case .fields(let fields, let end, let lines):
                let record = CSVRecord(line: line, fields: fields)
                consume(to: end, lines: lines)
                return record
            case .fault(let fault): return try passFault(fault)
            }
        }
    }

    private mutating func refill() throws {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        let piece = try source()
        if piece.isEmpty { atEnd = true } else { buffer += piece }
    }

    private mutating func consume(to end: Int, lines: Int) {
        bytesRead += end - start
        start = end
        line += lines
    }

    private mutating func passByteOrderMark() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        while !atEnd, buffer.count - start < mark.count, buffer[start...].elementsEqual(mark.prefix(buffer.count - start)) { try refill() }
        if buffer[start...].starts(with: mark) { consume(to: start + mark.count, lines: 0) }
    }

    /// Gives the fault with its first line, and goes on behind that line.
    private mutating func passFault(_ fault: CSVFault) throws -> CSVRecord {
        var end = start
        while true {
            let newline = buffer[end...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            end = newline ?? buffer.endIndex
            if newline != nil || atEnd || end - start >= longest { break }
            let scanned = end - start
            try refill()
            end = start + scanned
        }
        // NB: an unfinished first line is as long as the longest record, whatever pieces it came in.
        let shown = min(end, start + min(longest, 4096))
        let record = CSVRecord(line: line, fields: [], fault: fault, raw: String(decoding: buffer[start..<shown], as: UTF8.self))
        consume(to: end, lines: 0)
        skipping = true
        return record
    }

    /// Goes behind the end of the line; false when the file ends first.
    private mutating func skipLine() throws -> Bool {
        while true {
            if let newline = buffer[start...].firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
                if buffer[newline] == UInt8(ascii: "\r"), newline + 1 == buffer.count, !atEnd {
                    consume(to: newline, lines: 0)
                    try refill()
                    continue
                }
                let pair = buffer[newline] == UInt8(ascii: "\r") && newline + 1 < buffer.count && buffer[newline + 1] == UInt8(ascii: "\n")
                consume(to: newline + (pair ? 2 : 1), lines: 1)
                skipping = false
                return true
            }
            consume(to: buffer.count, lines: 0)
            if atEnd { return false }
            try refill()
        }
    }
}
