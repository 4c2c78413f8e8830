import Foundation
import Geo

/// A file of boundaries: GeoJSON by itself; Shapefile (also zipped), GeoPackage, KML and whatever else GDAL knows, through `ogr2ogr`.
package struct BoundaryFile: Sendable {
    package let features: [GeoJSON.Feature]
    /// The encoding that was guessed for its texts; nil when there was nothing to guess.
    package let guessedEncoding: String?

    /// - Parameter encoding: of texts that do not say it themselves (`gbk`, `utf-8`).
    /// - Throws: `LandRefusal.unreadable`.
    package init(path: String, encoding: String? = nil) throws {
        guard FileManager.default.isReadableFile(atPath: path) else { throw LandRefusal.unreadable(path) }
        let kind = (path as NSString).pathExtension.lowercased()
        if ["geojson", "json", "geojsonl", "geojsons", "ndjson"].contains(kind) {
            let file = try Self.geojson(Self.utf8(Data(contentsOf: URL(fileURLWithPath: path)), encoding))
            if Self.isWGS84(file.crs) {
                features = file.features
                guessedEncoding = nil
                return
            }
        }
        let source = kind == "zip" ? try ZipNames(path: path).source : path
        let guess = encoding == nil && kind == "shp" ? Self.guessedEncoding(of: path) : nil
        let gdal = GDAL(encoding: encoding ?? guess)
        features = try gdal.layers(of: source).flatMap { try Self.geojson(gdal.geojson(source, layer: $0)).features }
        guessedEncoding = guess
    }

    private static func geojson(_ data: Data) throws -> GeoJSON.File {
        do {
            return try GeoJSON.file(data)
        } catch GeoJSON.Problem.malformed(let place) {
            throw LandRefusal.unreadable(place)
        }
    }

    /// Old GeoJSON may name another system; then GDAL has to convert it.
    private static func isWGS84(_ crs: String?) -> Bool {
        guard let crs = crs?.uppercased() else { return true }
        return crs.contains("CRS84") || crs.hasSuffix("4326")
    }

    private static func utf8(_ data: Data, _ encoding: String?) -> Data {
        guard let encoding, let known = Self.encoding(named: encoding), known != .utf8, let text = String(data: data, encoding: known)
        else {
            return data
        }
        return Data(text.utf8)
    }

    /// GB 18030 stands for all of GB 2312 and GBK.
    static func encoding(named name: String) -> String.Encoding? {
        switch name.lowercased().replacing("_", with: "-") {
        case "utf8", "utf-8": .utf8
        case "gbk", "gb2312", "gb18030", "cp936": .gb18030
        case "latin1", "iso-8859-1": .isoLatin1
        default: nil
        }
    }

    /// A table of attributes without a word about its encoding: GBK if it is that and not UTF-8.
    private static func guessedEncoding(of shapefile: String) -> String? {
        let base = (shapefile as NSString).deletingPathExtension
        let manager = FileManager.default
        guard !["cpg", "CPG"].contains(where: { manager.fileExists(atPath: "\(base).\($0)") }),
            let table = ["dbf", "DBF"].lazy.compactMap({ manager.contents(atPath: "\(base).\($0)") }).first, table.count > 32
        else { return nil }
        let text = table.dropFirst(32).prefix(200_000).filter { $0 >= 32 }
        guard text.contains(where: { $0 >= 128 }), String(data: text, encoding: .utf8) == nil else { return nil }
        return "GBK"
    }
}

extension String.Encoding {
    /// NSStringEncoding of kCFStringEncodingGB_18030_2000.
    static let gb18030 = String.Encoding(rawValue: 0x8000_0632)
}
