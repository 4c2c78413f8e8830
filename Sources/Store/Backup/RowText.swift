import Basics
import Foundation

/// One row as one line: a JSON array, ids as text, bytes in base64. The same row gives the same line, whichever database it lies in.
enum RowText {
    /// Appends the line with its end. - Returns: false for a value that its column cannot have.
    static func write(_ values: [SQLValue], _ columns: [Schema.Column], into line: inout [UInt8]) -> Bool {
        guard values.count == columns.count else { return false }
        for index in values.indices {
            line.append(UInt8(ascii: index == 0 ? "[" : ","))
            switch (columns[index].sort, values[index]) {
            case (_, .null): line += "null".utf8
            case (.id, .id(let id)): quote(id.description, into: &line)
            case (.int, .int(let number)): line += String(number).utf8
            // SQLite knows no zero below zero.
            case (.double, .double(0)): line += "0.0".utf8
            case (.double, .double(let number)): if number.isFinite { line += String(number).utf8 } else { quote("\(number)", into: &line) }
            case (.double, .int(let number)): line += String(Double(number)).utf8
            case (.flag, .bool(let flag)): line += (flag ? "true" : "false").utf8
            case (.flag, .int(let number)): line += (number != 0 ? "true" : "false").utf8
            case (.bytes, .bytes(let bytes)): quote(Data(bytes).base64EncodedString(), into: &line)
            case (.bytes, .id(let id)): quote(Data(id.bytes).base64EncodedString(), into: &line)
            case (.text, .text(let text)): quote(text, into: &line)
            default: return false
            }
        }
        line += "]\n".utf8
        return true
    }

    private static func quote(_ text: String, into line: inout [UInt8]) {
        var text = text
        line.append(UInt8(ascii: "\""))
        text.withUTF8 { bytes in
            var start = 0
            for (place, byte) in bytes.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                line += bytes[start..<place]
                start = place + 1
                switch byte {
                // PostgreSQL keeps no NUL; see `BulkRows`.
                case 0: line.append(UInt8(ascii: " "))
                case 10: line += "\\n".utf8
                case 13: line += "\\r".utf8
                case 9: line += "\\t".utf8
                case 1..<32: line += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
                default: line += [UInt8(ascii: "\\"), byte]
                }
            }
            line += bytes[start...]
        }
        line.append(UInt8(ascii: "\""))
    }

    /// - Returns: nil when the line is not what `write` writes for these columns.
    static func read(_ line: UnsafeBufferPointer<UInt8>, _ columns: [Schema.Column]) -> [SQLValue]? {
        var scan = Scan(line: line, place: 0)
        var values: [SQLValue] = []
        values.reserveCapacity(columns.count)
        for (index, column) in columns.enumerated() {
            guard scan.take(index == 0 ? "[" : ","), let value = scan.value(column.sort) else { return nil }
            values.append(value)
        }
        return scan.take("]") && scan.place == line.count ? values : nil
    }
}

private struct Scan {
    let line: UnsafeBufferPointer<UInt8>
    var place: Int

    mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard place < line.count, line[place] == UInt8(sign.value) else { return false }
        place += 1
        return true
    }

    mutating func value(_ sort: Schema.Sort) -> SQLValue? {
        guard place < line.count else { return nil }
        if line[place] == UInt8(ascii: "\"") {
            guard let text = text() else { return nil }
            switch sort {
            case .text: return .text(text)
            case .id: return UUIDv7(text).map { .id($0) }
            case .bytes: return Data(base64Encoded: text).map { .bytes(Array($0)) }
            case .double: return Double(text).map { .double($0) }
            case .int, .flag: return nil
            }
        }
        let start = place
        while place < line.count, line[place] != UInt8(ascii: ","), line[place] != UInt8(ascii: "]") { place += 1 }
        let word = String(decoding: line[start..<place], as: UTF8.self)
        switch (word, sort) {
        case ("null", _): return .null
        case ("true", .flag): return .bool(true)
        case ("false", .flag): return .bool(false)
        case (_, .int): return Int64(word).map { .int($0) }
        case (_, .double): return Double(word).map { .double($0) }
        default: return nil
        }
    }

    private mutating func text() -> String? {
        place += 1
        let start = place
        while place < line.count, line[place] != UInt8(ascii: "\""), line[place] != UInt8(ascii: "\\") { place += 1 }
        var bytes = Array(line[start..<place])
        while place < line.count, line[place] != UInt8(ascii: "\"") {
            if line[place] == UInt8(ascii: "\\") {
                guard let scalar = escape() else { return nil }
                bytes.append(contentsOf: Array(String(scalar).utf8))
            } else {
                bytes.append(line[place])
                place += 1
            }
        }
        return take("\"") ? String(decoding: bytes, as: UTF8.self) : nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard place + 1 < line.count else { return nil }
        let sign = line[place + 1]
        place += 2
        switch sign {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return Unicode.Scalar(sign)
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard place + 4 <= line.count, let code = UInt32(String(decoding: line[place..<place + 4], as: UTF8.self), radix: 16) else {
                return nil
            }
            place += 4
            return Unicode.Scalar(code)
        default: return nil
        }
    }
}
