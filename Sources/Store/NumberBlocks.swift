import Synchronization

/// Running numbers taken from the database in blocks, so that writers don't queue for one row.
final class NumberBlocks: Sendable {
    private let blocks = Mutex<[String: Range<Int64>]>([:])

    func take(_ series: String) -> Int64? {
        blocks.withLock { blocks in
            guard let block = blocks[series], let first = block.first else { return nil }
            blocks[series] = block.dropFirst().isEmpty ? nil : (first + 1)..<block.upperBound
            return first
        }
    }

    /// Keeps a fresh block and takes its first number. A block that came at the same time is kept too, if it is the longer one.
    func give(_ series: String, from lower: Int64, below upper: Int64) -> Int64 {
        blocks.withLock { blocks in
            if lower + 1 < upper, (blocks[series]?.count ?? 0) < Int(upper - lower - 1) { blocks[series] = (lower + 1)..<upper }
            return lower
        }
    }
}
