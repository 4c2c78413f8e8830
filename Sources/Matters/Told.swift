import Basics
import Posts
import Store

/// A word about a report from the client that sent it.
package struct ClientWord: Sendable {
    package let number: String
    package let words: String
    /// What the client says it should be: true open, false closed, nil nothing.
    package let open: Bool?

    package init(number: String, words: String, open: Bool?) {
        self.number = number
        self.words = words
        self.open = open
    }
}

extension Matters {
    /// Takes the word to where it belongs: a reply when the reporter was asked, a confirmation or its contrary when the matter was
    /// dealt with, else a line that whoever has the matter reads.
    /// - Returns: the id of the journal entry; the same for the same act.
    /// - Throws: `MatterRefusal.unknown` without such a matter, `.notYours` when the client never sent a report of it and anybody may see it.
    package func hear(_ word: ClientWord, from client: ClientID, act: Act, in tx: Transaction) throws -> UUIDv7 {
        guard var matter = try matter(number: word.number, in: tx) else { throw MatterRefusal.unknown }
        if let main = matter.mergedInto, let other = try self.matter(main, in: tx) { matter = other }
        try tx.lock(matter.id)
        let id = matter.id
        guard try tx.exists("SELECT 1 FROM report WHERE matter_id = \(id) AND client_id = \(client)") else {
            // Of one that is open to nobody a program does not learn that it is there.
            throw isPublic(matter, try self.kind(of: matter, in: tx)) ? MatterRefusal.notYours : MatterRefusal.unknown
        }
        // A retry must not find another way because the first try changed the state.
        let kind = try kind(of: matter, in: tx)
        let verbs = kind.actions.filter { $0.by.contains(.reporter) }.map { "matter.\($0.id)" } + ["matter.told"]
        for verb in verbs {
            let entry = act.entry(verb, subject: "matter", id: id.uuid, path: matter.path).id
            if try tx.hasEntry(entry) { return entry }
        }
        let words = Self.clean(word.words)
        guard words.count <= ActInput.longestWords else { throw MatterRefusal.wordsTooLong(ActInput.longestWords) }
        var input = ActInput()
        input.words = words.isEmpty ? nil : words
        for action in wanted(word, matter, kind, words: words) {
            do {
                try tx.savepoint { _ = try perform(action.id, on: id, input: input, act: act, in: tx) }
                return act.entry("matter.\(action.id)", subject: "matter", id: id.uuid, path: matter.path).id
            } catch is MatterRefusal {
                continue
            }
        }
        guard !words.isEmpty else { throw MatterRefusal.missing(.words) }
        let entry = act.entry("matter.told", subject: "matter", id: id.uuid, path: matter.path)
        if try tx.record(entry) {
            try tx.run(
                """
                INSERT INTO remark (entry_id, matter_id, words, public) VALUES (\(entry.id), \(id), \(words), \(kind.shows.words))
                ON CONFLICT (entry_id) DO NOTHING
                """)
        }
        return entry.id
    }

    private func wanted(_ word: ClientWord, _ matter: Matter, _ kind: Kind, words: String) -> [Action] {
        if matter.asked, !words.isEmpty { return kind.actions(.reply) }
        guard let open = word.open, matter.state == .done || matter.state == .closed, matter.confirmed == nil else { return [] }
        return kind.actions(.confirm).filter { $0.answer == !open }
    }
}
