import Basics
import Foundation

extension WorkCalendar {
    /// Reads `catalog/calendars/*.yaml`: one file with `hours`, and one for each year with `year`, `source` and `holidays`.
    init(_ nodes: [CatalogNode], zone: TimeZone) throws {
        var week: [Hours]?
        var makeUp: Hours?
        var exceptions: [Day: Exception] = [:]
        var years: Set<Int> = []
        for node in nodes {
            if let hours = node["hours"] {
                try node.known("hours", "make_up")
                try hours.known(Self.weekdays)
                week = try Self.weekdays.map { try Hours(hours[$0]) }
                makeUp = try node["make_up"].map { try Hours($0) }
                if week?.contains(where: { $0.total > 0 }) != true {
                    throw hours.problem(.wrongValue, ["found": "0", "nearest": "08:30-12:00", "known": "08:30-12:00"])
                }
            } else {
                try node.known("year", "source", "holidays")
                _ = try node.texts("source")
                years.insert(try node.int("year"))
                for holiday in try node.map("holidays") {
                    try holiday.value.known("off", "work")
                    for (key, working) in [("off", false), ("work", true)] {
                        for item in try holiday.value.list(key) {
                            for day in try Self.days(item) { exceptions[day] = Exception(working: working, holiday: holiday.key) }
                        }
                    }
                }
            }
        }
        guard let week else {
            throw CatalogProblem(file: "catalog/calendars", line: 1, .missingKey, ["name": "hours", "at": "/"])
        }
        self.init(zone: zone, week: week, makeUp: makeUp, exceptions: exceptions, years: years)
    }

    static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// `2026-02-15` or `2026-02-15..2026-02-23`, both ends within.
    private static func days(_ node: CatalogNode) throws -> [Day] {
        let text = try node.asText()
        let ends = text.components(separatedBy: "..")
        guard ends.count <= 2, let from = Day(ends[0]), let to = Day(ends[ends.count - 1]), from <= to, to - from < 60 else {
            throw node.problem(
                .wrongValue, ["found": text, "nearest": "2026-02-15..2026-02-23", "known": "2026-02-15, 2026-02-15..2026-02-23"])
        }
        return (0...(to - from)).map { from + $0 }
    }
}

extension WorkCalendar.Hours {
    /// `[08:30-12:00, 14:00-17:30]`; nothing is a day off.
    init(_ node: CatalogNode?) throws {
        var spells: [Range<Int64>] = []
        for item in try node?.asList() ?? [] {
            let text = try item.asText()
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Self.time($0.trimmingSpaces) }
            guard ends.count == 2, let from = ends[0], let to = ends[1], from < to, from >= spells.last?.upperBound ?? 0 else {
                throw item.problem(.wrongValue, ["found": text, "nearest": "08:30-12:00", "known": "08:30-12:00, 14:00-17:30"])
            }
            spells.append(from..<to)
        }
        self.init(spells)
    }

    private static func time(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = Int64(parts[0]), let minute = Int64(parts[1]),
            (0...24).contains(hour), (0..<60).contains(minute), hour * 60 + minute <= 1440
        else { return nil }
        return (hour * 60 + minute) * 60_000
    }
}
