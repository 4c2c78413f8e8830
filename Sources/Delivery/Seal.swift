import Basics
import Store

/// Chains the journal (`Store/Chain`), entry by entry as it grows.
package struct Seal: LeasedFollower {
    package let name = Chain.follower

    package init() {}

    package func follow(_ entries: [Entry], in tx: Transaction) throws {
        let head = try tx.lastSeal()
        var (place, last) = (head.place, head.hash)
        for entry in entries {
            last = Chain.hash(entry, after: last)
            place += 1
            try tx.seal(entry.id, place: place, hash: last)
        }
    }
}
