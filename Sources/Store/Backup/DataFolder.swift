import Basics
import Foundation
import GRDB
import Glibc

/// A folder of data in one hand: what puts another database in place of the one that is there, and keeps that one aside.
package final class DataFolder: Sendable {
    package let path: String
    package let files: Files
    private let lock: FolderLock

    /// - Throws: `StoreFailure.folderLocked` when a server or another command has it.
    package init(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        self.path = path
        lock = try FolderLock(folder: path)
        files = try Files(folder: path + "/files", readOnly: false)
    }

    package func release() { lock.release() }

    private var database: String { path + "/weiwang.sqlite" }
    /// Rows on their way; of no worth once the command ended.
    package var passing: String { path + "/passing" }
    private var building: String { path + "/building" }

    package var hasDatabase: Bool { FileManager.default.fileExists(atPath: database) }

    /// Makes a database of a backup's rows beside the one that is there. - Returns: when it is whole and on disk.
    package func build(_ backup: Backup, leavingOut left: Set<String>, progress: Backup.Progress) throws {
        try? FileManager.default.removeItem(atPath: building)
        try FileManager.default.createDirectory(atPath: building, withIntermediateDirectories: true)
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        let queue = try DatabaseQueue(path: building + "/weiwang.sqlite", configuration: configuration)
        try queue.writeWithoutTransaction { database in
            let connection = SQLiteConnection(database)
            try connection.execute("PRAGMA cache_size = -131072")
            try connection.execute("BEGIN IMMEDIATE")
            do {
                try backup.load(into: Transaction(connection, isReadOnly: false), leavingOut: left, progress: progress)
                try connection.execute("COMMIT")
            } catch {
                try? connection.execute("ROLLBACK")
                throw error
            }
        }
        try queue.close()
        try PartFile.syncFolder(building)
    }

    /// Puts the database that was built in its place, in one step; the one that was there goes aside.
    /// - Returns: the folder where that one is now; nil when there was none.
    package func swapIn(at now: Instant) throws -> String? {
        let aside = try keepAside(at: now)
        try PartFile.move(building + "/weiwang.sqlite", to: database)
        try? FileManager.default.removeItem(atPath: building)
        return aside
    }

    /// Takes the database that is there away, into a dated folder.
    package func putAside(at now: Instant) throws -> String? {
        let aside = try keepAside(at: now)
        if aside != nil, unlink(database) != 0 { throw BackupFailure.disk(database) }
        try PartFile.syncFolder(path)
        return aside
    }

    /// A second name in a dated folder; the first one stays until something takes its place.
    private func keepAside(at now: Instant) throws -> String? {
        guard hasDatabase else { return nil }
        // Brings what is in the log into the file; a database that is too damaged for it goes aside with its log.
        if let queue = try? DatabaseQueue(path: database) {
            _ = try? queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
            try? queue.close()
        }
        let aside = path + "/" + Self.aside(at: now)
        try FileManager.default.createDirectory(atPath: aside, withIntermediateDirectories: true)
        for end in ["", "-wal"] where FileManager.default.fileExists(atPath: database + end) {
            guard link(database + end, aside + "/weiwang.sqlite" + end) == 0 else { throw BackupFailure.disk(aside) }
        }
        try PartFile.syncFolder(aside)
        try PartFile.syncFolder(path)
        // NB: a log belongs to one database only: it must be gone before another one has the name.
        for end in ["-wal", "-shm"] { unlink(database + end) }
        try PartFile.syncFolder(path)
        return aside
    }

    /// `before-20261121-193000-417`
    static func aside(at now: Instant) -> String {
        "before-" + now.iso(in: .gmt).filter { $0.isNumber || $0 == "T" }.replacing("T", with: "-") + "-\(now.milliseconds % 1000)"
    }

    package func clear() { for folder in [passing, building] { try? FileManager.default.removeItem(atPath: folder) } }
}
