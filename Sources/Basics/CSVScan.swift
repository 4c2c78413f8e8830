/// One look at the bytes from the start of a record. What it answers depends on the bytes only, never on where a piece ended.
struct CSVScan {
    enum Outcome {
        case nothing, incomplete
        case emptyLine(end: Int)
        case fields([String], end: Int, lines: Int)
        case fault(CSVFault)
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let start: Int
    let separator: UInt8
    let longest: Int
    let atEnd: Bool

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    func record(columns: Int?) -> Outcome {
        guard start < bytes.count else { return atEnd ? .nothing : .incomplete }
        if let end = lineEnd(at: start) { return end < 0 ? .incomplete : .emptyLine(end: end) }
        var fields: [String] = []
        fields.reserveCapacity(columns ?? 16)
        var index = start
        var lines = 1
        while true {
            if index - start >= longest { return .fault(.tooLong(longest)) }
            if index == bytes.count, !atEnd { return .incomplete }
            let field: Field
            if index < bytes.count, bytes[index] == Self.quote {
                field = quoted(from: index)
            } else {
                field = plain(from: index)
            }
            switch field {
            case .incomplete: return .incomplete
            case .fault(let fault): return .fault(fault)
            case .text(let text, let behind, let newlines):
                fields.append(text)
                lines += newlines
                index = behind
            }
            if index < bytes.count, bytes[index] == separator {
                index += 1
                continue
            }
            guard let end = index < bytes.count ? lineEnd(at: index) : (atEnd ? index : -1) else { return .fault(.textAfterQuote) }
            if end < 0 { return .incomplete }
            if let columns, fields.count != columns { return .fault(.fieldCount(found: fields.count, expected: columns)) }
            return .fields(fields, end: end, lines: lines)
        }
    }

    private enum Field {
        case incomplete
        case fault(CSVFault)
        case text(String, behind: Int, newlines: Int)
    }

    /// The index behind a line's end; nil where there is none, negative when the next piece decides.
    private func lineEnd(at index: Int) -> Int? {
        switch bytes[index] {
        case Self.lineFeed: return index + 1
        case Self.carriageReturn:
            if index + 1 < bytes.count { return bytes[index + 1] == Self.lineFeed ? index + 2 : index + 1 }
            return atEnd ? index + 1 : -1
        default: return nil
        }
    }

    private func plain(from first: Int) -> Field {
        let bound = min(bytes.count, start + longest)
        var index = first
        while index < bound {
            let byte = bytes[index]
            if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn { return text(first, index, index, 0) }
            index += 1
        }
        if index - start >= longest { return .fault(.tooLong(longest)) }
        return atEnd ? text(first, index, index, 0) : .incomplete
    }

    private func quoted(from first: Int) -> Field {
        let bound = min(bytes.count, start + longest)
        var index = first + 1
        var newlines = 0
        var doubled = false
        while index < bound {
            switch bytes[index] {
            case Self.quote:
                if index + 1 - start >= longest { return .fault(.quoteNeverEnds) }
                if index + 1 == bytes.count, !atEnd { return .incomplete }
                guard index + 1 < bytes.count, bytes[index + 1] == Self.quote else {
                    return doubled ? undoubled(first + 1, index, newlines) : text(first + 1, index, index + 1, newlines)
                }
                doubled = true
                index += 1
            case Self.lineFeed: newlines += 1
            case Self.carriageReturn:
                if index + 1 == bytes.count, !atEnd { return index + 1 - start >= longest ? .fault(.quoteNeverEnds) : .incomplete }
                if index + 1 == bytes.count || bytes[index + 1] != Self.lineFeed { newlines += 1 }
            default: break
            }
            index += 1
        }
        return index - start >= longest || atEnd ? .fault(.quoteNeverEnds) : .incomplete
    }

    private func text(_ from: Int, _ to: Int, _ behind: Int, _ newlines: Int) -> Field {
        text(UnsafeBufferPointer(rebasing: bytes[from..<to]), behind, newlines)
    }

    private func undoubled(_ from: Int, _ to: Int, _ newlines: Int) -> Field {
        var plain: [UInt8] = []
        plain.reserveCapacity(to - from)
        var index = from
        while index < to {
            plain.append(bytes[index])
            index += bytes[index] == Self.quote ? 2 : 1
        }
        return plain.withUnsafeBufferPointer { text($0, to + 1, newlines) }
    }

    private func text(_ content: UnsafeBufferPointer<UInt8>, _ behind: Int, _ newlines: Int) -> Field {
        guard let text = String(validating: content, as: UTF8.self) else { return .fault(.notUTF8) }
        // NB: PostgreSQL keeps no zero byte in text.
        if content.contains(0) { return .fault(.zeroByte) }
        return .text(text, behind: behind, newlines: newlines)
    }
}
