/// Writes CSV as RFC 4180 wants it.
package enum CSVText {
    /// One record with its line end (CRLF).
    /// - Parameter guarded: a cell that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`, tab or CR in front) becomes text
    ///   by an apostrophe before it; numbers stay numbers.
    package static func line(_ fields: some Sequence<String>, guarded: Bool = false) -> String {
        fields.map { cell(guarded ? plainText($0) : $0) }.joined(separator: ",") + "\r\n"
    }

    private static func cell(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private static func plainText(_ text: String) -> String {
        guard let first = text.utf8.first, "=+-@\t\r".utf8.contains(first), Double(text) == nil else { return text }
        return "'" + text
    }
}
