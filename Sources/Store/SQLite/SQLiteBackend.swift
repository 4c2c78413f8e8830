import Basics
import Foundation
import GRDB
import Synchronization

/// One file, one writer thread with group commit, many readers.
final class SQLiteBackend: Backend {
    private enum Door: Sendable {
        case pool(DatabasePool, GroupCommit)
        case queue(DatabaseQueue)
    }

    private let door: Door
    let dialect = Dialect.sqlite
    /// How long a connection waits for another, seconds.
    static let patience = 10

    init(folder: String, readOnly: Bool, commits: CommitSignal) throws {
        let path = folder + "/weiwang.sqlite"
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(TimeInterval(Self.patience))
        configuration.label = "weiwang"
        configuration.maximumReaderCount = 8
        // SQLite's own 2 MB hold a page or two of each index: a list then reads the file at every turn.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -4096") }
        if readOnly {
            guard FileManager.default.fileExists(atPath: path) else { throw StoreFailure.noData(folder) }
            configuration.readonly = true
            door = .queue(try DatabaseQueue(path: path, configuration: configuration))
            return
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let pool = try DatabasePool(path: path, configuration: configuration)
        // NB: GRDB sets synchronous = NORMAL on its writer when it turns on WAL, which is not durable over a power cut.
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // The writer touches the newest pages of some thirty trees at each commit: with 2 MB it reads them back from the file each time,
            // and a checkpoint every 4 MB writes each of them again and again.
            try database.execute(sql: "PRAGMA cache_size = -65536")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 8000")
            let level = try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? -1
            guard level == 2 else { throw StoreFailure.notDurable(level) }
        }
        try pool.write {
            let connection = SQLiteConnection($0)
            try Migrations.run(on: connection)
            // The folder is ours alone, so whoever holds a lease is dead.
            _ = try connection.run("DELETE FROM lease")
        }
        door = .pool(pool, GroupCommit(pool: pool, commits: commits))
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        switch door {
        case .pool(let pool, _): try await pool.read { try body(Transaction(SQLiteConnection($0), isReadOnly: true)) }
        case .queue(let queue): try await queue.read { try body(Transaction(SQLiteConnection($0), isReadOnly: true)) }
        }
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        guard case .pool(_, let group) = door else { throw StoreFailure.readOnly }
        return try await group.write(body)
    }

    func tidy() async throws {}

    func rehearse(_ on: Bool) {
        guard case .pool(_, let group) = door else { return }
        group.rehearses.store(on, ordering: .relaxed)
    }

    func close() async {
        guard case .pool(let pool, let group) = door else { return }
        group.stop()
        try? pool.close()
    }
}
