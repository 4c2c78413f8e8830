/// What a chunk of the board holds at most, so that a scan leaves out the years that it does not ask about.
///
/// It only grows: a row that leaves a day or a shape leaves them noted, which costs a look and changes no figure.
struct BoardChunkSpan: Sendable {
    private var opened: ClosedRange<Int32>?
    /// Of those that were closed.
    private var closed: ClosedRange<Int32>?
    private var hasOpen = false
    /// A bit for each shape.
    private var shapes: [UInt64] = []

    mutating func add(opened day: Int32, closed end: Int32, shape: UInt32) {
        opened = Self.grown(opened, day)
        if end == .max { hasOpen = true } else { closed = Self.grown(closed, end) }
        add(shape: shape)
    }

    mutating func add(shape: UInt32) {
        let word = Int(shape) / 64
        while shapes.count <= word { shapes.append(0) }
        shapes[word] |= 1 << UInt64(shape % 64)
    }

    /// Whether any row may be counted, or counted against.
    func mayHold(_ days: BoardScan.Days, asked: (_ shape: Int) -> Bool) -> Bool {
        guard let opened else { return false }
        switch days {
        case .all: break
        case .opened(let range): guard range.overlaps(opened) else { return false }
        case .closed(let range): guard let closed, range.overlaps(closed) else { return false }
        case .openOn(let day): guard opened.lowerBound <= day, hasOpen || (closed?.upperBound ?? .min) > day else { return false }
        }
        for (word, bits) in shapes.enumerated() {
            var rest = bits
            while rest != 0 {
                if asked(word * 64 + rest.trailingZeroBitCount) { return true }
                rest &= rest - 1
            }
        }
        return false
    }

    private static func grown(_ range: ClosedRange<Int32>?, _ day: Int32) -> ClosedRange<Int32> {
        range.map { min($0.lowerBound, day)...max($0.upperBound, day) } ?? day...day
    }
}

extension BoardScan {
    /// Whether a chunk is worth scanning.
    func mayHold(_ span: BoardChunkSpan) -> Bool {
        span.mayHold(days) { usesTime ? asked[$0 << 2..<($0 + 1) << 2].contains { $0 & 1 != 0 } : asked[$0] & 1 != 0 }
    }
}
