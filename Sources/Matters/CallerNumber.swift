import Foundation
import Posts
import Basics
import Store

/// A telephone number as two people write the same one: its digits, without the country's.
package struct CallerNumber: Hashable, Sendable {
    package let digits: String

    /// - Returns: nil for what cannot be a whole number yet.
    package init?(_ text: String) {
        let plain = text.applyingTransform(.fullwidthToHalfwidth, reverse: false) ?? text
        var digits = plain.filter { ("0"..."9").contains($0) }
        for prefix in ["0086", "86"] where digits.hasPrefix(prefix) && digits.count == prefix.count + 11 {
            digits.removeFirst(prefix.count)
        }
        guard (7...15).contains(digits.count) else { return nil }
        self.digits = digits
    }

    /// As others see it: `138****0421`.
    package var masked: String { digits.prefix(3) + "****" + digits.suffix(digits.count > 8 ? 4 : 2) }
}

/// One report by the same number, as far as somebody may know of it.
package struct CallerReport: Sendable {
    package let matter: Matter
    package let at: Instant
    /// False for one on somebody else's land: only its public face may be shown.
    package let isSeen: Bool
}

extension Matters {
    /// What came by this number before, newest first: what the actor sees, and of the rest what everybody may know.
    package func history(of caller: CallerNumber, for actor: Actor, at now: Instant, limit: Int = 6, in tx: Transaction) throws
        -> [CallerReport]
    {
        let found = try tx.all(
            """
            SELECT \(sql: Matter.columns), r.at AS reported_at FROM report r JOIN matter m ON m.id = r.matter_id
            WHERE r.caller = \(caller.digits) ORDER BY r.at DESC, r.id DESC LIMIT 50
            """
        ) { (matter: try Matter($0), at: try $0["reported_at"] as Instant) }
        let seen = try seen(found.map(\.matter.id), by: actor, at: now, in: tx)
        let kinds = try kinds()
        return found.compactMap { matter, at in
            if seen.contains(matter.id) { return CallerReport(matter: matter, at: at, isSeen: true) }
            return isPublic(matter, kinds[matter.kind]) ? CallerReport(matter: matter, at: at, isSeen: false) : nil
        }.prefix(limit).map { $0 }
    }
}
