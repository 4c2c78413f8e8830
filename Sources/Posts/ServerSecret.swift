import Basics
import Crypto
import Foundation
import Store

/// 32 random bytes of this installation: links of reports are derived from it, so that a report sent again gets the same link.
package struct ServerSecret: Sendable {
    private let key: SymmetricKey

    init(bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    private static let row = "secret"

    /// - Throws: `StoreFailure`, or a decoding failure when the folder was never bootstrapped.
    static func load(in tx: Transaction) throws -> ServerSecret {
        guard let hex = try tx.meta(row), let bytes = Secret.unhex(hex), bytes.count == 32 else {
            throw PostsFailure.notBootstrapped
        }
        return ServerSecret(bytes: bytes)
    }

    /// Keeps what is there: a second bootstrap changes nothing.
    static func make(in tx: Transaction) throws {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        try tx.run("INSERT INTO meta (key, value) VALUES (\(row), \(Secret.hex(bytes))) ON CONFLICT (key) DO NOTHING")
    }

    /// The link token for a thing: always the same for the same use and id, not to be guessed from either.
    package func token(for id: UUIDv7, use: String = "report") -> String {
        Secret.base64URL(
            HMAC<SHA256>.authenticationCode(for: Data(use.utf8) + Data([0]) + Data(id.bytes), using: key).prefix(18).map { $0 })
    }

    // MARK: Sealing

    /// Shuts bytes so that nobody without this key reads them, and that no changed bit, other use or other owner goes unnoticed (AES-GCM).
    ///
    /// NB: random, so never inside a `write`.
    package func seal(_ bytes: [UInt8], use: String, of owner: UUIDv7) throws -> [UInt8] {
        let box = try AES.GCM.seal(Data(bytes), using: sealing(use), authenticating: Data(owner.bytes))
        guard let whole = box.combined else { throw PostsFailure.badSeal }
        return Array(whole)
    }

    /// - Throws: `PostsFailure.badSeal`.
    package func open(_ sealed: [UInt8], use: String, of owner: UUIDv7) throws -> [UInt8] {
        guard let box = try? AES.GCM.SealedBox(combined: Data(sealed)),
            let bytes = try? AES.GCM.open(box, using: sealing(use), authenticating: Data(owner.bytes))
        else { throw PostsFailure.badSeal }
        return Array(bytes)
    }

    private func sealing(_ use: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data("seal \(use)".utf8), outputByteCount: 32)
    }

    /// A short word that stands for something in the journal without saying it: always the same here, meaningless elsewhere.
    package func mark(_ text: String) -> String {
        Secret.hex(HMAC<SHA256>.authenticationCode(for: Data("mark\0\(text)".utf8), using: key).prefix(4))
    }
}

package enum PostsFailure: Error, CustomStringConvertible {
    case notBootstrapped
    case badPasswordRecord
    /// A sealed value was changed, or belongs to another key or owner.
    case badSeal

    package var description: String {
        switch self {
        case .notBootstrapped: "the data folder has no root: it was never opened for writing"
        case .badPasswordRecord: "a password record cannot be read"
        case .badSeal: "a sealed value does not open: it was changed, or sealed under another key"
        }
    }
}
