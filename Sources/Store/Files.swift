import Basics
import Crypto
import Foundation

/// A stored file by the SHA-256 of its bytes.
package struct StoredFile: Sendable, Codable {
    package let digest: String
    package let type: String
    package let bytes: Int
    package let width: Int?
    package let height: Int?
}

/// The folder of photos and papers, content-addressed: `files/ab/abcdef…`. Shared by all nodes.
package struct Files: Sendable {
    package let folder: String

    init(folder: String, readOnly: Bool) throws {
        self.folder = folder
        guard !readOnly else { return }
        try FileManager.default.createDirectory(atPath: folder + "/incoming", withIntermediateDirectories: true)
    }

    /// Digests come from the database or a URL; anything that is not one has no path.
    package func path(_ digest: String) -> String? {
        guard digest.utf8.count == 64, digest.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { return nil }
        return "\(folder)/\(digest.prefix(2))/\(digest)"
    }

    /// A path in the folder for something still arriving; the caller moves or removes it.
    package func incoming() -> String { "\(folder)/incoming/\(Secret.token())" }

    /// Moves a finished file in, on disk before it returns. The same bytes twice are one file.
    package func keep(_ path: String, type: String, width: Int? = nil, height: Int? = nil) throws -> StoredFile {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let digest = Secret.hex(SHA256.hash(data: data))
        guard let target = self.path(digest) else { throw CocoaError(.fileWriteInvalidFileName) }
        let shelf = (target as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: shelf, withIntermediateDirectories: true)
        try Self.synchronize(path)
        // rename(2) replaces: the same photo sent twice at once must not make the second sender fail; and the file is young again, so that
        // the sweep leaves it to the row that comes.
        try FolderLock.within(folder) {
            guard rename(path, target) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        }
        // NB: the bytes being on disk does not put the name there, nor the folder's.
        try Self.synchronize(shelf)
        try Self.synchronize(folder)
        return StoredFile(digest: digest, type: type, bytes: data.count, width: width, height: height)
    }

    package func keep(bytes: [UInt8], type: String) throws -> StoredFile {
        let path = incoming()
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try keep(path, type: type)
    }

    /// Nil when there is no such file.
    package func read(_ digest: String) -> Data? { path(digest).flatMap { FileManager.default.contents(atPath: $0) } }

    /// A file's bytes, or a folder's names, are on disk when it returns.
    static func synchronize(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    /// Removes what has been arriving for longer than an hour: uploads that were cut off.
    package func sweepIncoming(now: Date) {
        let folder = self.folder + "/incoming"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let path = folder + "/" + name
            let changed = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
            if let changed, now.timeIntervalSince(changed) > 3600 { try? FileManager.default.removeItem(atPath: path) }
        }
    }

    /// The folders `00` to `ff` of kept files.
    func shelves() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.utf8.count == 2 }
    }

    /// Digests that lie on a shelf.
    func digests(on shelf: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + shelf)) ?? []).filter { path($0) != nil }
    }

    /// Removes a file that no row names, unless it came, or came again, within the hour.
    func drop(_ digest: String, now: Date) {
        guard let path = path(digest) else { return }
        // Alone, so that nobody sends the same bytes between the look and the removal.
        try? FolderLock.within(folder, alone: true) {
            guard let changed = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date,
                now.timeIntervalSince(changed) > 3600
            else { return }
            try FileManager.default.removeItem(atPath: path)
        }
    }
}

extension Transaction {
    /// Which of the files of a shelf have a row.
    func notedFiles(on shelf: String) throws -> Set<String> {
        Set(try all("SELECT digest FROM file WHERE digest >= \(shelf) AND digest < \(shelf + "g")") { try $0["digest"] })
    }

    /// Notes a kept file, so that rows may point at it.
    /// - Parameter small: digest of its little picture, for lists.
    package func note(_ file: StoredFile, small: String? = nil, at now: Instant) throws {
        try run(
            """
            INSERT INTO file (digest, small, type, bytes, width, height, at)
            VALUES (\(file.digest), \(small), \(file.type), \(file.bytes), \(file.width), \(file.height), \(now))
            ON CONFLICT (digest) DO UPDATE SET small = COALESCE(file.small, excluded.small)
            """)
    }
}
