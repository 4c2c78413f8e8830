import Basics
import Foundation
import Grids
import Store

/// A file of boundaries kept between the check and the second press, under a name that is its digest.
struct UploadedSet: Sendable {
    let name: String
    let path: String

    /// - Throws: *no file* when the name is not one of ours, or the file is gone.
    init(_ name: String, _ house: House) throws {
        guard name.utf8.count == 64, name.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            throw PlainRefusal("admin.no_file")
        }
        self.name = name
        let folder = Self.folder(house)
        let kept = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard let found = kept.first(where: { $0.hasPrefix(name + ".") }) else { throw PlainRefusal("admin.no_file") }
        path = "\(folder)/\(found)"
    }

    /// Takes an upload over; what is older than a day goes.
    init(keeping file: Form.File, _ house: House) throws {
        let (manager, folder) = (FileManager.default, Self.folder(house))
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for old in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] {
            let made = (try? manager.attributesOfItem(atPath: "\(folder)/\(old)"))?[.modificationDate] as? Date
            if let made, made.timeIntervalSinceNow < -86_400 { try? manager.removeItem(atPath: "\(folder)/\(old)") }
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: file.path), options: .mappedIfSafe)
        name = Secret.hex(Secret.digest(of: data))
        // NB: its first bytes say what it is, never the name that the browser sent.
        path = "\(folder)/\(name).\(BoundaryFile.ending(of: file.path))"
        try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    private static func folder(_ house: House) -> String { house.database.files.folder + "/divisions" }
}
