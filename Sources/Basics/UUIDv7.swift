import Synchronization

/// A time-ordered identifier (RFC 9562, version 7): 48 bits of Unix milliseconds, then random bits.
///
/// Made by whoever first knows the thing, often a phone, so that a retried command is the same command.
package struct UUIDv7: Hashable, Comparable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new identifier of the given instant; later ones of one sequence sort after earlier ones of the same millisecond.
    package init(at instant: Instant, in sequence: Sequence = .shared) {
        let milliseconds = UInt64(max(0, instant.milliseconds)) & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | 0x7000 | sequence.step(at: milliseconds)
        low = UInt64.random(in: 0...0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    }

    /// Tells the identifiers of one millisecond apart, in order, as long as the instants asked for do not go back.
    package final class Sequence: Sendable {
        /// The process's own.
        package static let shared = Sequence()

        private let state = Mutex<(millisecond: UInt64, step: UInt64)>((0, 0))

        package init() {}

        fileprivate func step(at milliseconds: UInt64) -> UInt64 {
            state.withLock { state in
                if milliseconds == state.millisecond, state.step < 0xFFF {
                    state.step += 1
                } else {
                    state = (milliseconds, UInt64.random(in: 0...0x3FF))
                }
                return state.step
            }
        }
    }

    /// Reads the usual text form with or without hyphens; nil for anything else. Any UUID version is accepted.
    package init?(_ text: some StringProtocol) {
        var digits = 0
        var parts: (UInt64, UInt64) = (0, 0)
        for byte in text.utf8 {
            let value: UInt64
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = UInt64(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = UInt64(byte - UInt8(ascii: "A") + 10)
            case UInt8(ascii: "-"): continue
            default: return nil
            }
            if digits < 16 { parts.0 = parts.0 << 4 | value } else { parts.1 = parts.1 << 4 | value }
            digits += 1
            if digits > 32 { return nil }
        }
        guard digits == 32 else { return nil }
        (high, low) = parts
    }

    package init?(bytes: [UInt8]) {
        guard let id = bytes.withUnsafeBytes({ UUIDv7(bytes: $0) }) else { return nil }
        self = id
    }

    /// NB: not generic over collections: every column that is read comes through here, and the general one was a twentieth of a write.
    package init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
        low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    package var bytes: [UInt8] {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) }
    }

    package static func < (a: UUIDv7, b: UUIDv7) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

extension UUIDv7: CustomStringConvertible {
    package var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            text.append(Self.digit(byte >> 4))
            text.append(Self.digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
