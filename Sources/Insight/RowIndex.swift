import Basics

/// Where the row of an id lies: open addressing over row numbers alone, since the ids themselves are a column of the table.
struct RowIndex: Sendable {
    private static let free = UInt32.max

    /// Row numbers, a power of two of them, at most two thirds taken.
    private var slots: ContiguousArray<UInt32>
    private(set) var count = 0

    init(room: Int = 0) {
        var size = 16
        while size * 2 / 3 < room { size *= 2 }
        slots = ContiguousArray(repeating: Self.free, count: size)
    }

    /// - Parameter ids: the id of a row.
    func row(of id: UUIDv7, _ ids: (UInt32) -> UUIDv7) -> UInt32? {
        var slot = start(id)
        while slots[slot] != Self.free {
            if ids(slots[slot]) == id { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// - Returns: false when the id has a row already.
    mutating func add(_ row: UInt32, of id: UUIDv7, _ ids: (UInt32) -> UUIDv7) -> Bool {
        if (count + 1) * 3 > slots.count * 2 { grow(ids) }
        var slot = start(id)
        while slots[slot] != Self.free {
            if ids(slots[slot]) == id { return false }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = row
        count += 1
        return true
    }

    private mutating func grow(_ ids: (UInt32) -> UUIDv7) {
        let old = slots
        slots = ContiguousArray(repeating: Self.free, count: old.count * 2)
        for row in old where row != Self.free {
            var slot = start(ids(row))
            while slots[slot] != Self.free { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = row
        }
    }

    /// The low half of an id is chance but for its mark, the high half mostly time: multiplied, both reach every bit.
    private func start(_ id: UUIDv7) -> Int {
        let mixed = (id.low ^ (id.high &* 0x9E37_79B9_7F4A_7C15)) &* 0xBF58_476D_1CE4_E5B9
        return Int(truncatingIfNeeded: mixed >> 32) & (slots.count - 1)
    }
}
