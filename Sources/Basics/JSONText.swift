/// JSON written by hand where the general encoder is too slow or cannot say what is wanted.
package enum JSONText {
    /// A string with its marks, as RFC 8259 wants it: UTF-8.
    package static func quote(_ text: String, into out: inout [UInt8]) {
        var text = text
        out.append(UInt8(ascii: "\""))
        text.withUTF8 { bytes in
            // What needs no escape goes in whole, from one escape to the next.
            var done = 0
            for (index, byte) in bytes.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                out += bytes[done..<index]
                done = index + 1
                escape(byte, into: &out)
            }
            out += bytes[done...]
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8, into out: inout [UInt8]) {
        let short: StaticString? =
            switch byte {
            case UInt8(ascii: "\""): "\\\""
            case UInt8(ascii: "\\"): "\\\\"
            case UInt8(ascii: "\n"): "\\n"
            case UInt8(ascii: "\r"): "\\r"
            case UInt8(ascii: "\t"): "\\t"
            default: nil
            }
        if let short { return short.withUTF8Buffer { out += $0 } }
        let digits = Array("0123456789abcdef".utf8)
        out += [UInt8(ascii: "\\"), UInt8(ascii: "u"), 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    /// An object of plain words, as `quote` writes them: `{"a":"b"}`.
    /// - Returns: nil for anything else, also for words with escapes: those are a general decoder's.
    package static func words(_ text: String) -> [String: String]? {
        var words: [String: String] = [:]
        var rest = text.utf8[...]
        func take(_ sign: Character) -> Bool {
            guard rest.first == sign.asciiValue else { return false }
            rest = rest.dropFirst()
            return true
        }
        func word() -> String? {
            guard take("\"") else { return nil }
            let end = rest.firstIndex { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
            guard let end, rest[end] == UInt8(ascii: "\"") else { return nil }
            let found = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
            return found
        }
        guard take("{") else { return nil }
        if take("}") { return rest.isEmpty ? words : nil }
        repeat {
            guard let key = word(), take(":"), let value = word() else { return nil }
            words[key] = value
        } while take(",")
        return take("}") && rest.isEmpty ? words : nil
    }
}
