/// Writes CSV as RFC 4180 wants it.
package enum CSVText {
    /// What makes a spreadsheet run a cell, half and full width. Source: OWASP, CSV injection.
    private static let starters: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]

    /// So that Excel takes the file for UTF-8.
    package static let byteOrderMark = "\u{FEFF}"

    /// One record with its line end (CRLF).
    /// - Parameter guarded: a cell that a spreadsheet would take for a formula becomes text by an apostrophe before it; numbers stay numbers.
    package static func line(_ fields: some Sequence<String>, guarded: Bool = false) -> String {
        fields.map { cell(guarded && Double($0) == nil ? plainText($0) : $0) }.joined(separator: ",") + "\r\n"
    }

    package static func cell(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }) else { return text }
        return "\"" + text.escaped { $0 == UInt8(ascii: "\"") ? "\"\"" : nil } + "\""
    }

    /// With an apostrophe before what would be run as a formula, numbers too.
    package static func plainText(_ text: String) -> String {
        guard let first = text.unicodeScalars.first(where: { $0 != " " }) else { return text }
        return starters.contains(first) ? "'" + text : text
    }
}
