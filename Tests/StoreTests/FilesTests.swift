import Basics
import Foundation
import Store
import Support
import Testing

@Suite struct FilesTests {
    private func put(_ name: String, age: TimeInterval, in files: Files) throws -> String {
        let path = files.folder + "/incoming/" + name
        try Data("half".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.modificationDate: Date().addingTimeInterval(-age)], ofItemAtPath: path)
        return path
    }

    @Test("what was cut off is swept away by the loop; what came within the hour stays, a draft's photos too")
    func sweeper() async throws {
        try await withDatabase(.sqlite) { database in
            let files = database.files
            let kept = try files.keep(bytes: Array("picture".utf8), type: "image/jpeg")
            let old = try put("cut-off", age: 4000, in: files)
            let draft = try put("draft-0193b1a2-0000-7000-8000-0123456789ab-0", age: 3000, in: files)
            let loop = Task { try await FileSweeper(database: database, every: .milliseconds(20)).run() }
            for _ in 0..<200 where FileManager.default.fileExists(atPath: old) { try await Task.sleep(for: .milliseconds(10)) }
            #expect(!FileManager.default.fileExists(atPath: old) && FileManager.default.fileExists(atPath: draft))
            // It goes on: one that was left later goes too.
            let later = try put("later", age: 4000, in: files)
            for _ in 0..<200 where FileManager.default.fileExists(atPath: later) { try await Task.sleep(for: .milliseconds(10)) }
            #expect(!FileManager.default.fileExists(atPath: later) && files.read(kept.digest) != nil)
            loop.cancel()
            _ = await loop.result
        }
    }

    @Test("a kept file whose row was never written is swept away after an hour; one with a row, and one that comes again, stay")
    func orphans() async throws {
        try await withDatabase(.sqlite) { database in
            let files = database.files
            func keep(_ words: String, age: TimeInterval) throws -> StoredFile {
                let kept = try files.keep(bytes: Array(words.utf8), type: "image/jpeg")
                let date = Date().addingTimeInterval(-age)
                try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: files.path(kept.digest) ?? "")
                return kept
            }
            let (noted, orphan, young) = (try keep("noted", age: 4000), try keep("orphan", age: 4000), try keep("young", age: 3000))
            _ = try keep("again", age: 4000)
            let again = try files.keep(bytes: Array("again".utf8), type: "image/jpeg")
            try await database.write { try $0.note(noted, at: .systemNow) }
            let loop = Task { try await FileSweeper(database: database, every: .milliseconds(20)).run() }
            for _ in 0..<200 where files.read(orphan.digest) != nil { try await Task.sleep(for: .milliseconds(10)) }
            #expect(files.read(orphan.digest) == nil)
            for kept in [noted, young, again] { #expect(files.read(kept.digest) != nil) }
            loop.cancel()
            _ = await loop.result
        }
    }

    @Test("the same photo sent many times at once is one file, and nobody is refused")
    func atOnce() async throws {
        try await withDatabase(.sqlite) { database in
            let files = database.files
            for round in 0..<20 {
                let bytes = [UInt8](repeating: UInt8(round), count: 50_000)
                let digests = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<8 { group.addTask { try files.keep(bytes: bytes, type: "image/jpeg").digest } }
                    return try await group.reduce(into: Set<String>()) { $0.insert($1) }
                }
                #expect(digests.count == 1 && files.read(digests.first ?? "") == Data(bytes))
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: files.folder + "/incoming").isEmpty)
        }
    }
}
