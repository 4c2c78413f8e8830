import Basics
import Foundation
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Insight
import NIOCore
import Posts
import Store

/// The table by grid to take along, with counts beside each share.
enum CommandFiles {
    private struct Content {
        let name: String
        let header: [String]
        let lines: [[SheetCell]]
    }

    static func csv(_ call: Call) async throws -> Response {
        let content = try await content(call)
        await call.note("access.exported", ["what": "table.csv"])
        let header = CSVText.line(content.header.map(SheetCell.text))
        let text = CSVText.byteOrderMark + header + content.lines.map { CSVText.line($0) }.joined()
        return answer(Array(text.utf8), "text/csv; charset=utf-8", content.name + ".csv")
    }

    static func xlsx(_ call: Call) async throws -> Response {
        let content = try await content(call)
        await call.note("access.exported", ["what": "table.xlsx"])
        let files = FileManager.default
        try files.createDirectory(atPath: call.house.scratch, withIntermediateDirectories: true)
        let path = call.house.scratch + "/\(UUIDv7(at: .systemNow)).xlsx"
        defer { try? files.removeItem(atPath: path) }
        try Sheet.write(to: path, name: content.name, header: content.header) { add in for line in content.lines { try add(line) } }
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return answer(Array(data), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content.name + ".xlsx")
    }

    private static func content(_ call: Call) async throws -> Content {
        guard call.session?.groups.contains(.export) ?? false else { throw Permission.refusal }
        return try await call.house.database.read { tx in
            let room = try CommandRoom(call, in: tx)
            guard room.board.isReady else { throw PlainRefusal("command.counting", sort: .conflict) }
            let table = CommandTable(room)
            let header =
                [room.say("command.file.code"), room.say("command.table.grid")]
                + table.columns.flatMap { measure, on in
                    let name = room.title(measure, on: on)
                    return measure.share
                        ? [name, room.say("command.file.count", ["name": name]), room.say("command.file.of", ["name": name])] : [name]
                }
            func cells(_ code: String, _ name: String, _ figures: [Figure]) -> [SheetCell] {
                [.text(code), .text(name)]
                    + zip(table.columns, figures).flatMap { column, figure -> [SheetCell] in
                        guard column.measure.share else { return [.integer(figure.count)] }
                        return [figure.share.map { .share($0) } ?? .empty, .integer(figure.count), .integer(figure.of)]
                    }
            }
            var lines = table.lines.map { line in
                cells(line.grid?.code ?? "", line.grid.map(room.name) ?? room.say("command.table.own"), line.figures)
            }
            lines.append(cells("", room.say("command.table.sum"), table.sums))
            return Content(name: "\(room.land.chosen.grid.code ?? "all")-\(room.ask.from)-\(room.ask.to)", header: header, lines: lines)
        }
    }

    private static func answer(_ bytes: [UInt8], _ type: String, _ name: String) -> Response {
        let safe = name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
        return Response(
            status: .ok,
            headers: [.contentType: type, .contentDisposition: "attachment; filename=\"\(safe)\"", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
