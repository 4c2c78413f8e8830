import Basics
import CZlib
import Foundation

/// Files of boundaries out of a zip archive, unpacked into a folder of their own that goes with the last reference.
///
/// They get plain names there, so that no encoding of names matters, and no more is written than allowed, whatever the archive promises.
final class Archive {
    /// Files that can be opened one by one; of a Shapefile the `.shp`.
    private(set) var sets: [Member] = []

    struct Member {
        /// As the archive names it, without folders.
        let name: String
        let path: String
    }

    private struct Entry {
        let name: String
        let method: Int
        let isLocked: Bool
        let crc: UInt
        let packed: Int
        let size: Int
        let offset: Int
    }

    static let most = 1 << 30
    /// What is read, best first; the rest stays packed.
    private static let kinds = ["shp", "gpkg", "geojson", "kml", "json"]
    private static let besides = ["shx", "dbf", "prj", "cpg"]

    private let folder: String

    /// - Parameter most: bytes to unpack at most.
    /// - Throws: `LandRefusal.file`.
    init(path: String, most: Int = Archive.most) throws {
        folder = NSTemporaryDirectory() + "weiwang-archive-\(UUIDv7(at: .systemNow))"
        let name = (path as NSString).lastPathComponent
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped),
            let entries = data.withUnsafeBytes({ Self.entries($0) })
        else { throw LandRefusal.file(.archiveBroken, name) }
        let wanted = entries.filter { entry in
            let kind = (entry.name as NSString).pathExtension.lowercased()
            return !entry.name.hasPrefix("__MACOSX/") && (Self.kinds + Self.besides).contains(kind)
        }
        guard let best = Self.kinds.first(where: { kind in wanted.contains { ($0.name as NSString).pathExtension.lowercased() == kind } })
        else { throw LandRefusal.file(.archiveEmpty, name) }
        guard wanted.reduce(0, { $0 + $1.size }) <= most else { throw LandRefusal.file(.archiveTooLarge, String(most >> 20)) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var numbers: [String: Int] = [:]
        for entry in wanted {
            guard !entry.isLocked else { throw LandRefusal.file(.archiveLocked, name) }
            // What belongs together has one name but for its ending.
            let stem = (entry.name as NSString).deletingPathExtension.lowercased()
            let number = numbers[stem] ?? numbers.count
            numbers[stem] = number
            let kind = (entry.name as NSString).pathExtension.lowercased()
            let target = "\(folder)/\(number).\(kind)"
            let whole = try data.withUnsafeBytes { try Self.unpack(entry, of: $0, to: target) }
            guard whole else { throw LandRefusal.file(.archiveBroken, name) }
            if kind == best { sets.append(Member(name: (entry.name as NSString).lastPathComponent, path: target)) }
        }
        sets.sort { $0.name < $1.name }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The central directory (PKWARE APPNOTE 4.3.12); nil when there is none, or it does not fit the file.
    private static func entries(_ bytes: UnsafeRawBufferPointer) -> [Entry]? {
        func word(_ at: Int) -> Int { at >= 0 && at + 1 < bytes.count ? Int(bytes[at]) | Int(bytes[at + 1]) << 8 : 0 }
        func long(_ at: Int) -> Int { word(at) | word(at + 2) << 16 }
        guard bytes.count >= 22,
            let end = stride(from: bytes.count - 22, through: max(0, bytes.count - 66_000), by: -1).first(where: { long($0) == 0x0605_4B50 }
            )
        else { return nil }
        var at = long(end + 16)
        var entries: [Entry] = []
        for _ in 0..<word(end + 10) {
            guard at + 46 <= bytes.count, long(at) == 0x0201_4B50 else { return nil }
            let length = word(at + 28)
            guard at + 46 + length <= bytes.count else { return nil }
            let raw = Data(bytes[at + 46..<at + 46 + length])
            let name = TextEncoding.guessed(raw)?.text(raw) ?? String(decoding: raw, as: UTF8.self)
            let local = long(at + 42)
            guard local + 30 <= bytes.count, long(local) == 0x0403_4B50 else { return nil }
            entries.append(
                Entry(
                    name: name, method: word(at + 10), isLocked: word(at + 8) & 1 == 1, crc: UInt(long(at + 16)), packed: long(at + 20),
                    size: long(at + 24), offset: local + 30 + word(local + 26) + word(local + 28)))
            at += 46 + length + word(at + 30) + word(at + 32)
        }
        return entries
    }

    /// False when the bytes are not what the directory says; never more than it says is written.
    private static func unpack(_ entry: Entry, of bytes: UnsafeRawBufferPointer, to path: String) throws -> Bool {
        guard entry.offset + entry.packed <= bytes.count, FileManager.default.createFile(atPath: path, contents: nil) else { return false }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? handle.close() }
        let packed = UnsafeRawBufferPointer(rebasing: bytes[entry.offset..<entry.offset + entry.packed])
        if entry.method == 0 {
            guard entry.packed == entry.size else { return false }
            try handle.write(contentsOf: Data(packed))
            return Self.crc(0, packed) == entry.crc
        }
        guard entry.method == 8 else { return false }
        var stream = z_stream()
        // NB: a raw stream, without zlib's own head: negative window bits.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return false }
        defer { inflateEnd(&stream) }
        stream.next_in = UnsafeMutablePointer(mutating: packed.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(packed.count)
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var (written, sum) = (0, UInt(0))
        while true {
            let (status, made) = buffer.withUnsafeMutableBufferPointer { room in
                stream.next_out = room.baseAddress
                stream.avail_out = UInt32(room.count)
                let status = inflate(&stream, Z_NO_FLUSH)
                return (status, room.count - Int(stream.avail_out))
            }
            written += made
            guard status == Z_OK || status == Z_STREAM_END, written <= entry.size, made > 0 || status == Z_STREAM_END else { return false }
            sum = buffer.withUnsafeBytes { Self.crc(sum, UnsafeRawBufferPointer(rebasing: $0[..<made])) }
            try handle.write(contentsOf: Data(buffer[..<made]))
            if status == Z_STREAM_END { return written == entry.size && sum == entry.crc }
        }
    }

    private static func crc(_ sum: UInt, _ bytes: UnsafeRawBufferPointer) -> UInt {
        UInt(crc32(CUnsignedLong(sum), bytes.bindMemory(to: UInt8.self).baseAddress, UInt32(bytes.count)))
    }
}
