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
        try FileManager.default.createDirectory(atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        if FileManager.default.fileExists(atPath: target) {
            try FileManager.default.removeItem(atPath: path)
        } else {
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try handle.synchronize()
            try handle.close()
            // rename(2) replaces: the same photo sent twice at once must not make the second sender fail.
            guard rename(path, target) == 0 else { throw CocoaError(.fileWriteUnknown) }
        }
        return StoredFile(digest: digest, type: type, bytes: data.count, width: width, height: height)
    }

    package func keep(bytes: [UInt8], type: String) throws -> StoredFile {
        let path = incoming()
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try keep(path, type: type)
    }

    /// Nil when there is no such file.
    package func read(_ digest: String) -> Data? { path(digest).flatMap { FileManager.default.contents(atPath: $0) } }

    /// Removes what has been arriving for longer than an hour: uploads that were cut off.
    package func sweepIncoming(now: Date) {
        let folder = self.folder + "/incoming"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let path = folder + "/" + name
            let changed = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
            if let changed, now.timeIntervalSince(changed) > 3600 { try? FileManager.default.removeItem(atPath: path) }
        }
    }
}

extension Transaction {
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
