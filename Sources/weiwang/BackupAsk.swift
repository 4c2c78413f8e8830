import Basics
import Foundation
import Glibc
import Store

/// What a command asks of the server that has the folder, as a file in it: whoever may write there may ask.
/// The command holds a lock on the file as long as it waits.
struct BackupWish: Codable {
    static func path(_ folder: String) -> String { folder + "/backup.ask" }

    let id: String
    let target: String
}

/// What the server answers, as a file beside it that is replaced as the work goes on.
struct BackupTold: Codable {
    struct Made: Codable, Equatable {
        let rows: Int
        let photos: Int
        let absent: [String]
        let sealed: Int
        let head: String

        init(_ manifest: Manifest) {
            rows = manifest.rows
            photos = manifest.photos.count
            absent = manifest.photos.absent
            sealed = manifest.journal.sealed
            head = manifest.journal.head
        }
    }

    static func path(_ folder: String) -> String { folder + "/backup.told" }

    let id: String
    var part = ""
    var done = 0
    var made: Made?
    /// Key and values of a refusal.
    var refusal: String?
    var values: [String: String] = [:]
    var failure: String?

    init(id: String) { self.id = id }
}

/// Asks the server that has the folder for a backup, since a second process must not open SQLite beside it.
struct BackupAsk {
    private let folder: String
    /// A server looks every half second; who has not answered by then is another command.
    private let patience: TimeInterval

    init(_ folder: String, patience: TimeInterval = 10) {
        self.folder = folder
        self.patience = patience
    }

    /// - Returns: what was made; nil when the server has ended meanwhile.
    func made(_ target: String) async throws -> BackupTold.Made? {
        let descriptor = open(BackupWish.path(folder), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreFailure.folderLocked(folder) }
        defer { Glibc.close(descriptor) }
        try await take(descriptor, target)
        defer {
            unlink(BackupWish.path(folder))
            unlink(BackupTold.path(folder))
        }
        let wish = BackupWish(id: Secret.token(), target: target)
        ftruncate(descriptor, 0)
        let bytes = try JSONEncoder().encode(wish)
        guard bytes.withUnsafeBytes({ pwrite(descriptor, $0.baseAddress, $0.count, 0) }) == bytes.count else {
            throw StoreFailure.folderLocked(folder)
        }
        let progress = PartProgress()
        defer { progress.clear() }
        let began = Date()
        var answered = false
        while true {
            try await Task.sleep(for: .milliseconds(100))
            let told = FileManager.default.contents(atPath: BackupTold.path(folder)).flatMap {
                try? JSONDecoder().decode(BackupTold.self, from: $0)
            }
            if let told, told.id == wish.id {
                answered = true
                if let made = told.made { return made }
                if let key = told.refusal { throw PlainRefusal(key, values: told.values) }
                if let failure = told.failure { throw StoreFailure.connection(failure) }
                progress.show(told.part, told.done)
            }
            if let hand = try? DataFolder(folder) {
                hand.release()
                return nil
            }
            if !answered, Date().timeIntervalSince(began) > patience { throw StoreFailure.folderLocked(folder) }
        }
    }

    /// NB: the server holds the lock for an instant to see whether somebody waits.
    private func take(_ descriptor: Int32, _ target: String) async throws {
        for _ in 0..<20 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw BackupRefusal.underWay(target)
    }
}
