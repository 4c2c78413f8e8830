extension RandomAccessCollection where Index == Int {
    /// The first index at which the test holds, when it holds for all after it; binary search.
    package func firstSorted(_ test: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if test(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
