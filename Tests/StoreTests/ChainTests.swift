import Basics
import Foundation
import Store
import Support
import Testing

@testable import Store

/// The chain over the journal against whoever may write into the database.
@Suite struct ChainTests {
    private static let sealed = 36
    private static let all = 40

    private static func id(_ label: String) -> UUIDv7 {
        UUIDv7(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(label.utf8.reduce(7) { $0 &* 31 &+ Int($1) } & 0xffff_ffff))
    }

    private static func entry(_ number: Int) -> Store.Entry {
        Entry(
            id: id("entry \(number)"), at: Instant(milliseconds: 1_800_000_000_000 + Int64(number)),
            actor: EntryActor(sort: .person, id: id("person"), name: number % 3 == 0 ? "robot" : nil), post: id("post"), subject: "matter",
            subjectID: id("subject \(number)"), verb: "matter.done", path: .root.child(3), detail: ["a": "1", "b": "x\(number)"])
    }

    /// Forty entries with room between them, all but the last four sealed.
    private func fill(_ database: Database) async throws {
        for number in 1...Self.all { try await database.write { tx in _ = try tx.record(Self.entry(number)) } }
        try await database.write { tx in
            try tx.run("UPDATE entry SET seq = -10 * seq")
            try tx.run("UPDATE entry SET seq = -seq")
            var (last, cursor) = ([UInt8](), JournalCursor.start)
            for (place, entry) in try tx.all(
                "SELECT \(sql: Entry.columns) FROM entry ORDER BY \(sql: tx.dialect.entryOrder) LIMIT \(Self.sealed)", Entry.init
            ).enumerated() {
                last = Chain.hash(entry, after: last)
                cursor = entry.cursor
                try tx.seal(entry.id, place: Int64(place + 1), hash: last)
            }
            try tx.saveFollowerCursor("seal", cursor, at: entry0)
        }
    }

    private var entry0: Instant { Instant(milliseconds: 1_800_000_000_000) }

    private struct Undo: Error { let state: Chain.State }

    /// The state after a change that is undone again.
    private func after(_ database: Database, anchors: [Chain.Head] = [], _ change: @escaping @Sendable (Transaction) throws -> Void)
        async throws -> Chain.State
    {
        do {
            try await database.write { tx in
                try change(tx)
                throw Undo(state: try Chain.examine(anchors: anchors, in: tx))
            }
            throw StoreFailure.closed
        } catch let undo as Undo { return undo.state }
    }

    private enum Edit: CaseIterable {
        case at, sort, actor, name, post, subject, subjectID, verb, path, detail, id, swap, delete, hash, sealedID, unseal, insert,
            sealOfNothing

        var expected: Chain.Break.Sort {
            switch self {
            case .id, .delete, .sealOfNothing: .missing
            case .swap: .moved
            case .unseal: .unlinked
            case .insert: .inserted
            default: .altered
            }
        }
    }

    /// - Returns: the first place that is wrong now.
    private static func carryOut(_ edit: Edit, at place: Int, and other: Int, in tx: Transaction) throws -> Int {
        let id = entry(place).id
        switch edit {
        case .at: try tx.run("UPDATE entry SET at = at + 1 WHERE id = \(id)")
        case .sort: try tx.run("UPDATE entry SET actor_sort = 'client' WHERE id = \(id)")
        case .actor: try tx.run("UPDATE entry SET actor_id = \(Self.id("else")) WHERE id = \(id)")
        case .name: try tx.run("UPDATE entry SET actor_name = 'else' WHERE id = \(id)")
        case .post: try tx.run("UPDATE entry SET post_id = NULL WHERE id = \(id)")
        case .subject: try tx.run("UPDATE entry SET subject = 'post' WHERE id = \(id)")
        case .subjectID: try tx.run("UPDATE entry SET subject_id = \(Self.id("else")) WHERE id = \(id)")
        case .verb: try tx.run("UPDATE entry SET verb = 'matter.closed' WHERE id = \(id)")
        case .path: try tx.run("UPDATE entry SET path = \(Path.root) WHERE id = \(id)")
        case .detail: try tx.run("UPDATE entry SET detail = '{\"a\":\"1\"}' WHERE id = \(id)")
        case .id: try tx.run("UPDATE entry SET id = \(Self.id("new \(place)")) WHERE id = \(id)")
        case .delete: try tx.run("DELETE FROM entry WHERE id = \(id)")
        case .hash: try tx.run("UPDATE seal SET hash = \([UInt8](repeating: 7, count: 32)) WHERE seq = \(place)")
        case .sealedID: try tx.run("UPDATE seal SET entry_id = \(entry(other).id) WHERE seq = \(place)")
        case .sealOfNothing: try tx.run("UPDATE seal SET entry_id = \(Self.id("nothing")) WHERE seq = \(place)")
        case .unseal: try tx.run("DELETE FROM seal WHERE seq = \(place)")
        case .insert:
            try tx.run(
                """
                INSERT INTO entry (seq, turn, id, at, actor_sort, subject, subject_id, verb, path, detail)
                SELECT seq - 1, turn, \(Self.id("forged \(place)")), at, 'system', subject, subject_id, verb, path, detail FROM entry
                WHERE id = \(id)
                """)
        case .swap:
            func cursor(_ id: UUIDv7) throws -> JournalCursor {
                try tx.first("SELECT turn, seq FROM entry WHERE id = \(id)") { JournalCursor(turn: try $0["turn"], seq: try $0["seq"]) }
                    ?? .start
            }
            let (a, b) = (try cursor(id), try cursor(entry(other).id))
            try tx.run("UPDATE entry SET seq = -1 WHERE id = \(id)")
            try tx.run("UPDATE entry SET seq = \(a.seq), turn = \(a.turn) WHERE id = \(entry(other).id)")
            try tx.run("UPDATE entry SET seq = \(b.seq), turn = \(b.turn) WHERE id = \(id)")
            return min(place, other)
        }
        return place
    }

