import Basics
import Foundation

/// How an export writes times: `MM/dd/yyyy hh:mm:ss a`. Known are yyyy, MM, dd, HH, hh, mm, ss and a (AM or PM); the rest stands for itself.
/// A number may have fewer digits than its letters (`1/2/2015`); the time of day may be missing as a whole.
package struct TimePattern: Sendable, Equatable {
    private enum Piece: Sendable, Equatable {
        case number(Field, digits: Int)
        case halfOfDay
        case text(UInt8)
    }

    private enum Field: UInt8, Sendable {
        case year = 0x79  // y
        case month = 0x4D  // M
        case day = 0x64  // d
        case hour = 0x48  // H
        case halfHour = 0x68  // h
        case minute = 0x6D  // m
        case second = 0x73  // s
    }

    private let pieces: [Piece]

    /// Nil unless it names year, month and day once each.
    package init?(_ text: String) {
        var pieces: [Piece] = []
        var fields: [Field] = []
        for byte in text.utf8 {
            guard let field = Field(rawValue: byte) else {
                pieces.append(byte == UInt8(ascii: "a") ? .halfOfDay : .text(byte))
                continue
            }
            if case .number(field, let digits)? = pieces.last {
                pieces[pieces.count - 1] = .number(field, digits: digits + 1)
            } else {
                pieces.append(.number(field, digits: 1))
                fields.append(field)
            }
        }
        guard Set(fields).count == fields.count, Set(fields).isSuperset(of: [.year, .month, .day]) else { return nil }
        self.pieces = pieces
    }

    /// The instant a text names in a zone; nil when it does not fit, or names a day or time that does not exist.
    package func instant(_ text: String, in zone: TimeZone) -> Instant? {
        let bytes = Array(text.utf8)
        var index = 0
        var values: [Field: Int] = [:]
        var afternoon: Bool?
        for piece in pieces {
            if index == bytes.count, values[.day] != nil, values[.month] != nil, values[.year] != nil, values[.hour] == nil,
                values[.halfHour] == nil
            {
                break
            }
            switch piece {
            case .text(let byte):
                guard index < bytes.count, bytes[index] == byte else { return nil }
                index += 1
            case .halfOfDay:
                guard index + 2 <= bytes.count else { return nil }
                switch String(decoding: bytes[index..<index + 2], as: UTF8.self).uppercased() {
                case "AM": afternoon = false
                case "PM": afternoon = true
                default: return nil
                }
                index += 2
            case .number(let field, let digits):
                let first = index
                while index < bytes.count, index - first < max(2, digits), (48...57).contains(bytes[index]) { index += 1 }
                guard let value = Int(String(decoding: bytes[first..<index], as: UTF8.self)) else { return nil }
                values[field] = value
            }
        }
        guard index == bytes.count, let year = values[.year], let month = values[.month], let dayOfMonth = values[.day],
            let day = Day(year: year < 100 ? 2000 + year : year, month: month, day: dayOfMonth)
        else { return nil }
        var hour = values[.hour] ?? 0
        if let half = values[.halfHour] {
            guard (1...12).contains(half), let afternoon else { return nil }
            hour = half % 12 + (afternoon ? 12 : 0)
        }
        let (minute, second) = (values[.minute] ?? 0, values[.second] ?? 0)
        guard hour < 24, minute < 60, second < 61 else { return nil }
        return Instant(day, Span(milliseconds: Int64(hour * 3600 + minute * 60 + second) * 1000), in: zone)
    }
}
