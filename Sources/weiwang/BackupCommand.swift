import ArgumentParser
import Basics
import Delivery
import Foundation
import Store

/// `weiwang backup …`: a copy of everything, and whether one is whole.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy all data into a folder, also while the server runs; verify such a copy.",
        subcommands: [BackupMake.self, BackupVerify.self], defaultSubcommand: BackupMake.self)
}

/// `weiwang backup FOLDER`: rows and photos of one instant.
struct BackupMake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make", abstract: "Copy all data into a new folder; a server that runs does it itself, without stopping.")

    @Argument(help: "Folder to be made; it grows as FOLDER.partial and takes its name when it is whole.") var folder: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let target = URL(fileURLWithPath: folder).standardizedFileURL.path
        let told = try await make(target, data.place())
        for digest in told.absent { Terminal.warn(Terminal.text("backup.absent", ["digest": digest])) }
        Terminal.say(
            Terminal.text(
                "backup.done", ["folder": target, "rows": "\(told.rows)", "photos": "\(told.photos)", "sealed": "\(told.sealed)"]))
        if !told.head.isEmpty { Terminal.say(told.head) }
        if !told.absent.isEmpty { throw ExitCode(1) }
    }

    private func make(_ target: String, _ place: DatabasePlace) async throws -> BackupTold.Made {
        // Two tries: a server that ends while it is asked leaves the folder free.
        for _ in 0..<2 {
            do {
                var hand: DataFolder?
                if case .folder(let folder) = place {
                    guard FileManager.default.fileExists(atPath: folder + "/weiwang.sqlite") else { throw StoreFailure.noData(folder) }
                    hand = try DataFolder(folder)
                }
                defer { hand?.release() }
                let database = try await Database.open(place, readOnly: true, ofAnyVersion: true)
                let progress = PartProgress()
                do {
                    let backup = try await database.backUp(to: target, at: .systemNow) { progress.show($0, $1) }
                    await database.close()
                    progress.clear()
                    return BackupTold.Made(backup.manifest)
                } catch {
                    await database.close()
                    throw error
                }
            } catch StoreFailure.folderLocked {
                if let made = try await BackupAsk(place.folder).made(target) { return made }
            }
        }
        throw StoreFailure.folderLocked(place.folder)
    }
}

/// `weiwang backup verify FOLDER`: reads all of it.
struct BackupVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read a backup whole and compare it with its manifest; names what is damaged, status 1 if anything.")

    @Argument(help: "The backup.") var folder: String

    func run() async throws {
        let backup = try Self.sound(folder)
        let manifest = backup.manifest
        Terminal.say(
            Terminal.text(
                "backup.sound",
                [
                    "made": manifest.made, "rows": "\(manifest.rows)", "photos": "\(manifest.photos.count)",
                    "sealed": "\(manifest.journal.sealed)",
                ]))
        if !manifest.journal.head.isEmpty { Terminal.say(manifest.journal.head) }
    }

    /// - Throws: `BackupRefusal.damaged`, after what is damaged was named.
    static func sound(_ folder: String) throws -> Backup {
        let backup = try Backup(URL(fileURLWithPath: folder).standardizedFileURL.path)
        let progress = PartProgress()
        let found = try backup.verify { progress.show($0, $1) }
        progress.clear()
        guard found.isEmpty else { throw BackupRefusal.damaged(found) }
        return backup
    }
}