    @Test("ASVS-16.4.2 a thousand edits, deletions and swaps: each is found, and the first named", arguments: Support.Backend.all)
    func tampering(on backend: Support.Backend) async throws {
        try await withDatabase(backend) { database in
            try await fill(database)
            let seed = UInt64.random(in: 0 ... .max)
            var random = SplitMix(seed)
            for round in 0..<1000 {
                let edit = Edit.allCases[round % Edit.allCases.count]
                // One edit, or two of the sort that do not hide one another.
                let place = Int.random(in: 1...Self.sealed - 1, using: &random)
                let other = Int.random(in: place + 1...Self.sealed, using: &random)
                let second: Edit? = round % 4 == 0 ? [.at, .verb, .hash, .delete].randomElement(using: &random) : nil
                let state = try await after(database) { tx in
                    // The later one first: positions of the earlier one still hold.
                    if let second, edit != .swap, edit != .sealedID { _ = try Self.carryOut(second, at: other, and: 1, in: tx) }
                    let first = try Self.carryOut(edit, at: place, and: other, in: tx)
                    guard first == place else { throw StoreFailure.closed }
                }
                let broken = try #require(state.broken, "\(edit) at \(place), seed \(seed)")
                #expect(broken.place == Int64(place) && broken.sort == edit.expected, "\(edit) at \(place): \(broken), seed \(seed)")
                let named =
                    edit == .insert ? Self.id("forged \(place)") : edit == .sealOfNothing ? Self.id("nothing") : Self.entry(place).id
                #expect(broken.entry == named, "\(edit) at \(place), seed \(seed)")
            }
            let whole = try await database.read { try Chain.examine(in: $0) }
            #expect(whole.broken == nil && whole.waiting == Self.all - Self.sealed && whole.head.place == Int64(Self.sealed))
        }
    }

    @Test("a chain made anew and a tail cut off are found by an anchor alone", arguments: Support.Backend.all)
    func anchors(on backend: Support.Backend) async throws {
        try await withDatabase(backend) { database in
            try await fill(database)
            let head = try await database.read { try $0.lastSeal() }
            #expect(Chain.Head(head.text) == head && Chain.Head("12:zz") == nil && Chain.Head("") == nil && Chain.Head("1:\u{1f}") == nil)
            let early = try await database.read { tx in
                try tx.first("SELECT seq, hash FROM seal WHERE seq = 9") { Chain.Head(place: try $0["seq"], hash: try $0["hash"]) }
            }
            let anchors = [try #require(early), head]
            #expect(try await database.read { try Chain.examine(anchors: anchors, in: $0) }.broken == nil)
            // Entries and seals of the end, and the follower's own mark: nothing inside tells.
            let cut: @Sendable (Transaction) throws -> Void = { tx in
                for place in 30...Self.all { try tx.run("DELETE FROM entry WHERE id = \(Self.entry(place).id)") }
                try tx.run("DELETE FROM seal WHERE seq >= 30")
                try tx.run("DELETE FROM follower")
            }
            #expect(try await after(database, cut).broken == nil)
            #expect(try await after(database, anchors: anchors, cut).broken == Chain.Break(.cut, place: 30))
            // The seals of the end alone: the follower says they were there.
            #expect(try await after(database) { _ = try $0.run("DELETE FROM seal WHERE seq >= 30") }.broken?.sort == .unlinked)
            let forge: @Sendable (Transaction) throws -> Void = { tx in
                try tx.run("UPDATE entry SET verb = 'matter.closed' WHERE id = \(Self.entry(12).id)")
                var last: [UInt8] = []
                for (place, entry) in try tx.all(
                    "SELECT \(sql: Entry.columns) FROM entry ORDER BY \(sql: tx.dialect.entryOrder) LIMIT \(Self.sealed)", Entry.init
                ).enumerated() {
                    last = Chain.hash(entry, after: last)
                    try tx.run("UPDATE seal SET hash = \(last) WHERE seq = \(place + 1)")
                }
            }
            #expect(try await after(database, forge).broken == nil)
            #expect(try await after(database, anchors: anchors, forge).broken == Chain.Break(.rewritten, place: Int64(Self.sealed)))
        }
    }

    @Test("no two entries have one text")
    func unambiguous() {
        func hash(_ detail: [String: String]) -> [UInt8] {
            let entry = Self.entry(1)
            return Chain.hash(
                Entry(
                    id: entry.id, at: entry.at, actor: entry.actor, subject: "matter", subjectID: entry.subjectID, verb: "matter.done",
                    path: .root, detail: detail), after: [])
        }
        #expect(hash(["a": "1", "b": "2"]) != hash(["a": "1\u{1f}b=2"]))
        #expect(hash(["a": "1\u{1e}"]) != hash(["a": "1\\1e"]))
    }
}
