import Foundation
import Store
import Support
import Testing

@testable import weiwang

/// What a process that was killed left half arrived is cleared away by the one that serves now.
@Suite struct Sweeping {
    @Test("serving runs the loop", arguments: Backend.all)
    func serves(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let path = town.engines.database.files.incoming()
            try Data("half".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.modificationDate: Date().addingTimeInterval(-4000)], ofItemAtPath: path)
            for _ in 0..<200 where FileManager.default.fileExists(atPath: path) { try await Task.sleep(for: .milliseconds(25)) }
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }
}
