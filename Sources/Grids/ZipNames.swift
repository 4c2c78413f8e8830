import Foundation

/// The names in a zip archive, and so where its Shapefile lies: GDAL finds it by itself only at the top.
struct ZipNames {
    /// What GDAL is to open.
    let source: String

    init(path: String) throws {
        let whole = "/vsizip/\(path)"
        guard let data = FileManager.default.contents(atPath: path), let names = Self.names([UInt8](data)) else {
            throw LandRefusal.unreadable(path)
        }
        let files = names.filter { !$0.hasPrefix("__MACOSX/") }
        let kinds = [".shp", ".gpkg", ".geojson", ".kml", ".json"]
        guard let inner = kinds.lazy.compactMap({ kind in files.first { $0.lowercased().hasSuffix(kind) } }).first else {
            throw LandRefusal.unreadable(path)
        }
        source = whole + "/" + inner
    }

    /// From the central directory (PKWARE APPNOTE 4.3.12); names without the UTF-8 flag are taken as GBK if they are not UTF-8.
    private static func names(_ bytes: [UInt8]) -> [String]? {
        func word(_ at: Int) -> Int { at + 1 < bytes.count ? Int(bytes[at]) | Int(bytes[at + 1]) << 8 : 0 }
        func long(_ at: Int) -> Int { word(at) | word(at + 2) << 16 }
        guard bytes.count >= 22,
            let end = stride(from: bytes.count - 22, through: max(0, bytes.count - 66_000), by: -1).first(where: { long($0) == 0x0605_4B50 }
            )
        else { return nil }
        var at = long(end + 16)
        var names: [String] = []
        for _ in 0..<word(end + 10) {
            guard at + 46 <= bytes.count, long(at) == 0x0201_4B50 else { return nil }
            let length = word(at + 28)
            guard at + 46 + length <= bytes.count else { return nil }
            let raw = Data(bytes[at + 46..<at + 46 + length])
            names.append(
                String(data: raw, encoding: .utf8) ?? String(data: raw, encoding: .gb18030) ?? String(decoding: raw, as: UTF8.self))
            at += 46 + length + word(at + 30) + word(at + 32)
        }
        return names
    }
}
