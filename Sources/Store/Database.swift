import Basics
import Foundation
import Logging

/// Where the data are: in one folder (SQLite and files), or in PostgreSQL with a folder for files only.
package enum DatabasePlace: Sendable {
    case folder(String)
    case postgres(url: String, folder: String)

    package var folder: String {
        switch self {
        case .folder(let folder), .postgres(_, let folder): folder
        }
    }

    fileprivate var mayHaveNodes: Bool {
        if case .postgres = self { true } else { false }
    }
}

/// The one door to the data. `read` and `write` take a synchronous closure that runs on a database thread.
package final class Database: Sendable {
    let backend: any Backend
    /// Of a process that writes; nil of one that only reads.
    let lock: FolderLock?
    package let files: Files
    package let logger: Logger
    package let commits: CommitSignal
    private let numberBlocks = NumberBlocks()

    private init(backend: any Backend, lock: FolderLock?, files: Files, commits: CommitSignal, logger: Logger) {
        self.backend = backend
        self.lock = lock
        self.files = files
        self.commits = commits
        self.logger = logger
    }

    /// Opens, creating what is missing and bringing the schema up to date unless `readOnly`.
    /// - Parameters:
    ///   - ofAnyVersion: also data of an older version, for whoever reads them by their own schema.
    ///   - asNode: one of several that may serve the same PostgreSQL, so it shares the folder with other nodes; on SQLite a
    ///   folder is always one process's alone.
    ///   - holding: the folder is in the caller's hand already.
    /// - Throws: `StoreFailure`; `.folderLocked` when another process writes, `.noData` when there is nothing to read, `.otherFolder` when the
    ///   database's files are elsewhere.
    package static func open(
        _ place: DatabasePlace, readOnly: Bool = false, ofAnyVersion: Bool = false, asNode: Bool = false, holding: DataFolder? = nil,
        logger: Logger = Logger(label: "store")
    ) async throws -> Database {
        let commits = CommitSignal()
        let files = try Files(folder: place.folder + "/files", readOnly: readOnly)
        let lock = try readOnly || holding != nil ? nil : FolderLock(folder: place.folder, shared: asNode && place.mayHaveNodes)
        let backend: any Backend
        switch place {
        case .folder(let folder):
            backend = try SQLiteBackend(folder: folder, readOnly: readOnly, commits: commits)
        case .postgres(let url, _):
            backend = try await PostgresBackend.open(url: url, readOnly: readOnly, commits: commits)
        }
        let database = Database(backend: backend, lock: lock, files: files, commits: commits, logger: logger)
        do {
            // Who writes has just brought the schema up to date.
            if readOnly {
                try await database.read { tx in
                    guard try Migrations.wereRun(tx) else { throw StoreFailure.noData(place.folder) }
                    let done = try Migrations.done(on: tx.connection)
                    if !ofAnyVersion { try Migrations.refuseOlder(done) }
                }
            } else if place.mayHaveNodes {
                try await FolderMark.hold(files, to: database)
            }
            return database
        } catch {
            await database.close()
            throw error
        }
    }

    package var dialect: Dialect { backend.dialect }
    /// All writes wait for one another: what can be found out before a write is better read before it.
    package var hasOneWriter: Bool { dialect == .sqlite }
    /// The newest migration: what an open database has at least.
    package static var schema: String { Migrations.files.last?.name ?? "" }
    /// Of the data.
    package var folder: String { (files.folder as NSString).deletingLastPathComponent }

    /// One consistent snapshot.
    package func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await backend.read(StatementCount.counted(body))
    }

    /// All or nothing, and on disk when it returns. The body may run again: no I/O, no clock, no new id inside.
    package func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await backend.write(StatementCount.counted(body))
    }

    /// The next running number of a series; numbers come in blocks, so a few may be left out after a restart.
    package func number(_ series: String) async throws -> Int64 {
        try await numberBlocks.next(of: series) { [self] size in
            let end = try await write { tx -> Int64 in
                try tx.first(
                    """
                    INSERT INTO number_block (name, next) VALUES (\(series), \(1 + size))
                    ON CONFLICT (name) DO UPDATE SET next = number_block.next + \(size) RETURNING next
                    """
                ) { try $0["next"] } ?? 1 + size
            }
            return (end - size)..<end
        }
    }

    /// Waits for running work, then closes; later calls throw `.closed`.
    package func close() async {
        await backend.close()
        lock?.release()
    }

    /// For tests: every write runs twice, the first time undone, to prove that running again does no harm.
    package func rehearseWrites(_ on: Bool) { backend.rehearse(on) }
}

protocol Backend: Sendable {
    var dialect: Dialect { get }
    func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T
    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T
    func tidy() async throws
    func rehearse(_ on: Bool)
    func close() async
}
