import Basics

extension CSVText {
    /// One line of a table that people open in a spreadsheet, with its line end.
    package static func line(_ cells: [SheetCell]) -> String { cells.map(text).joined(separator: ",") + "\r\n" }

    private static func text(_ cell: SheetCell) -> String {
        switch cell {
        case .empty: ""
        case .text(let value): Self.cell(plainText(value))
        case .integer(let value): String(value)
        case .number(let value), .share(let value): value.isFinite ? "\(value)" : ""
        case .instant(let value, let zone): value.iso(in: zone)
        case .day(let value): value.description
        }
    }
}
