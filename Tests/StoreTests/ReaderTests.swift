import Basics
import Crypto
import Foundation
import Support
import Testing

@testable import Store

/// SQLite 3.40 can damage a file that two connections write or check-point at once: one process by lock, one writer.
@Suite struct ReaderTests {
    @Test("who only reads beside a server writes nothing, and leaves its log as it is")
    func readsOnly() async throws {
        let scratch = try await ScratchPlace(.sqlite)
        let server = try await Database.open(scratch.place, logger: .quiet)
        for number in 0..<50 { try await BackupTests.act(number, in: server) }
        func digests() throws -> [String] {
            try ["", "-wal"].map {
                SHA256.hash(data: try Data(contentsOf: URL(fileURLWithPath: scratch.folder + "/weiwang.sqlite" + $0))).description
            }
        }
        let before = try digests()
        for _ in 0..<3 {
            let reader = try await Database.open(scratch.place, readOnly: true, logger: .quiet)
            #expect(try await reader.read { try $0.count("SELECT COUNT(*) FROM entry") } == 50)
            for text in ["DELETE FROM entry", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA user_version = 7", "VACUUM"] {
                _ = try? await reader.read { try $0.run(SQL(stringLiteral: text)) }
            }
            await #expect(throws: StoreFailure.self) { try await reader.write { _ in } }
            await reader.close()
            #expect(try digests() == before)
        }
        try await BackupTests.act(50, in: server)
        #expect(try await server.walReset() == "fenced")
        await server.close()
    }
}
