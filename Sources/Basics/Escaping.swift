extension StringProtocol {
    /// The text with signs of ASCII replaced.
    ///
    /// NB: byte by byte. `"` with a combining mark after it is one `Character`, which equals no `"`: by Characters it would go through an
    /// escape as it is, and still end an attribute, a cell or a word for whoever reads the text.
    /// - Parameter replacement: for the signs that have one.
    package func escaped(_ replacement: (Unicode.Scalar) -> StaticString?) -> String {
        var bytes: [UInt8] = []
        var start = utf8.startIndex
        for place in utf8.indices where utf8[place] < 0x80 {
            guard let new = replacement(Unicode.Scalar(utf8[place])) else { continue }
            if bytes.isEmpty { bytes.reserveCapacity(utf8.count + 16) }
            bytes += utf8[start..<place]
            new.withUTF8Buffer { bytes += $0 }
            start = utf8.index(after: place)
        }
        // Most texts need none.
        guard start != utf8.startIndex else { return String(self) }
        bytes += utf8[start...]
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the signs of an ASCII text stand in this one, whatever marks follow them; see `escaped`.
    package func holds(ascii part: StaticString) -> Bool {
        part.withUTF8Buffer { part in
            var rest = utf8[...]
            while rest.count >= part.count {
                if rest.starts(with: part) { return true }
                rest = rest.dropFirst()
            }
            return false
        }
    }

    /// As element text and between double or single quotes of HTML and XML.
    package var markupEscaped: String {
        escaped {
            switch $0 {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: nil
            }
        }
    }
}
