import Synchronization

/// A time-ordered identifier (RFC 9562, version 7): 48 bits of Unix milliseconds, then random bits.
///
/// Made by whoever first knows the thing, often a phone, so that a retried command is the same command.
package struct UUIDv7: Hashable, Comparable, Sendable, BitwiseCopyable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new identifier of the given instant; later ones of one sequence sort after earlier ones, also when the clock was set back meanwhile.
    package init(at instant: Instant, in sequence: Sequence = .shared) {
        let (milliseconds, step) = sequence.next(at: UInt64(max(0, instant.milliseconds)) & 0xFFFF_FFFF_FFFF)
        high = milliseconds << 16 | 0x7000 | step
        low = UInt64.random(in: 0...0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    }

    /// Keeps identifiers in the order in which they are made.
    package final class Sequence: Sendable {
        /// The process's own.
        package static let shared = Sequence()

        /// So far a clock is thought to be set back: then identifiers go on from the latest. An instant before that is of the past on purpose,
        /// as in an import, and keeps its time.
        package static let held = Span.hours(25)

        private struct Place {
            var millisecond: UInt64 = 0
            var step: UInt64 = 0

            mutating func advance(to milliseconds: UInt64) {
                if milliseconds > millisecond {
                    self = Place(millisecond: milliseconds, step: .random(in: 0...0x3FF))
                } else if step < 0xFFF {
                    step += 1
                } else {
                    self = Place(millisecond: millisecond + 1, step: .random(in: 0...0x3FF))
                }
            }
        }

        private let state = Mutex<(latest: Place, past: Place)>((Place(), Place()))

        package init() {}

        /// Goes on behind what an earlier process made, by whatever clock.
        package func goOn(behind instant: Instant) {
            let milliseconds = UInt64(max(0, instant.milliseconds))
            state.withLock { if milliseconds > $0.latest.millisecond { $0.latest = Place(millisecond: milliseconds, step: 0xFFF) } }
        }

        fileprivate func next(at milliseconds: UInt64) -> (millisecond: UInt64, step: UInt64) {
            state.withLock { state in
                if milliseconds + UInt64(Self.held.milliseconds) > state.latest.millisecond {
                    state.latest.advance(to: milliseconds)
                    return (state.latest.millisecond, state.latest.step)
                }
                // One millisecond may need the next ones too.
                if milliseconds + 1000 < state.past.millisecond { state.past = Place() }
                state.past.advance(to: milliseconds)
                return (state.past.millisecond, state.past.step)
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
