import Basics
import Delivery
import Foundation
import Matters
import Store
import Support
import Testing

@testable import weiwang

/// A backup is taken while the town goes on, and put into another place, where everything is as it was.
@Suite struct BackupBeside {
    private func made(_ town: Town, _ target: String, _ backend: Backend) async throws {
        if backend == .sqlite {
            let told = try await BackupAsk(town.engines.database.folder).made(target)
            #expect(told?.absent == [])
        } else {
            _ = try await town.engines.database.backUp(to: target, at: .systemNow)
        }
    }

    @Test("the server writes it; the chain of the journal fits; search and pages are the same elsewhere", arguments: Backend.all)
    func backup(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let folder = NSTemporaryDirectory() + "weiwang-beside-\(UUIDv7(at: .systemNow))"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let opened = try await town.report("槐荫路井盖破损", at: Town.micro)
            try await town.settle()
            try await made(town, folder + "/b", backend)
            let backup = try Backup(folder + "/b")
            #expect(try backup.verify() == [])
            #expect(backup.manifest.journal.sealed == backup.manifest.journal.entries && backup.manifest.journal.entries > 3)
            await #expect { try await made(town, folder + "/b", backend) } throws: { ($0 as? any Refusal)?.key == "backup.exists" }
            if backend == .sqlite {
                #expect(throws: StoreFailure.self) { _ = try DataFolder(town.engines.database.folder) }
            }
            #expect(try await town.browser().get("/health").text.contains(backend == .sqlite ? #"fault":"fenced"# : #"fault":"none"#))

            let place = try DataFolder(folder + "/new")
            try place.build(backup, leavingOut: Restore.leftOut) { _, _ in }
            #expect(try place.swapIn(at: .systemNow) == nil)
            place.release()
            let engines = try await Engines.open(
                .folder(folder + "/new"), home: town.engines.home, time: town.clock.time, logger: .quiet)
            #expect(try await engines.matters.reindex(in: engines.database) != nil)
            let found = try await engines.database.read { tx in
                try tx.all(tx.search("井盖")?.subjects ?? "") { try $0["subject_id"] as UUIDv7 }
            }
            #expect(found == [opened.matter.id.uuid])
            #expect(try await engines.database.read { try Chain.examine(in: $0).broken } == nil)
            await engines.database.close()
        }
    }

    @Test("a folder that another command has is refused, and nothing is left behind")
    func nobodyAnswers() async throws {
        let scratch = try await ScratchPlace(.sqlite)
        let other = try await Database.open(scratch.place, logger: .quiet)
        let before = try FileManager.default.contentsOfDirectory(atPath: scratch.folder).sorted()
        await #expect { _ = try await BackupAsk(scratch.folder, patience: 0.5).made(scratch.folder + "/b") } throws: {
            if case .folderLocked? = $0 as? StoreFailure { true } else { false }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder).sorted() == before)
        await other.close()
        #expect(try await BackupAsk(scratch.folder).made(scratch.folder + "/b") == nil)
    }
}
