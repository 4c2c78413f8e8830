import ArgumentParser
import Basics
import Foundation
import Store

/// `weiwang move --data DIR --to URL`, `--from URL`: from SQLite to PostgreSQL and back; files stay where they are.
struct Move: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move the data of a folder from SQLite to PostgreSQL (--to) or from PostgreSQL to SQLite (--from).",
        discussion: "Rows are compared on both sides before the old database goes aside. May be broken off and begun again at any time.")

    @Option(help: "Folder of the data (WEIWANG_DATA).") var data: String?
    @Option(help: "postgres://… to move into; must be empty.") var to: String?
    @Option(help: "postgres://… to move out of, into SQLite in the folder.") var from: String?

    func validate() throws {
        guard (to == nil) != (from == nil) else { throw ValidationError("Say one of --to postgres://… and --from postgres://…") }
    }

    func run() async throws {
        guard let named = data ?? ProcessInfo.processInfo.environment["WEIWANG_DATA"], !named.isEmpty else {
            throw ValidationError("Name the folder of the data: --data DIR (or WEIWANG_DATA).")
        }
        let path = URL(fileURLWithPath: named).standardizedFileURL.path
        guard FileManager.default.fileExists(atPath: path) else { throw StoreFailure.noData(path) }
        let folder = try DataFolder(path)
        defer { folder.release() }
        let line = PartProgress()
        let progress: Backup.Progress = { line.show($0, $1) }
        let (rows, aside) = try await move(folder, progress)
        line.clear()
        folder.clear()
        Terminal.say(Terminal.text("restore.aside", ["folder": aside]))
        Terminal.say(Terminal.text(to == nil ? "move.here" : "move.there", ["rows": "\(rows)", "folder": path]))
    }

    /// - Returns: how many rows, and where the old database is.
    private func move(_ folder: DataFolder, _ progress: @escaping Backup.Progress) async throws -> (rows: Int, aside: String) {
        let now = Instant.systemNow
        if let to {
            guard folder.hasDatabase else { throw StoreFailure.noData(folder.path) }
            let rows = try await rows(of: .folder(folder.path), folder, progress)
            _ = try await PostgresHouse.fill(to, with: rows, leavingOut: [], replacing: false, at: now, progress: progress)
            return (rows.manifest.rows, try folder.putAside(at: now) ?? "")
        }
        let from = from ?? ""
        guard try await PostgresHouse.hasTables(from) else { throw StoreFailure.noData("PostgreSQL") }
        let rows = try await rows(of: .postgres(url: from, folder: folder.path), folder, progress)
        if folder.hasDatabase {
            // Of a move that was broken off at its end, or of something else.
            let database = try await Database.open(.folder(folder.path), readOnly: true, ofAnyVersion: true)
            let there = try await database.rows()
            await database.close()
            guard there.hasRows(of: rows.manifest) else { throw BackupRefusal.hasData(folder.path) }
        } else {
            try folder.build(rows, leavingOut: [], progress: progress)
            _ = try folder.swapIn(at: now)
        }
        return (rows.manifest.rows, try await PostgresHouse.putAside(from, at: now))
    }

    private func rows(of place: DatabasePlace, _ folder: DataFolder, _ progress: @escaping Backup.Progress) async throws -> Backup {
        let database = try await Database.open(place, holding: folder)
        do {
            let rows = try await database.writeRows(to: folder.passing, at: .systemNow, progress: progress)
            await database.close()
            return rows
        } catch {
            await database.close()
            throw error
        }
    }
}
