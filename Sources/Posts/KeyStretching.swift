import Basics
import Crypto
import CryptoExtras
import Foundation
import Synchronization

/// scrypt on threads of its own: one try takes about 80 ms and 32 MB, so few run at once and none holds up a request.
package final class KeyStretching: Sendable {
    /// Cost as OWASP's first choice for scrypt allows: N 2^15, r 8, p 1 (32 MB).
    package struct Cost: Sendable, Hashable {
        package let n: Int
        package let r: Int
        package let p: Int

        package init(n: Int, r: Int, p: Int) {
            self.n = n
            self.r = r
            self.p = p
        }

        package static let usual = Cost(n: 1 << 15, r: 8, p: 1)
        /// For demo and tests, which make hundreds of accounts.
        package static let light = Cost(n: 1 << 10, r: 8, p: 1)
    }

    private let queue: OperationQueue
    private let waiting = Mutex(0)
    private let most: Int

    package init(atOnce: Int = 2, most: Int = 60) {
        self.most = most
        queue = OperationQueue()
        queue.maxConcurrentOperationCount = atOnce
    }

    private func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        let admitted = waiting.withLock { count in
            guard count < most else { return false }
            count += 1
            return true
        }
        guard admitted else { throw SignInRefusal.busy }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result(catching: body)) }
        }
    }

    /// The record to be kept: `scrypt$N$r$p$salt$hash`.
    package func record(of password: String, cost: Cost = .usual) async throws -> String {
        try await run { try Self.record(of: password, cost: cost) }
    }

    /// The same on this thread, for commands and the demo.
    package static func record(of password: String, cost: Cost = .usual) throws -> String {
        var random = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let hash = try stretch(password, salt: salt, cost: cost)
        return "scrypt$\(cost.n)$\(cost.r)$\(cost.p)$\(Data(salt).base64EncodedString())$\(Data(hash).base64EncodedString())"
    }

    func verify(_ password: String, against record: String) async throws -> Bool {
        try await run {
            let fields = record.split(separator: "$").map(String.init)
            guard fields.count == 6, fields[0] == "scrypt", let n = Int(fields[1]), let r = Int(fields[2]), let p = Int(fields[3]),
                let salt = Data(base64Encoded: fields[4]), let hash = Data(base64Encoded: fields[5])
            else { throw PostsFailure.badPasswordRecord }
            let given = try Self.stretch(password, salt: Array(salt), cost: Cost(n: n, r: r, p: p))
            // Constant time, so that no prefix can be guessed.
            return given.count == hash.count && zip(given, hash).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
        }
    }

    private static func stretch(_ password: String, salt: [UInt8], cost: Cost) throws -> [UInt8] {
        // The same person types the same password with another input method: compare composed forms.
        let bytes = Data(password.precomposedStringWithCompatibilityMapping.utf8)
        return try KDF.Scrypt.deriveKey(
            from: bytes, salt: Data(salt), outputByteCount: 32, rounds: cost.n, blockSize: cost.r, parallelism: cost.p
        ).withUnsafeBytes { Array($0) }
    }
}
