/// The little of Protocol Buffers that a vector tile needs.
struct ProtocolBuffer {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ field: UInt64, _ number: UInt64) {
        varint(field << 3)
        varint(number)
    }

    mutating func add(_ field: UInt64, _ text: String) { add(field, Array(text.utf8)) }

    mutating func add(_ field: UInt64, _ message: [UInt8]) {
        varint(field << 3 | 2)
        varint(UInt64(message.count))
        bytes += message
    }

    mutating func add(_ field: UInt64, packed numbers: [UInt64]) {
        guard !numbers.isEmpty else { return }
        var inner = ProtocolBuffer()
        for number in numbers { inner.varint(number) }
        add(field, inner.bytes)
    }

    static func zigzag(_ number: Int64) -> UInt64 { UInt64(bitPattern: number << 1 ^ number >> 63) }

    private mutating func varint(_ number: UInt64) {
        var rest = number
        while rest > 0x7f {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
