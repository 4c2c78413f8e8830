import Basics
import Crypto
import Foundation

/// Codes that an authenticator app and the server both reckon from a secret and the time: RFC 6238 with SHA-1, six digits and 30 s, which
/// is all that every such app knows.
package struct TOTP: Sendable {
    package static let digits = 6
    private static let period: Int64 = 30_000
    /// Steps a phone's clock may be off, either way.
    private static let drift: Int64 = 1

    package let secret: [UInt8]

    package init(secret: [UInt8]) { self.secret = secret }

    /// A new secret of 160 bits, as long as the hash (RFC 4226 section 4).
    package static func new() -> TOTP {
        var random = SystemRandomNumberGenerator()
        return TOTP(secret: (0..<20).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    package static func step(at now: Instant) -> Int64 { now.milliseconds / period }

    package func code(at step: Int64, digits: Int = TOTP.digits) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) }
        let hash = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let at = Int(hash[19] & 15)
        let number = hash[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let text = String(UInt64(number) % (0..<digits).reduce(UInt64(1)) { power, _ in power * 10 })
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The step whose code this is, if it is near now and later than the last one taken.
    package func step(of code: String, at now: Instant, after last: Int64) -> Int64? {
        let typed = Array(code.utf8)
        let here = Self.step(at: now)
        return (here - Self.drift...here + Self.drift).first { step in
            let right = Array(self.code(at: step).utf8)
            guard step > last, right.count == typed.count else { return false }
            return zip(right, typed).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
        }
    }

    /// For typing into an app by hand (RFC 4648 base32, no padding).
    package var text: String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var (text, bits, held) = ("", 0, UInt32(0))
        for byte in secret {
            held = held << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(letters[Int(held >> UInt32(bits) & 31)])
            }
            held &= (1 << UInt32(bits)) - 1
        }
        if bits > 0 { text.append(letters[Int(held << UInt32(5 - bits) & 31)]) }
        return text
    }

    /// What the QR code says to the app.
    package func address(account: String, issuer: String) -> String {
        func quoted(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
        return
            "otpauth://totp/\(quoted(issuer)):\(quoted(account))?secret=\(text)&issuer=\(quoted(issuer))&algorithm=SHA1&digits=\(Self.digits)&period=30"
    }
}
