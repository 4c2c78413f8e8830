import Basics

/// CSV after RFC 4180, safe to open in a spreadsheet.
package enum CSVText {
    /// What makes a spreadsheet run a cell, half and full width. Source: OWASP, CSV injection.
    private static let starters: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]

    /// One line with its line end, CRLF.
    package static func line(_ cells: [SheetCell]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }
    package static func line(_ texts: [String]) -> String { texts.map(text).joined(separator: ",") + "\r\n" }

    /// So that Excel takes the file for UTF-8.
    package static let byteOrderMark = "\u{FEFF}"

    static func cell(_ cell: SheetCell) -> String {
        switch cell {
        case .empty: ""
        case .text(let value): text(value)
        case .integer(let value): String(value)
        case .number(let value), .share(let value): value.isFinite ? "\(value)" : ""
        case .instant(let value, let zone): text(value.iso(in: zone))
        case .day(let value): text(value.description)
        }
    }

    /// A text that would be run as a formula gets an apostrophe before it, so that every spreadsheet shows it as text.
    static func text(_ value: String) -> String {
        var text = value
        if let first = value.unicodeScalars.first(where: { $0 != " " }), starters.contains(first) { text = "'" + value }
        // NB: by scalars: CR LF is one Character, which equals neither.
        let quoted = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
        return quoted ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
