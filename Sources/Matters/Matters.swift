import Basics
import Catalog
import Geo
import Grids
import Ledger
import Posts
import Store

/// What must be dealt with. Every door (browser, Open311, command line) opens and moves matters through here, inside its own
/// `Store.write`; the engine keeps the rights, the states and the clocks.
package final class Matters: Sendable {
    package let catalog: LiveCatalog
    package let grids: Grids
    package let posts: Posts
    package let ledger: Ledger
    package let model = CategoryModel()
    let few = FewMatters()

    package init(catalog: LiveCatalog, grids: Grids, posts: Posts, ledger: Ledger) {
        self.catalog = catalog
        self.grids = grids
        self.posts = posts
        self.ledger = ledger
    }

    /// The next matter number of a day, `2026-1119-0377`. Taken before the write, so that the write makes nothing new.
    package func nextNumber(at now: Instant, from database: Database) async throws -> String {
        let day = now.day(in: catalog.current.platform.zone)
        let running = try await database.number("matter \(day)")
        let (year, month, date) = day.civil
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        let digits = String(running)
        return "\(year)-\(two(month))\(two(date))-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    // MARK: Rows

    package func matter(_ id: MatterID, in tx: Transaction) throws -> Matter? {
        try tx.first("SELECT \(sql: Matter.columns) FROM matter m WHERE m.id = \(id)", Matter.init)
    }

    package func matter(number: String, in tx: Transaction) throws -> Matter? {
        try tx.first("SELECT \(sql: Matter.columns) FROM matter m WHERE m.number = \(number)", Matter.init)
    }

    package func report(_ id: ReportID, in tx: Transaction) throws -> Report? {
        try tx.first("SELECT \(sql: Report.columns) FROM report WHERE id = \(id)", Report.init)
    }

    package func reports(of matter: MatterID, in tx: Transaction) throws -> [Report] {
        try tx.all("SELECT \(sql: Report.columns) FROM report WHERE matter_id = \(matter) ORDER BY at, id", Report.init)
    }

    package func parts(of matter: MatterID, in tx: Transaction) throws -> [Part] {
        try tx.all("SELECT \(sql: Part.columns) FROM part WHERE matter_id = \(matter) ORDER BY offered_at, lead DESC, id", Part.init)
    }

    package func clocks(of matter: MatterID, in tx: Transaction) throws -> [RunningClock] {
        try tx.all("SELECT * FROM clock WHERE matter_id = \(matter) ORDER BY started_at, id", RunningClock.init)
    }

    package func milestones(of matter: MatterID, in tx: Transaction) throws -> [Milestone] {
        try tx.all("SELECT * FROM milestone WHERE matter_id = \(matter) ORDER BY position", Milestone.init)
    }

    package func photos(of matter: MatterID, in tx: Transaction) throws -> [Photo] {
        try tx.all(
            "SELECT p.*, f.small FROM photo p LEFT JOIN file f ON f.digest = p.digest WHERE p.matter_id = \(matter) ORDER BY p.at, p.id",
            Photo.init)
    }
}

/// One act in the making: the matter as it stands under its lock, what it was given, and what it leaves.
final class Working {
    let engine: Matters
    let tx: Transaction
    let act: Act
    let kind: Kind
    let action: Action?
    var matter: Matter
    var parts: [Part]
    let input: ActInput
    /// The part the actor acts on, if the action is one of a holder's.
    var part: Part?
    /// Parts offered by this act.
    var offered: [Part] = []
    /// A matter that is being opened is indexed when its first part is there.
    var isIndexedLater = false
    /// Ids and catalog ids for the journal entry.
    var detail: [String: String] = [:]

    init(_ engine: Matters, _ tx: Transaction, act: Act, kind: Kind, action: Action?, matter: Matter, parts: [Part], input: ActInput) throws
    {
        book = try engine.posts.book(in: tx)
        answered = Set(Matters.answered(by: act.actor, at: act.at, book: book))
        self.engine = engine
        self.tx = tx
        self.act = act
        self.kind = kind
        self.action = action
        self.matter = matter
        self.parts = parts
        self.input = input
    }

    var catalog: Catalog { engine.catalog.current }
    let book: PostBook
    /// Posts whose parts are the actor's now.
    let answered: Set<PostID>
    var now: Instant { act.at }

    /// Writes what may have changed in the matter's row.
    func save() throws {
        matter.dueAt = try due()
        try tx.run(
            """
            UPDATE matter SET category = \(matter.category), class = \(matter.class), urgency = \(matter.urgency), state = \(matter.state),
                outcome = \(matter.outcome), confirmed = \(matter.confirmed), spot = \(matter.spot), passed = \(matter.passed),
                supervised = \(matter.supervised), asked = \(matter.asked), reopened = \(matter.reopened), merged_into = \(matter.mergedInto),
                reporters = \(matter.reporters), done_at = \(matter.doneAt), closed_at = \(matter.closedAt), due_at = \(matter.dueAt)
            WHERE id = \(matter.id)
            """)
    }

    func save(_ part: Part) throws {
        try tx.run(
            """
            UPDATE part SET state = \(part.state), taken_at = \(part.takenAt), ended_at = \(part.endedAt), take_by = \(part.takeBy),
                due_at = \(part.dueAt), words = \(part.words), rating = \(part.rating), rating_back = \(part.ratingBack)
            WHERE id = \(part.id)
            """)
        if let index = parts.firstIndex(where: { $0.id == part.id }) { parts[index] = part }
        if self.part?.id == part.id { self.part = part }
    }

    /// Gives a part to a post. A post that has an open part of the same sort already keeps that one.
    @discardableResult
    func offer(
        _ post: PostID, given: String, ask: UUIDv7? = nil, askedBy: PostID? = nil, lead: Bool = false, taken: Bool = false,
        clock: ClockRule? = nil
    ) throws -> Part {
        if let same = parts.first(where: { $0.post == post && $0.isOpen && ($0.ask == nil) == (ask == nil) }) { return same }
        let id = PartID(act.derived("part \(matter.id) \(post) \(parts.count)"))
        let rule = taken ? nil : clock ?? kind.clock(of: ask == nil ? .part : .ask)
        let part = Part(
            id: id, matter: matter.id, post: post, ask: ask, askedBy: askedBy, given: given, lead: lead, needed: true,
            state: taken ? .doing : .offered, offeredAt: now, takenAt: taken ? now : nil,
            takeBy: rule.flatMap { deadline($0, from: now) }?.instant)
        try tx.run(
            """
            INSERT INTO part (id, matter_id, post_id, ask_id, asked_by, given, lead, needed, state, offered_at, taken_at, take_by)
            VALUES (\(part.id), \(part.matter), \(part.post), \(part.ask), \(part.askedBy), \(part.given), \(part.lead), \(part.needed),
                \(part.state), \(part.offeredAt), \(part.takenAt), \(part.takeBy))
            """)
        parts.append(part)
        // It now has to do with the matter, which is found from there too.
        if !isIndexedLater, let path = book.posts[post]?.path, path == .root || !path.covers(matter.path) {
            try engine.indexText(of: matter, in: tx)
        }
        if let rule { try start(rule, part: part) }
        offered.append(part)
        try tx.record(
            act.entry(
                "part.offered", subject: "matter", id: matter.id.uuid, path: matter.path,
                detail: ["part": id.description, "post": post.description, "given": given]))
        return part
    }

    /// Ends a part and stops its clocks.
    func end(_ part: Part, as state: Part.State, words: String? = nil) throws {
        var ended = part
        ended.state = state
        ended.endedAt = now
        if let words { ended.words = words }
        try save(ended)
        try stopClocks(part: part.id)
    }

    /// Ends every open part, except one.
    func endOpenParts(as state: Part.State, except kept: PartID? = nil) throws {
        for part in parts where part.isOpen && part.id != kept { try end(part, as: state) }
    }

    /// The act's own line in the journal, with its words kept apart.
    func record(_ verb: String, words: String? = nil, isPublic: Bool = true) throws {
        // Who gave a part acts as the post that gave it, not as the one that has it.
        let post = action?.does == .recall || action?.does == .rateAnswer ? part?.askedBy : part?.post
        let entry = act.entry(verb, subject: "matter", id: matter.id.uuid, path: matter.path, post: post, detail: detail)
        guard try tx.record(entry), let words, !words.isEmpty else { return }
        try tx.run(
            """
            INSERT INTO remark (entry_id, matter_id, words, public) VALUES (\(entry.id), \(matter.id), \(words), \(isPublic))
            ON CONFLICT (entry_id) DO NOTHING
            """)
    }
}
