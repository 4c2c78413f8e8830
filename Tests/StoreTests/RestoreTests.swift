import Basics
import Foundation
import Support
import Testing

@testable import Store

@Suite struct RestoreTests {
    private let quiet: Backup.Progress = { _, _ in }

    /// A database with rows, and a backup of it.
    private func source(_ backend: Backend, _ body: (Backup, Manifest) async throws -> Void) async throws {
        try await withDatabase(backend) { database in
            let folder = BackupTests.scratch()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await BackupTests.fill(database)
            try await body(try await database.backUp(to: folder, at: .systemNow), try await database.rows())
        }
    }

    private func rows(_ place: DatabasePlace) async throws -> Manifest {
        let database = try await Database.open(place, readOnly: true, logger: .quiet)
        let rows = try await database.rows()
        await database.close()
        return rows
    }

    /// Puts the backup in its place, as the command does.
    private func restore(_ backup: Backup, _ place: DatabasePlace) async throws -> String? {
        let folder = try DataFolder(place.folder)
        defer { folder.release() }
        try backup.givePhotos(to: folder.files, progress: quiet)
        if case .postgres(let url, _) = place {
            return try await PostgresHouse.fill(url, with: backup, leavingOut: [], replacing: true, at: .systemNow, progress: quiet)
        }
        try folder.build(backup, leavingOut: [], progress: quiet)
        return try folder.swapIn(at: .systemNow)
    }

    @Test("what is restored is what was there, on either database; the old one stays aside", arguments: Backend.all, Backend.all)
    func same(from: Backend, to: Backend) async throws {
        try await source(from) { backup, wanted in
            let scratch = try await ScratchPlace(to)
            #expect(try await restore(backup, scratch.place) == nil)
            #expect(try await rows(scratch.place).hasRows(of: wanted))
            // What comes after goes behind what was brought along, also for a follower that had read it all.
            let database = try await Database.open(scratch.place, logger: .quiet)
            let cursor = try await database.read { try $0.followerCursor("seal") }
            try await BackupTests.act(1000, in: database)
            var verbs: [String] = []
            for _ in 0..<200 where verbs.isEmpty {
                verbs = try await database.read { try $0.entries(after: cursor, limit: 10).map(\.verb) }
                if verbs.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
            }
            #expect(verbs == ["n.1000"])
            let digests = try await database.read { try $0.all("SELECT digest FROM file") { try $0[0] as String } }
            #expect(digests.allSatisfy { database.files.read($0) != nil })
            await database.close()
            // Over what is there now, which is kept.
            let aside = try #require(try await restore(backup, scratch.place))
            #expect(try await rows(scratch.place).hasRows(of: wanted))
            if to == .sqlite { #expect(try await rows(.folder(aside)).journal.entries == wanted.journal.entries + 1) }
        }
    }

    @Test("a folder that another process has is left alone")
    func inUse() async throws {
        let scratch = try await ScratchPlace(.sqlite)
        let server = try await Database.open(scratch.place, logger: .quiet)
        #expect(throws: StoreFailure.self) { _ = try DataFolder(scratch.folder) }
        await server.close()
        try DataFolder(scratch.folder).release()
    }

    @Test("a backup of an older version is brought up to today's schema", arguments: Backend.all)
    func older(on backend: Backend) async throws {
        try await Turnstile.shared.pass {
            let (old, new) = (try await ScratchPlace(.sqlite), try await ScratchPlace(backend))
            let names = Array(Migrations.files.map(\.name).prefix(6))
            try Scratch.transaction(on: old.place) { tx in
                try Migrations.run(on: tx.connection, only: names)
                try tx.record(BackupTests.entry("old.one"))
            }
            let database = try await Database.open(old.place, readOnly: true, ofAnyVersion: true, logger: .quiet)
            let backup = try await database.backUp(to: old.folder + "/b", at: .systemNow)
            await database.close()
            #expect(backup.manifest.migrations == names)
            _ = try await restore(backup, new.place)
            let manifest = try await rows(new.place)
            #expect(manifest.migrations == Migrations.files.map(\.name) && manifest.journal.entries == 1)
        }
    }

    @Test("a damaged part is refused whole: what was there stays", arguments: Backend.all)
    func damaged(on backend: Backend) async throws {
        try await source(.sqlite) { backup, wanted in
            let scratch = try await ScratchPlace(backend)
            _ = try await restore(backup, scratch.place)
            let path = backup.folder + "/rows/timer.jsonl"
            try Data(contentsOf: URL(fileURLWithPath: path)).dropLast(200).write(to: URL(fileURLWithPath: path))
            await #expect(throws: BackupRefusal.damaged([.changed("rows/timer.jsonl")])) { _ = try await restore(backup, scratch.place) }
            #expect(try await rows(scratch.place).hasRows(of: wanted))
        }
    }

    @Test("data are moved into an empty PostgreSQL only, or into the very same rows")
    func occupied() async throws {
        guard Backend.all.contains(.postgres) else { return }
        try await source(.sqlite) { backup, _ in
            let scratch = try await ScratchPlace(.postgres)
            guard case .postgres(let url, _) = scratch.place else { return }
            for _ in 0..<2 {
                #expect(
                    try await PostgresHouse.fill(url, with: backup, leavingOut: [], replacing: false, at: .systemNow, progress: quiet)
                        == nil)
            }
            let database = try await Database.open(scratch.place, logger: .quiet)
            try await BackupTests.act(1000, in: database)
            await database.close()
            let server = try await Database.open(scratch.place, asNode: true, logger: .quiet)
            try await Task.sleep(for: .milliseconds(300))
            await #expect {
                _ = try await PostgresHouse.fill(url, with: backup, leavingOut: [], replacing: true, at: .systemNow, progress: quiet)
            } throws: {
                if case .folderLocked? = $0 as? StoreFailure { true } else { false }
            }
            await server.close()
            await #expect(throws: BackupRefusal.hasData("PostgreSQL")) {
                _ = try await PostgresHouse.fill(url, with: backup, leavingOut: [], replacing: false, at: .systemNow, progress: quiet)
            }
        }
    }
}
