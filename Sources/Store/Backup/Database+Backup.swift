import Basics
import Foundation

extension Database {
    /// Writes a backup of this instant while others go on writing: one snapshot of the rows, then the photos that they name.
    ///
    /// It grows in `target.partial` and takes its name when it is whole and on disk. Broken off, the next one goes on with the photos that are
    /// there.
    /// - Throws: `BackupRefusal`, `BackupFailure`; what `progress` throws.
    package func backUp(to target: String, at now: Instant, progress: @escaping Backup.Progress = { _, _ in }) async throws -> Backup {
        let manager = FileManager.default
        let partial = target + ".partial"
        guard !manager.fileExists(atPath: target) else { throw BackupRefusal.exists(target) }
        do {
            // Names and telephone numbers are in it.
            try manager.createDirectory(atPath: partial, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw BackupFailure.disk(partial)
        }
        let lock: FolderLock
        do { lock = try FolderLock(folder: partial) } catch StoreFailure.folderLocked { throw BackupRefusal.underWay(target) }
        defer { lock.release() }
        for name in ["manifest.json", "manifest.sha256", "rows"] { try? manager.removeItem(atPath: partial + "/" + name) }
        try manager.createDirectory(atPath: partial + "/rows", withIntermediateDirectories: true)
        try manager.createDirectory(atPath: partial + "/files", withIntermediateDirectories: true)
        let version = try await version()
        let rows = try await read { tx in try Backup.writeRows(of: tx, from: version, to: partial, at: now, progress: progress) }
        var backup = Backup(partial, rows)
        try backup.takePhotos(from: files, progress: progress)
        for folder in ["/rows", "/files", ""] { try PartFile.syncFolder(partial + folder) }
        try backup.manifest.write(to: partial)
        try? manager.removeItem(atPath: partial + "/lock")
        try PartFile.syncFolder(partial)
        guard !manager.fileExists(atPath: target) else { throw BackupRefusal.exists(target) }
        try PartFile.move(partial, to: target)
        return Backup(target, backup.manifest)
    }

    /// The rows alone, in a folder that is made anew.
    package func writeRows(to folder: String, at now: Instant, progress: @escaping Backup.Progress) async throws -> Backup {
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder + "/rows", withIntermediateDirectories: true)
        let version = try await version()
        return Backup(
            folder, try await read { tx in try Backup.writeRows(of: tx, from: version, to: folder, at: now, progress: progress) })
    }

    /// What a backup would say of the rows: two that are equal hold the same.
    package func rows() async throws -> Manifest {
        try await read { try Backup.writeRows(of: $0, from: "", to: nil, at: .systemNow) }
    }
}

extension Backup {
    /// Copies the photos that the rows name. One that is gone or no longer what its name says is noted and left out.
    fileprivate mutating func takePhotos(from files: Files, progress: Progress) throws {
        var folders: Set<String> = []
        for (index, digest) in try photos().enumerated() {
            let copied = try files.path(digest).flatMap { try Self.copy($0, digest, to: folder + "/" + Self.photo(digest)) }
            if let copied {
                manifest.photos.count += 1
                manifest.photos.bytes += copied
            } else {
                manifest.photos.absent.append(digest)
            }
            folders.insert(String(digest.prefix(2)))
            if index % 20 == 0 { try progress("files", index) }
        }
        for name in folders where FileManager.default.fileExists(atPath: "\(folder)/files/\(name)") {
            try PartFile.syncFolder("\(folder)/files/\(name)")
        }
        try progress("files", manifest.photos.count)
    }

    /// Puts the photos into a folder of data. What is there and sound stays.
    package func givePhotos(to files: Files, progress: Progress) throws {
        for (index, digest) in try photos().enumerated() {
            guard let target = files.path(digest) else { continue }
            guard try Self.copy(folder + "/" + Self.photo(digest), digest, to: target) != nil else {
                throw BackupRefusal.damaged([.changed(Self.photo(digest))])
            }
            if index % 20 == 0 { try progress("files", index) }
        }
    }

    /// - Returns: the bytes of the photo; nil when the source is not what its name says.
    private static func copy(_ source: String, _ digest: String, to target: String) throws -> Int? {
        if let found = try PartLines(target) {
            while try found.piece() != nil {}
            if found.digest == digest { return found.bytes }
        }
        let manager = FileManager.default
        guard manager.fileExists(atPath: source) else { return nil }
        try manager.createDirectory(atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        let coming = target + ".coming"
        var file = try PartFile(coming)
        guard try PartFile.digest(source, { try file.write($0) }) == digest, try file.finish() == digest else {
            file.close()
            try? manager.removeItem(atPath: coming)
            return nil
        }
        guard rename(coming, target) == 0 else { throw BackupFailure.disk(target) }
        return file.bytes
    }
}
