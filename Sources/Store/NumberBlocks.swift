/// Running numbers taken from the database in blocks, so that writers don't queue for one row.
actor NumberBlocks {
    private struct Series {
        var block: Range<Int64> = 0..<0
        /// How many to take the next time: more while they are used up quickly, so that a busy server seldom asks.
        var size: Int64 = 20
        var fetching: Task<Void, any Error>?
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
            try await (series[name]?.fetching ?? fetching(name, fetch)).value
        }
    }

    /// NB: the task itself puts the block in its place, on this actor: whoever waits for it then finds the block there.
    private func fetching(_ name: String, _ fetch: @escaping @Sendable (_ size: Int64) async throws -> Range<Int64>) -> Task<
        Void, any Error
    > {
        let size = series[name, default: Series()].size
        let task = Task {
            defer { series[name]?.fetching = nil }
            let block = try await fetch(size)
            series[name]?.block = block
            series[name]?.size = min(size * 2, Self.largest)
        }
        series[name, default: Series()].fetching = task
        return task
    }
}

extension Range<Int64> {
    fileprivate mutating func removeFirst() { self = (lowerBound + 1)..<upperBound }
}
