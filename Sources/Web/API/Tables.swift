import Basics
import Foundation
import Geo
import Grids
import Insight
import Matters
import Posts
import Store

/// Matters as a table: one row each, names beside ids. The same for the interface and the command.
package struct MatterTable: Sendable {
    let matters: Matters
    let book: PostBook
    let land: LandDay
    let say: @Sendable (String) -> String
    let zone: TimeZone
    let kinds: Kinds
    /// Words of reporters for everybody who sees the matter; else only where the kind shows them to all.
    let allWords: Bool

    package init(
        matters: Matters, book: PostBook, land: LandDay, say: @escaping @Sendable (String) -> String, zone: TimeZone, kinds: Kinds,
        allWords: Bool
    ) {
        self.matters = matters
        self.book = book
        self.land = land
        self.say = say
        self.zone = zone
        self.kinds = kinds
        self.allWords = allWords
    }

    package static let columns = [
        "number", "kind", "category", "category_name", "class", "urgency", "state", "outcome", "confirmed", "mark", "supervised",
        "reporters", "place",
        "lon", "lat", "grid_level", "grid_code", "grid_name", "holder", "channel", "opened_at", "done_at", "closed_at", "due_at", "words",
    ]

    /// - Parameter path: made anew; the caller's to remove.
    package func write(
        _ filter: MatterFilter, for actor: Actor, at now: Instant, as format: ExportFormat, to path: String, in tx: Transaction
    ) throws {
        switch format {
        case .xlsx:
            try Sheet.write(to: path, name: "matters", header: Self.columns) { add in
                try matters.export(filter, for: actor, at: now, in: tx) { try add(cells($0)) }
            }
        case .csv:
            let file = try TextFile(path)
            try file.write(CSVText.line(Self.columns))
            try matters.export(filter, for: actor, at: now, in: tx) { try file.write(CSVText.line(cells($0))) }
            try file.close()
        case .geojson:
            let file = try TextFile(path)
            try file.write("{\"type\":\"FeatureCollection\",\"features\":[")
            var first = true
            try matters.export(filter, for: actor, at: now, in: tx) { row in
                let geometry = row.matter.point.map { GeoJSON.text(of: $0) } ?? "null"
                try file.write((first ? "\n" : ",\n") + "{\"type\":\"Feature\",\"properties\":\(properties(row)),\"geometry\":\(geometry)}")
                first = false
            }
            try file.write("\n]}\n")
            try file.close()
        }
    }

    private func cells(_ row: MatterRow) -> [SheetCell] {
        let matter = row.matter
        let grid = land[matter.path].flatMap { $0.grid.isRoot ? nil : $0 }
        func text(_ value: String?) -> SheetCell { value.map { .text($0) } ?? .empty }
        func time(_ value: Instant?) -> SheetCell { value.map { .instant($0, zone) } ?? .empty }
        func number(_ value: Double?) -> SheetCell { value.map { .number($0) } ?? .empty }
        return [
            .text(matter.number), .text(matter.kind), text(matter.category), text(matter.category.map { say("category.\($0)") }),
            text(matter.class),
            .text(matter.urgency), .text(matter.state.rawValue), text(matter.outcome?.rawValue), text(matter.confirmed?.rawValue),
            .text(matter.mark.rawValue), .text(matter.supervised ? "true" : "false"), .integer(matter.reporters), .text(matter.place),
            number(matter.point?.lon), number(matter.point?.lat), text(grid?.level), text(grid?.code), text(grid?.name),
            text(row.holder.flatMap { book.posts[$0]?.name }), .text(matter.channel), time(matter.openedAt), time(matter.doneAt),
            time(matter.closedAt),
            time(matter.dueAt),
            allWords ? .text(matter.words) : kinds[matter.kind].shows.words ? .text(PublicWords.masked(matter.words)) : .empty,
        ]
    }

    private func properties(_ row: MatterRow) -> String {
        Tree.object(
            zip(Self.columns, cells(row)).filter { $0.0 != "lon" && $0.0 != "lat" }.map { name, cell in
                let value: Tree =
                    switch cell {
                    case .empty: .empty
                    case .text(let text): .text(text)
                    case .integer(let number): .number(Double(number))
                    case .number(let number), .share(let number): .number(number)
                    case .instant(let instant, let zone): .text(instant.iso(in: zone))
                    case .day(let day): .text(day.description)
                    }
                return (name, value)
            }
        ).json
    }
}

/// Grids as a table or as GeoJSON.
package enum GridTable {
    package static func write(_ export: LandExport, as format: ExportFormat, to path: String) throws {
        switch format {
        case .csv:
            let file = try TextFile(path)
            try file.write(CSVText.line(LandExport.columns))
            for row in export.rows { try file.write(CSVText.line(row.map(cell))) }
            try file.close()
        case .geojson:
            let file = try TextFile(path)
            var failure: (any Error)?
            export.geojson { piece in
                do { try file.write(piece) } catch { failure = error }
            }
            if let failure { throw failure }
            try file.close()
        case .xlsx:
            try Sheet.write(to: path, name: "grids", header: LandExport.columns) { add in
                for row in export.rows { try add(row.map(cell)) }
            }
        }
    }

    private static func cell(_ cell: LandExport.Cell) -> SheetCell {
        switch cell {
        case .text(let text): .text(text)
        case .number(let number): .number(number)
        }
    }
}
