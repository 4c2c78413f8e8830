/// The little of Protocol Buffers that a vector tile needs.
struct ProtocolBuffer: Sendable {
    private(set) var bytes: [UInt8] = []

    mutating func clear() { bytes.removeAll(keepingCapacity: true) }
    mutating func append(_ other: ProtocolBuffer) { bytes += other.bytes }

    mutating func add(_ field: UInt64, _ number: UInt64) {
        varint(field << 3)
        varint(number)
    }

    mutating func add(_ field: UInt64, _ text: String) {
        let utf8 = text.utf8
        begin(field, size: utf8.count)
        bytes += utf8
    }

    /// A message, or packed numbers; nothing for an empty one.
    mutating func add(_ field: UInt64, _ message: ProtocolBuffer) {
        guard !message.bytes.isEmpty else { return }
        begin(field, size: message.bytes.count)
        bytes += message.bytes
    }

    /// The head of a field of so many bytes, which the caller writes next.
    mutating func begin(_ field: UInt64, size: Int) {
        varint(field << 3 | 2)
        varint(UInt64(size))
    }

    /// How many bytes `add` of it takes, for fields below 16.
    static func size(field message: ProtocolBuffer) -> Int {
        let count = message.bytes.count
        return count == 0 ? 0 : 1 + size(UInt64(count)) + count
    }

    static func size(_ number: UInt64) -> Int { max(1, (70 - number.leadingZeroBitCount) / 7) }

    static func zigzag(_ number: Int64) -> UInt64 { UInt64(bitPattern: number << 1 ^ number >> 63) }

    mutating func varint(_ number: UInt64) {
        if number <= 0x7f { return bytes.append(UInt8(number)) }
        var rest = number
        while rest > 0x7f {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
