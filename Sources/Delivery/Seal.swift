import Basics
import Crypto
import Foundation
import Store

/// Chains the journal: each entry's seal is the SHA-256 of the seal before it and of the entry's canonical text, so that altering,
/// deleting or reordering an old entry is found.
package struct Seal: LeasedFollower {
    package let name = "seal"

    package init() {}

    package func follow(_ entries: [Entry], in tx: Transaction) throws {
        var (place, last) = try tx.lastSeal()
        for entry in entries {
            last = Self.hash(entry, after: last)
            place += 1
            try tx.seal(entry.id, place: place, hash: last)
        }
    }

    /// Of an entry and the hash before it.
    package static func hash(_ entry: Entry, after previous: [UInt8]) -> [UInt8] {
        let detail = entry.detail.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\u{1f}")
        let actor = "\(entry.actor.sort.rawValue) \(entry.actor.id?.description ?? "") \(entry.actor.name ?? "")"
        let text = [
            entry.id.description, String(entry.at.milliseconds), actor, entry.post?.description ?? "", entry.subject,
            entry.subjectID.description,
            entry.verb, entry.path.text, detail,
        ].joined(separator: "\u{1e}")
        return Array(SHA256.hash(data: Data(previous) + Data(text.utf8)))
    }

    /// Walks the whole chain. - Returns: the first entry that does not fit, nil when all fit.
    package static func firstBroken(in tx: Transaction) throws -> UUIDv7? {
        var last: [UInt8] = []
        var broken: UUIDv7?
        try tx.eachSealed { id, sealed, entry in
            guard broken == nil else { return }
            guard let entry else { broken = id; return }
            last = hash(entry, after: last)
            if last != sealed { broken = id }
        }
        return broken
    }
}
