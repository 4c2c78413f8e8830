import ArgumentParser
import Basics
import Foundation
import Store

/// `weiwang restore BACKUP --data DIR`: puts a backup in place of what is there, and keeps that aside.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a backup, build a database of it, and put it in place; what was there stays aside under a dated name.",
        discussion: "May be broken off and begun again at any time. Everybody signs in anew.")

    /// A session that was ended since must not come back.
    static let leftOut: Set<String> = ["session"]

    @Argument(help: "The backup.") var backup: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let place = try data.place()
        let folder = try DataFolder(place.folder)
        defer { folder.release() }
        let backup = try BackupVerify.sound(backup)
        let line = PartProgress()
        let progress: Backup.Progress = { line.show($0, $1) }
        try backup.givePhotos(to: folder.files, progress: progress)
        let aside: String?
        let now = Instant.systemNow
        switch place {
        case .folder:
            try folder.build(backup, leavingOut: Self.leftOut, progress: progress)
            aside = try folder.swapIn(at: now)
        case .postgres(let url, _):
            aside = try await PostgresHouse.fill(
                url, with: backup, leavingOut: Self.leftOut, replacing: true, at: now, progress: progress)
        }
        line.clear()
        folder.clear()
        if let aside { Terminal.say(Terminal.text("restore.aside", ["folder": aside])) }
        Terminal.say(Terminal.text("restore.done", ["made": backup.manifest.made, "rows": "\(backup.manifest.rows)"]))
    }
}
