import Basics
import Crypto
import Foundation

/// The chain over the journal: each link is the SHA-256 of the link before it and of its entry's canonical text, so that altering, deleting,
/// reordering or slipping in an old entry is found. Whoever rewrites the whole chain is found by an anchor kept elsewhere.
package enum Chain {
    /// Who seals; its cursor says how far.
    package static let follower = "seal"

    /// The last link: its place, from 1, and its hash; place 0 and no bytes before the first.
    package struct Head: Sendable, Hashable {
        package let place: Int64
        package let hash: [UInt8]

        package init(place: Int64, hash: [UInt8]) {
            self.place = place
            self.hash = hash
        }

        /// `1234:9f86d0…`, as it is printed and given back.
        package var text: String { "\(place):\(Secret.hex(hash))" }

        package init?(_ text: some StringProtocol) {
            let halves = text.split(separator: ":")
            guard halves.count == 2, let place = Int64(halves[0]), place >= 0, let hash = Secret.unhex(halves[1]),
                hash.count == (place == 0 ? 0 : SHA256.byteCount)
            else { return nil }
            self.init(place: place, hash: hash)
        }
    }

    /// The first thing wrong, with the entry it is about where that is known.
    package struct Break: Sendable, Equatable {
        package enum Sort: String, Sendable, CaseIterable {
            /// The entry is not what was sealed, or its seal is not.
            case altered
            case missing
            /// It stands at another place of the journal.
            case moved
            /// It was never sealed, and stands before one that was.
            case inserted
            /// The link is gone.
            case unlinked
            /// The chain is shorter than an anchor says.
            case cut
            /// The chain is another than an anchor says.
            case rewritten
        }

        package let sort: Sort
        package let place: Int64
        package let entry: UUIDv7?

        package init(_ sort: Sort, place: Int64, entry: UUIDv7? = nil) {
            self.sort = sort
            self.place = place
            self.entry = entry
        }
    }

    package struct State: Sendable {
        package let head: Head
        /// Of the last sealed entry.
        package let sealedAt: Instant?
        /// Entries that no follower has sealed yet.
        package let waiting: Int
        package let broken: Break?
    }

    package static func hash(_ entry: Entry, after previous: [UInt8]) -> [UInt8] {
        let detail = entry.detail.sorted { $0.key < $1.key }.map { "\(plain($0.key))=\(plain($0.value))" }.joined(separator: "\u{1f}")
        let actor = "\(entry.actor.sort.rawValue) \(entry.actor.id?.description ?? "") \(plain(entry.actor.name ?? ""))"
        let text = [
            entry.id.description, String(entry.at.milliseconds), actor, entry.post?.description ?? "", plain(entry.subject),
            entry.subjectID.description, plain(entry.verb), entry.path.text, detail,
        ].joined(separator: "\u{1e}")
        return Array(SHA256.hash(data: Data(previous) + Data(text.utf8)))
    }

    /// What separates fields stands in none of them, so that no two entries have one text.
    private static func plain(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x1e || $0 == 0x1f || $0 == 0x5c }) else { return text }
        return text.replacing("\\", with: "\\\\").replacing("\u{1e}", with: "\\1e").replacing("\u{1f}", with: "\\1f")
    }

    /// Walks the whole chain beside the whole journal.
    /// - Parameter anchors: heads of earlier days, kept elsewhere.
    package static func examine(anchors: [Head] = [], in tx: Transaction) throws -> State {
        var (last, place) = ([UInt8](), Int64(0))
        var (sealedAt, broken): (Instant?, Break?) = (nil, nil)
        let wanted = Dictionary(anchors.map { ($0.place, $0.hash) }, uniquingKeysWith: { first, _ in first })
        var rewritten: Int64?
        var cursor = JournalCursor.start
        while broken == nil {
            let links = try tx.links(after: place, limit: 2000)
            guard !links.isEmpty else { break }
            let standing = try tx.standing(after: cursor, limit: links.count)
            for (index, link) in links.enumerated() {
                place += 1
                let there = index < standing.count ? standing[index].id : nil
                broken = try compare(link, at: place, there: there, last: &last, in: tx)
                guard broken == nil, let entry = link.entry else { break }
                if rewritten == nil, let hash = wanted[place], hash != last { rewritten = place }
                sealedAt = entry.at
            }
            cursor = standing.last?.cursor ?? cursor
        }
        let head = try tx.lastSeal()
        let waiting = try tx.waitingForSeal(after: head.place)
        if broken == nil, let next = waiting.next, try tx.followerCursor(follower) >= next.cursor {
            broken = Break(.unlinked, place: head.place + 1, entry: next.entry)
        }
        if broken == nil, let rewritten { broken = Break(.rewritten, place: rewritten) }
        if broken == nil, let beyond = anchors.map(\.place).max(), beyond > head.place { broken = Break(.cut, place: head.place + 1) }
        return State(head: head, sealedAt: sealedAt, waiting: waiting.count, broken: broken)
    }

    /// - Parameters:
    ///   - there: the entry that stands at this place of the journal.
    ///   - last: the link before, then this one.
    private static func compare(_ link: ChainLink, at place: Int64, there: UUIDv7?, last: inout [UInt8], in tx: Transaction) throws
        -> Break?
    {
        guard link.place == place else { return Break(.unlinked, place: place, entry: there) }
        guard let entry = link.entry else { return Break(.missing, place: place, entry: link.sealed) }
        last = hash(entry, after: last)
        guard last == link.hash else { return Break(.altered, place: place, entry: there ?? link.sealed) }
        guard let there, there != link.sealed else { return nil }
        return try tx.isSealed(there) ? Break(.moved, place: place, entry: link.sealed) : Break(.inserted, place: place, entry: there)
    }
}
