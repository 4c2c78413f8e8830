import Basics
import CSheet
import Foundation

/// One value of a table on its way out.
package enum SheetCell: Sendable, Hashable {
    case empty
    /// Always text, never a formula, number or link, whatever it begins with.
    case text(String)
    case integer(Int)
    case number(Double)
    /// 0 … 1, shown in per cent.
    case share(Double)
    case instant(Instant, TimeZone)
    case day(Day)
}

/// An Excel workbook, written row by row in constant memory.
///
/// ```swift
/// try Sheet.write(to: path, name: "matters", header: ["number", "place"]) { add in for row in rows { try add([.text(row.number), …]) } }
/// ```
package enum Sheet {
    package enum Failure: Error { case notWritten(String), tooManyRows }

    /// Rows an Excel sheet can hold, the header among them.
    static let mostRows = 1_048_576
    /// Characters an Excel cell can hold.
    static let mostCharacters = 32_767

    /// - Parameters:
    ///   - name: of the sheet; what Excel forbids in it is left out, and it is cut at 31 characters.
    ///   - fill: calls its argument once for each row.
    /// - Throws: `Failure`, and what `fill` throws; then there is no file.
    package static func write(
        to path: String, name: String, header: [String], fill: ((_ cells: [SheetCell]) throws -> Void) throws -> Void
    ) throws {
        var options = lxw_workbook_options()
        options.constant_memory = 1
        options.tmpdir = nil
        guard let book = workbook_new_opt(path, &options) else { throw Failure.notWritten(path) }
        guard let sheet = workbook_add_worksheet(book, sheetName(name)) else {
            workbook_close(book)
            throw Failure.notWritten(path)
        }
        let formats = Formats(book)
        do {
            for (column, title) in header.enumerated() {
                worksheet_write_string(sheet, 0, UInt16(column), clean(title), formats.header)
            }
            worksheet_freeze_panes(sheet, 1, 0)
            var row: UInt32 = 1
            var widths = header.map { width($0) }
            try fill { cells in
                guard row < UInt32(mostRows) else { throw Failure.tooManyRows }
                for (column, cell) in cells.enumerated() {
                    try put(cell, sheet, row, UInt16(column), formats, path)
                    if row < 200, column < widths.count, case .text(let text) = cell { widths[column] = max(widths[column], width(text)) }
                }
                row += 1
            }
            for (column, width) in widths.enumerated() {
                worksheet_set_column(sheet, UInt16(column), UInt16(column), Double(min(60, width + 2)), nil)
            }
            if !header.isEmpty { worksheet_autofilter(sheet, 0, 0, row - 1, UInt16(header.count - 1)) }
        } catch {
            workbook_close(book)
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
        let result = workbook_close(book)
        guard result == LXW_NO_ERROR else {
            try? FileManager.default.removeItem(atPath: path)
            throw Failure.notWritten(path)
        }
    }

    private struct Formats {
        let header, share, instant, day, text: UnsafeMutablePointer<lxw_format>?

        init(_ book: UnsafeMutablePointer<lxw_workbook>) {
            header = workbook_add_format(book)
            format_set_bold(header)
            format_set_text_wrap(header)
            share = workbook_add_format(book)
            format_set_num_format(share, "0.0%")
            instant = workbook_add_format(book)
            format_set_num_format(instant, "yyyy-mm-dd hh:mm")
            day = workbook_add_format(book)
            format_set_num_format(day, "yyyy-mm-dd")
            // "@" is Excel's own text format: a code keeps its leading zero when somebody edits the cell.
            text = workbook_add_format(book)
            format_set_num_format(text, "@")
        }
    }

    private static func put(
        _ cell: SheetCell, _ sheet: UnsafeMutablePointer<lxw_worksheet>, _ row: UInt32, _ column: UInt16, _ formats: Formats, _ path: String
    ) throws {
        let result: lxw_error
        switch cell {
        case .empty: return
        case .text(let text): result = text.isEmpty ? LXW_NO_ERROR : worksheet_write_string(sheet, row, column, clean(text), formats.text)
        case .integer(let value): result = worksheet_write_number(sheet, row, column, Double(value), nil)
        case .number(let value): result = value.isFinite ? worksheet_write_number(sheet, row, column, value, nil) : LXW_NO_ERROR
        case .share(let value): result = value.isFinite ? worksheet_write_number(sheet, row, column, value, formats.share) : LXW_NO_ERROR
        case .day(let day): result = worksheet_write_number(sheet, row, column, serial(day), formats.day)
        case .instant(let instant, let zone):
            let time = Double(instant.timeOfDay(in: zone).milliseconds) / 86_400_000
            result = worksheet_write_number(sheet, row, column, serial(instant.day(in: zone)) + time, formats.instant)
        }
        guard result == LXW_NO_ERROR else { throw Failure.notWritten(path) }
    }

    /// Excel's day number: 1 is 1900-01-01, with its famous 29 February 1900, so that 1970-01-01 is 25569.
    private static func serial(_ day: Day) -> Double { Double(day.epoch) + 25_569 }

    /// Without the control characters that XML cannot hold, and not longer than a cell. Excel counts UTF-16.
    private static func clean(_ text: String) -> String {
        var units = 0
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.value < 32, scalar != "\n", scalar != "\t", scalar != "\r" { continue }
            if scalar.value == 0xFFFE || scalar.value == 0xFFFF { continue }
            units += scalar.value > 0xFFFF ? 2 : 1
            if units > mostCharacters { break }
            result.append(scalar)
        }
        return String(result)
    }

    private static func sheetName(_ name: String) -> String {
        let allowed = name.filter { !"[]:*?/\\'".contains($0) }
        let short = clean(String(allowed.prefix(31)))
        return short.utf16.count > 31 || short.isEmpty ? "Sheet1" : short
    }

    /// In characters of half width: one of full width takes two.
    private static func width(_ text: String) -> Int { text.unicodeScalars.prefix(80).reduce(0) { $0 + ($1.value > 0x2E80 ? 2 : 1) } }
}
