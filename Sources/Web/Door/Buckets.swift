import Basics
import Synchronization

/// Token buckets by key, in memory and bounded: when full, those that have refilled go first, then the oldest.
package final class Buckets: Sendable {
    private struct Bucket { var left: Double; var at: Instant }

    private let size: Double
    private let perSecond: Double
    private let most: Int
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameters:
    ///   - size: how many at once.
    ///   - refill: the span in which a whole bucket comes back.
    package init(size: Int, refill: Span, most: Int = 20_000) {
        self.size = Double(size)
        perSecond = Double(size) / (Double(refill.milliseconds) / 1000)
        self.most = most
    }

    /// True and one less when there is one left.
    package func take(_ key: String, at now: Instant) -> Bool {
        buckets.withLock { buckets in
            var bucket = buckets[key] ?? Bucket(left: size, at: now)
            bucket.left = min(size, bucket.left + max(0, Double((now - bucket.at).milliseconds) / 1000 * perSecond))
            bucket.at = now
            let granted = bucket.left >= 1
            if granted { bucket.left -= 1 }
            if buckets[key] == nil, buckets.count >= most { evict(&buckets, now) }
            buckets[key] = bucket
            return granted
        }
    }

    /// Whether there is one left.
    package func has(_ key: String, at now: Instant) -> Bool {
        buckets.withLock { buckets in
            guard let bucket = buckets[key] else { return true }
            return bucket.left + max(0, Double((now - bucket.at).milliseconds) / 1000 * perSecond) >= 1
        }
    }

    /// What was taken for something that turned out well.
    package func giveBack(_ key: String) {
        buckets.withLock { buckets in
            guard let left = buckets[key]?.left else { return }
            buckets[key]?.left = min(size, left + 1)
        }
    }

    var count: Int { buckets.withLock(\.count) }

    private func evict(_ buckets: inout [String: Bucket], _ now: Instant) {
        buckets = buckets.filter { $0.value.left + Double((now - $0.value.at).milliseconds) / 1000 * perSecond < size }
        if buckets.count >= most, let oldest = buckets.min(by: { $0.value.at < $1.value.at }) { buckets[oldest.key] = nil }
    }
}
