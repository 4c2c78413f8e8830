import Basics
import Foundation
import Support
import Testing

@testable import Store

@Suite struct BackupTests {
    @Test("a backup under load is one instant: what was written together is there together", arguments: Backend.all)
    func underLoad(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let folder = Self.scratch()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await Self.fill(database)
            let writing = Task {
                var number = 100
                while !Task.isCancelled {
                    try await Self.act(number, in: database)
                    number += 1
                }
            }
            var backups: [Backup] = []
            for turn in 0..<4 {
                try await Task.sleep(for: .milliseconds(60))
                backups.append(try await database.backUp(to: "\(folder)/\(turn)", at: .systemNow))
            }
            writing.cancel()
            _ = try? await writing.value
            for backup in backups {
                let counts = backup.manifest.tables.filter { ["entry", "timer", "seal"].contains($0.name) }.map(\.rows)
                #expect(counts == [Int](repeating: backup.manifest.journal.sealed, count: 3))
                #expect(try Backup(backup.folder).verify() == [])
                #expect(backup.manifest.photos == Manifest.Photos(count: 2, bytes: 14))
            }
            #expect(backups[0].manifest.journal.entries < backups[3].manifest.journal.entries)
            await #expect(throws: BackupRefusal.exists("\(folder)/0")) { _ = try await database.backUp(to: "\(folder)/0", at: .systemNow) }
        }
    }

    @Test("any bit that flips, any end that is cut off, any file that goes is found and named")
    func damage() async throws {
        try await withDatabase(.sqlite) { database in
            let folder = Self.scratch()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await Self.fill(database)
            _ = try await database.backUp(to: folder, at: .systemNow)
            func found() throws -> [Damage] {
                do { return try Backup(folder).verify() } catch BackupRefusal.damaged(let damage) { return damage }
            }
            let manager = FileManager.default
            var random = SplitMix(7)
            var flips = 0
            for name in try manager.subpathsOfDirectory(atPath: folder).sorted() {
                let path = folder + "/" + name
                guard let bytes = manager.contents(atPath: path), !bytes.isEmpty else { continue }
                let told = name.hasPrefix("manifest") ? "manifest.json" : name
                for _ in 0..<12 {
                    var damaged = bytes
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                    try damaged.write(to: URL(fileURLWithPath: path))
                    #expect(try found() == [.changed(told)], "\(name) at byte \(place)")
                    flips += 1
                }
                try bytes.dropLast().write(to: URL(fileURLWithPath: path))
                #expect(try found() == [.changed(told)], "\(name) cut off")
                try (bytes + [10]).write(to: URL(fileURLWithPath: path))
                #expect(try found() == [.changed(told)], "\(name) with more")
                try manager.removeItem(atPath: path)
                if !name.hasPrefix("manifest") { #expect(try found() == [.missing(name)], "\(name) gone") }
                try bytes.write(to: URL(fileURLWithPath: path))
            }
            #expect(try found() == [] && flips > 100)
        }
    }

    @Test("an entry that was altered before the backup breaks the seal, and is named", arguments: Backend.all)
    func altered(on backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let folder = Self.scratch()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await Self.fill(database)
            let ids = try await database.read {
                try $0.all("SELECT entry_id FROM seal WHERE seq IN (4, 5) ORDER BY seq") { try $0[0] as UUIDv7 }
            }
            try await database.write { tx in
                try tx.run("UPDATE seal SET entry_id = \(ids[1]) WHERE seq = 4")
            }
            let backup = try await database.backUp(to: folder, at: .systemNow)
            #expect(try backup.verify() == [.seal(ids[1])])
        }
    }

    @Test("a photo that is gone or rotten does not stop a backup; it is named")
    func rotten() async throws {
        try await withDatabase(.sqlite) { database in
            let folder = Self.scratch()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await Self.fill(database)
            let digest =
                try await database.read { try $0.first("SELECT digest FROM file WHERE small IS NOT NULL") { try $0[0] as String } } ?? ""
            let path = try #require(database.files.path(digest))
            try Data("phot0 0".utf8).write(to: URL(fileURLWithPath: path))
            let backup = try await database.backUp(to: folder, at: .systemNow)
            #expect(backup.manifest.photos.absent == [digest] && backup.manifest.photos.count == 1)
            try Data("p".utf8).write(to: URL(fileURLWithPath: path))
            #expect(try await database.lostFiles(most: 1) == ([digest], 0))
            try FileManager.default.removeItem(atPath: path)
            #expect(try await database.lostFiles(most: 0) == ([], 1))
            #expect(try backup.verify() == [])
        }
    }

    @Test("one that was broken off goes on where it was, and never has the name before it is whole")
    func brokenOff() async throws {
        struct Enough: Error {}
        try await withDatabase(.sqlite) { database in
            let folder = Self.scratch()
            defer { for end in ["", ".partial"] { try? FileManager.default.removeItem(atPath: folder + end) } }
            try await Self.fill(database)
            for stop in ["entry", "seal", "files"] {
                await #expect(throws: Enough.self) {
                    _ = try await database.backUp(to: folder, at: .systemNow) { part, _ in if part == stop { throw Enough() } }
                }
                #expect(!FileManager.default.fileExists(atPath: folder))
                #expect(throws: BackupRefusal.noBackup(folder + ".partial")) { _ = try Backup(folder + ".partial") }
            }
            let other = try FolderLock(folder: folder + ".partial")
            await #expect(throws: BackupRefusal.underWay(folder)) { _ = try await database.backUp(to: folder, at: .systemNow) }
            other.release()
            #expect(try await database.backUp(to: folder, at: .systemNow).verify() == [])
            #expect(!FileManager.default.fileExists(atPath: folder + ".partial"))
        }
    }
}
