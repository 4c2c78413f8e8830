import Crypto
import Foundation

/// Random tokens and digests for links, sessions and keys.
package enum Secret {
    /// `bytes` random bytes as URL-safe text without padding; 16 bytes are 22 characters.
    package static func token(bytes: Int = 18) -> String {
        var random = SystemRandomNumberGenerator()
        return base64URL((0..<bytes).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// Only the digest of a token is stored, so a stolen table opens no door.
    package static func digest(_ token: some StringProtocol) -> [UInt8] { Array(SHA256.hash(data: Data(token.utf8))) }

    package static func digest(of bytes: Data) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

    package static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// The bytes of such text; nil for anything else.
    package static func unhex(_ text: some StringProtocol) -> [UInt8]? {
        let utf8 = Array(text.utf8)
        guard utf8.count % 2 == 0 else { return nil }
        let digits = utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map(UInt8.init) }
        guard digits.count == utf8.count else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    package static func base64URL(_ bytes: some Collection<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

/// The digest of what comes piece by piece.
package struct RunningDigest {
    private var hash = SHA256()

    package init() {}

    package mutating func take(_ bytes: some DataProtocol) { hash.update(data: bytes) }
    package var value: [UInt8] { Array(hash.finalize()) }
}
