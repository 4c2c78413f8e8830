import Basics
import Foundation
import Geo
import Grids
import HTTPTypes
import HummingbirdCore
import Insight
import Matters
import NIOCore
import Posts
import Store

/// `/api/export/matters.csv`, `grids.xlsx`, …: written to a scratch file on the database's thread, then sent in pieces.
enum ExportAPI {
    static func show(_ call: Call) async throws -> Response {
        let actor = try await APIReader.actor(call)
        let parts = try call.parameter("file").split(separator: ".")
        guard parts.count == 2, let format = ExportFormat(rawValue: String(parts[1])) else { throw Call.missing }
        let (house, now) = (call.house, call.now)
        let level = call.query("level").isEmpty ? nil : call.query("level")
        let asked = try Asked(call)
        let path = house.database.files.incoming()
        let language = call.language
        let what = String(parts[0])
        guard what == "matters" || what == "grids" else { throw Call.missing }
        do {
            try await house.database.read { tx in
                guard try house.matters.mayExport(actor, at: now, in: tx) else { throw PlainRefusal("api.no_export", sort: .forbidden) }
                let land = try house.grids.land(in: tx)
                if what == "grids" {
                    try GridTable.write(LandExport(land.on(), level: level), as: format, to: path)
                } else {
                    let words = actor.person != nil
                    let export = MatterTable(
                        matters: house.matters, book: try house.posts.book(in: tx), land: land.on(),
                        say: { house.wording.say($0, language) },
                        zone: house.zone, kinds: try house.matters.kinds(), allWords: words)
                    try export.write(try asked.filter(land), for: actor, at: now, as: format, to: path, in: tx)
                }
            }
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
        await call.note("access.exported", ["what": "\(what).\(format.rawValue)"])
        return file(path, named: "\(what).\(format.rawValue)", type: format.type)
    }

    /// Sends a file in pieces and removes it.
    private static func file(_ path: String, named name: String, type: String) -> Response {
        let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
        let body = ResponseBody(contentLength: size) { writer in
            defer { try? FileManager.default.removeItem(atPath: path) }
            guard let handle = FileHandle(forReadingAtPath: path) else { throw CocoaError(.fileNoSuchFile) }
            defer { try? handle.close() }
            while let piece = try handle.read(upToCount: 1 << 17), !piece.isEmpty { try await writer.write(ByteBuffer(bytes: piece)) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: type, .contentDisposition: "attachment; filename=\"\(name)\""], body: body)
    }
}

package enum ExportFormat: String, CaseIterable, Sendable {
    case csv, xlsx, geojson

    package var type: String {
        switch self {
        case .csv: "text/csv; charset=utf-8"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .geojson: "application/geo+json; charset=utf-8"
        }
    }
}

/// A text file written in pieces.
final class TextFile {
    private let handle: FileHandle
    private var waiting = ""

    init(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CocoaError(.fileWriteUnknown) }
        self.handle = handle
    }

    func write(_ text: String) throws {
        waiting += text
        if waiting.utf8.count > 1 << 17 { try flush() }
    }

    func close() throws {
        try flush()
        try handle.close()
    }

    private func flush() throws {
        try handle.write(contentsOf: Data(waiting.utf8))
        waiting = ""
    }
}
