extension String {
    /// The text with signs of ASCII replaced.
    ///
    /// NB: byte by byte. `"` with a combining mark after it is one `Character`, which equals no `"`: by Characters it would go through an
    /// escape as it is, and still end an attribute, a cell or a word for whoever reads the text.
    /// - Parameter replacement: for the signs that have one.
    @inline(__always)
    package func escaped(_ replacement: (UInt8) -> StaticString?) -> String {
        var text = self
        let new = text.withUTF8 { bytes -> [UInt8]? in
            // Most texts need none.
            guard let first = bytes.firstIndex(where: { $0 < 0x80 && replacement($0) != nil }) else { return nil }
            var new = Array(bytes[..<first])
            new.reserveCapacity(bytes.count + 16)
            for byte in bytes[first...] {
                if byte < 0x80, let instead = replacement(byte) { instead.withUTF8Buffer { new += $0 } } else { new.append(byte) }
            }
            return new
        }
        return new.map { String(decoding: $0, as: UTF8.self) } ?? self
    }

    /// As element text and between double or single quotes of HTML and XML.
    package var markupEscaped: String {
        escaped {
            switch $0 {
            case UInt8(ascii: "&"): "&amp;"
            case UInt8(ascii: "<"): "&lt;"
            case UInt8(ascii: ">"): "&gt;"
            case UInt8(ascii: "\""): "&quot;"
            case UInt8(ascii: "'"): "&#39;"
            default: nil
            }
        }
    }
}
