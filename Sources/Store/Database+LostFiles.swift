import Basics
import Foundation

extension Database {
    /// Files that the rows name and the folder does not have in their size. Their bytes are compared when a backup is made.
    /// - Returns: the first of them, and how many more there are.
    package func lostFiles(most: Int) async throws -> (digests: [String], more: Int) {
        let files = files
        return try await read { tx in
            var (lost, more) = ([String](), 0)
            try tx.each("SELECT digest, bytes FROM file ORDER BY digest") { row in
                let digest: String = try row["digest"]
                let path = files.path(digest) ?? ""
                let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
                if try size == row["bytes"] as Int { return }
                if lost.count < most { lost.append(digest) } else { more += 1 }
            }
            return (lost, more)
        }
    }
}
