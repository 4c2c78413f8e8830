/// Running numbers taken from the database in blocks, so that writers don't queue for one row.
actor NumberBlocks {
    private struct Series {
        var block: Range<Int64> = 0..<0
        /// How many to take the next time: more while they are used up quickly, so that a busy server seldom asks.
        var size: Int64 = 20
        var fetching: Task<Range<Int64>, any Error>?
    }

    private static let largest: Int64 = 640
    private var series: [String: Series] = [:]

    /// The next number. Of many that wait for a new block one fetches it, the others take from what it brings.
    /// - Parameter fetch: takes so many numbers from the database.
    func next(of name: String, fetch: @escaping @Sendable (_ size: Int64) async throws -> Range<Int64>) async throws -> Int64 {
        while true {
            if let first = series[name]?.block.first {
                series[name]?.block.removeFirst()
                return first
            }
            if let fetching = series[name]?.fetching {
                _ = try? await fetching.value
                continue
            }
            var mine = series[name] ?? Series()
            let size = mine.size
            let task = Task { try await fetch(size) }
            mine.fetching = task
            series[name] = mine
            do {
                series[name]?.block = try await task.value
                series[name]?.size = min(size * 2, Self.largest)
                series[name]?.fetching = nil
            } catch {
                series[name]?.fetching = nil
                throw error
            }
        }
    }
}

extension Range<Int64> {
    fileprivate mutating func removeFirst() { self = (lowerBound + 1)..<upperBound }
}
