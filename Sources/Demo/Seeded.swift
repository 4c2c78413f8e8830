import Basics

/// The only source of chance in the demo, so that the same city comes out every time.
struct Seeded: RandomNumberGenerator {
    private var source: SplitMix

    init(_ seed: UInt64) { source = SplitMix(seed) }

    /// A stream of its own for one part of the city, so that a change in one part leaves the others as they were.
    init(_ name: String) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        source = SplitMix(hash)
    }

    mutating func next() -> UInt64 { source.next() }

    /// 0 ..< 1, all 53 bits.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
    mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
    mutating func int(_ range: Range<Int>) -> Int { range.lowerBound + Int(next() % UInt64(range.count)) }
    mutating func chance(_ share: Double) -> Bool { unit() < share }
    mutating func pick<C: RandomAccessCollection>(_ list: C) -> C.Element where C.Index == Int {
        list[int(list.startIndex..<list.endIndex)]
    }

    /// Roughly normal (Irwin–Hall), without the logarithm and cosine whose last bits differ between C libraries.
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + unit() } }

    mutating func shuffle<T>(_ list: inout [T]) {
        guard list.count > 1 else { return }
        for index in stride(from: list.count - 1, to: 0, by: -1) { list.swapAt(index, int(0..<index + 1)) }
    }

    /// The place of a weighted draw in a list of running sums.
    mutating func draw(_ sums: [Double]) -> Int {
        let target = unit() * (sums.last ?? 0)
        var low = 0
        var high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// An identifier as its maker would have made it at that instant.
    mutating func id(at instant: Instant) -> UUIDv7 {
        let milliseconds = UInt64(max(0, instant.milliseconds)) & 0xFFFF_FFFF_FFFF
        return UUIDv7(high: milliseconds << 16 | 0x7000 | next() & 0xFFF, low: next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
    }
}
