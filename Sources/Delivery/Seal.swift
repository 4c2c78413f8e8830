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
        var last = try tx.first("SELECT seq, hash FROM seal ORDER BY seq DESC LIMIT 1") { try $0["hash"] as [UInt8] } ?? []
        let start = try tx.first("SELECT MAX(seq) AS seq FROM seal") { try $0["seq"] as Int64? } ?? nil
        var place = start ?? 0
        for entry in entries {
            last = Self.hash(entry, after: last)
            place += 1
            try tx.run("INSERT INTO seal (seq, hash, entry_id) VALUES (\(place), \(last), \(entry.id))")
        }
    }

    static func hash(_ entry: Entry, after previous: [UInt8]) -> [UInt8] {
        let detail = entry.detail.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\u{1f}")
        let actor = "\(entry.actor.sort.rawValue) \(entry.actor.id?.description ?? "") \(entry.actor.name ?? "")"
        let text = [
            entry.id.description, String(entry.at.milliseconds), actor, entry.post?.description ?? "", entry.subject, entry.subjectID.description,
            entry.verb, entry.path.text, detail,
        ].joined(separator: "\u{1e}")
        return Array(SHA256.hash(data: Data(previous) + Data(text.utf8)))
    }

    /// Walks the whole chain. - Returns: the first entry that does not fit, nil when all fit.
    package static func firstBroken(in tx: Transaction) throws -> UUIDv7? {
        var last: [UInt8] = []
        var broken: UUIDv7?
        try tx.each(
            """
            SELECT s.hash AS seal_hash, s.entry_id AS sealed_id, e.* FROM seal s LEFT JOIN entry e ON e.id = s.entry_id ORDER BY s.seq
            """
        ) { row in
            guard broken == nil else { return }
            let sealed: UUIDv7 = try row["sealed_id"]
            guard try !row.isNull("verb") else { broken = sealed; return }
            last = hash(try Entry(row), after: last)
            if last != (try row["seal_hash"] as [UInt8]) { broken = sealed }
        }
        return broken
    }
}
