/// JSON written by hand where the general encoder is too slow or cannot say what is wanted.
package enum JSONText {
    /// A string with its marks, as RFC 8259 wants it.
    package static func quote(_ text: String, into out: inout String) {
        // Most words need no escape; a text goes in whole.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            out += "\""
            out += text
            out += "\""
            return
        }
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
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
