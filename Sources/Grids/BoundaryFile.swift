import Basics
import Foundation
import Geo

/// A file of boundaries: GeoJSON by itself; Shapefile, GeoPackage, KML and their like through `ogr2ogr`; each also in a zip archive.
///
/// What it is, its first bytes say; a name only where they do not.
package struct BoundaryFile: Sendable {
    package private(set) var features: [GeoJSON.Feature] = []
    /// The encoding that was guessed for its texts; nil when there was nothing to guess.
    package private(set) var guessedEncoding: TextEncoding?
    /// Names of what was read together, where one file holds several sets.
    package private(set) var parts: [String] = []

    /// What was taken for granted, as in a plan: keys below `land.notice.`.
    package var notices: [(key: String, values: [String: String])] {
        var notices: [(key: String, values: [String: String])] = []
        if let guessedEncoding { notices.append(("encoding", ["encoding": guessedEncoding.rawValue.uppercased()])) }
        if !parts.isEmpty { notices.append(("parts", ["names": parts.joined(separator: ", ")])) }
        return notices
    }

    /// Bytes of GeoJSON that one file may come to.
    static let most = 2 << 30

    /// - Parameter encoding: of texts that do not say it themselves.
    /// - Throws: `LandRefusal.file`, `.unreadable`.
    package init(path: String, encoding: TextEncoding? = nil) throws {
        let path = URL(fileURLWithPath: path).standardizedFileURL.path
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw LandRefusal.file(.missing, (path as NSString).lastPathComponent)
        }
        guard Self.head(path).starts(with: [0x50, 0x4B, 0x03, 0x04]) || path.lowercased().hasSuffix(".zip") else {
            try take(path, encoding)
            return
        }
        let archive = try Archive(path: path)
        for member in archive.sets {
            let before = parts.count
            try take(member.path, encoding)
            if archive.sets.count > 1 { parts.replaceSubrange(before..., with: [member.name]) }
        }
        withExtendedLifetime(archive) {}
    }

    /// Files that have the look of boundaries, for whoever keeps an upload: the ending that goes with its first bytes.
    package static func ending(of path: String) -> String {
        let head = head(path)
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return "zip" }
        if head.starts(with: Array("SQLite format 3\u{0}".utf8)) { return "gpkg" }
        return looksLikeJSON(head) ? "geojson" : looksLikeXML(head) ? "kml" : "bin"
    }

    private mutating func take(_ path: String, _ encoding: TextEncoding?) throws {
        let head = Self.head(path)
        let kind = (path as NSString).pathExtension.lowercased()
        if Self.looksLikeJSON(head) || (["geojson", "json", "geojsonl", "geojsons", "ndjson"].contains(kind) && !Self.isBinary(head)) {
            let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
            guard data.count <= Self.most else { throw LandRefusal.file(.tooLarge, String(Self.most >> 20)) }
            let file = try Self.geojson(utf8(data, encoding))
            if Self.isWGS84(file.crs) {
                features += file.features
                return
            }
        }
        if kind == "shp" { try Self.requireParts(of: path) }
        let guess = encoding == nil && kind == "shp" ? Self.guessedEncoding(of: path) : nil
        if let guess { guessedEncoding = guess }
        let gdal = GDAL(encoding: encoding ?? guess)
        let layers = try gdal.layers(of: path)
        for layer in layers { features += try Self.geojson(gdal.geojson(path, layer: layer, most: Self.most)).features }
        if layers.count > 1 { parts += layers }
    }

    private static func geojson(_ data: Data) throws -> GeoJSON.File {
        do {
            return try GeoJSON.file(data)
        } catch GeoJSON.Problem.malformed(let place) {
            throw LandRefusal.file(.notGeoJSON, place)
        }
    }

    /// Old GeoJSON may name another system; then GDAL has to convert it.
    private static func isWGS84(_ crs: String?) -> Bool {
        guard let crs = crs?.uppercased() else { return true }
        return crs.contains("CRS84") || crs.hasSuffix("4326")
    }

    private mutating func utf8(_ data: Data, _ encoding: TextEncoding?) -> Data {
        // UTF-16 and UTF-32 say so themselves, and JSON's reader knows them.
        if data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]) || data.prefix(4).contains(0) { return data }
        let found = encoding ?? TextEncoding.guessed(data)
        guard let found, found != .utf8, let text = found.text(data) else { return data }
        if encoding == nil { guessedEncoding = found }
        return Data(text.utf8)
    }

    /// A table of attributes without a word about its encoding: GBK if it is that and not UTF-8.
    private static func guessedEncoding(of shapefile: String) -> TextEncoding? {
        guard sibling(of: shapefile, "cpg") == nil, let table = sibling(of: shapefile, "dbf").flatMap(FileManager.default.contents),
            table.count > 32
        else { return nil }
        let text = table.dropFirst(32).prefix(200_000).filter { $0 >= 32 }
        // NB: the cut may fall into a character, which is no sign of anything.
        guard text.contains(where: { $0 >= 128 }), (0..<4).allSatisfy({ TextEncoding.utf8.text(Data(text.dropLast($0))) == nil }) else {
            return nil
        }
        return .gbk
    }

    /// A Shapefile is three files; without the index and the table it is none.
    private static func requireParts(of shapefile: String) throws {
        let missing = ["shx", "dbf"].filter { sibling(of: shapefile, $0) == nil }
        guard missing.isEmpty else { throw LandRefusal.file(.shapefileParts, missing.map { "." + $0 }.joined(separator: ", ")) }
    }

    private static func sibling(of path: String, _ kind: String) -> String? {
        let base = (path as NSString).deletingPathExtension
        return [kind, kind.uppercased()].map { "\(base).\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
    }

    // MARK: First bytes

    private static func head(_ path: String) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: 512)).flatMap { $0 }.map(Array.init) ?? []
    }

    private static func firstSign(_ head: [UInt8]) -> UInt8? {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return head.dropFirst(head.starts(with: mark) ? mark.count : 0).first { ![9, 10, 13, 32, 0x1E].contains($0) }
    }

    private static func looksLikeJSON(_ head: [UInt8]) -> Bool {
        firstSign(head).map { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") } ?? false
    }
    private static func looksLikeXML(_ head: [UInt8]) -> Bool { firstSign(head) == UInt8(ascii: "<") }
    private static func isBinary(_ head: [UInt8]) -> Bool {
        head.starts(with: Array("SQLite".utf8)) || head.starts(with: [0, 0, 0x27, 0x0A])
    }
}
