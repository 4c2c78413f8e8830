import Basics
import Catalog
import Geo
import Grids
import Ledger
import Posts
import Store

/// What a reporter gives; everything else is found.
package struct NewReport: Sendable {
    /// Made by the reporter's phone, so that the same report sent again is the same report.
    package let id: ReportID
    /// Taken from `Matters.nextNumber` before the write.
    package var number: String
    package var kind: String?
    package var category: String?
    package var words = ""
    package var point: Coordinate?
    /// The grid whose address was opened, when there is no point.
    package var grid: GridID?
    /// The place in the reporter's words, when somebody typed one.
    package var placeWords = ""
    /// Which door: portal, field, desk, open311…
    package let channel: String
    package var client: ClientID?
    package var sourceNumber: String?
    package var contact: [String: String] = [:]
    /// To the category's form, and what else a client sent along.
    package var answers: [String: FactValue] = [:]
    package var person: PersonID?
    package var language = Language.chinese
    /// Ids of photos that will follow.
    package var photos: [PhotoID] = []
    /// An open matter nearby that the reporter says is the same.
    package var join: MatterID?
    /// Number and link in the hand of the reporter: digits that open the progress page together with the matter's number.
    package let queryCode: String
    /// A worker's report goes to his own post first, taken, so that he can fix it or pass it up.
    package var startsAt: PostID?
    package var urgency: String?
    /// The place in words, when it was looked up before the write.
    fileprivate var told: PlaceWords??

    package init(id: ReportID, number: String, channel: String, queryCode: String) {
        self.id = id
        self.number = number
        self.channel = channel
        self.queryCode = queryCode
    }
}

package struct Opened: Sendable {
    package let matter: Matter
    package let report: ReportID
    package let queryCode: String
    /// The first part; nil when the report joined a matter that was there.
    package let part: Part?
    package let joined: Bool
    package let repeated: Bool

    package init(matter: Matter, report: ReportID, queryCode: String, part: Part?, joined: Bool, repeated: Bool) {
        self.matter = matter
        self.report = report
        self.queryCode = queryCode
        self.part = part
        self.joined = joined
        self.repeated = repeated
    }
}

extension Matters {
    package static let longestWords = 20_000

    /// Takes a report in: finds its grid, its category and the post that answers, starts the clocks. The same report again gives the
    /// same answer.
    package func open(_ new: NewReport, act: Act, in tx: Transaction) throws -> Opened {
        try tx.lock(new.id)
        if let old = try known(new, in: tx) { return old }
        // What somebody else is still writing down is not taken from under his hands.
        if let writing = try holder(of: new.id, in: tx), writing != act.actor.person { throw MatterRefusal.otherReport }
        let words = Self.clean(new.words)
        guard words.count <= Self.longestWords else { throw MatterRefusal.wordsTooLong(Self.longestWords) }
        if let category = new.category, catalog.current.category(category) == nil { throw MatterRefusal.wrongCategory(category) }
        if let join = new.join, let joined = try self.join(new, words: words, to: join, act: act, in: tx) { return joined }

        let spot = try place(new.point, grid: new.grid, in: tx)
        let kind = try kind(new.kind ?? kinds().usual.id, at: spot.path, in: tx)
        let category = new.category ?? likeliest(words: words, at: spot.path)?.id
        let entry = category.flatMap { catalog.current.category($0) }
        let id = MatterID(new.id.uuid.derived("matter"))
        let told = try new.told ?? placeInWords(new.point, at: act.at, in: tx)
        let inWords = new.placeWords.isEmpty ? told?.text ?? "" : Self.clean(new.placeWords)
        let matter = Matter(
            id: id, number: new.number, kind: kind.id, category: category, class: entry?.class,
            urgency: new.urgency ?? entry?.urgency ?? catalog.current.usualUrgency, privacy: kind.privacy, state: .open, point: new.point,
            place: String(inWords.prefix(300)), grid: spot.grid, border: spot.border, path: spot.path, pathThen: spot.path,
            channel: new.channel, words: words, openedAt: act.at)
        let working = try Working(self, tx, act: act, kind: kind, action: nil, matter: matter, parts: [], input: ActInput())
        // Known before anything is written, so that the matter's row is written once.
        let clocks = [kind.finishClock, kind.clock(of: .progress)].compactMap { $0 }
        let starting = clocks + (new.startsAt == nil ? kind.clock(of: .part).map { [$0] } ?? [] : [])
        working.matter.dueAt = starting.compactMap { working.deadline($0, from: act.at)?.instant }.min()
        try insert(working.matter, record: told?.record, in: tx)
        try insertReport(new, words: words, matter: id, kind: kind, at: act.at, in: tx)
        working.detail = ["report": new.id.description, "channel": new.channel]
        working.detail["category"] = category
        try working.record("matter.opened")
        working.isIndexedLater = true
        guard let first = new.startsAt ?? working.book.answering(at: spot.path, on: act.at)?.post else { throw MatterRefusal.noPostToTake }
        let part = try working.offer(first, given: "open", taken: new.startsAt != nil)
        for clock in clocks { try working.start(clock) }
        try indexText(
            of: working.matter, posts: working.parts.compactMap { part in working.book.posts[part.post].map { ($0.id, $0.path) } },
            people: [new.person].compactMap(\.self),
            in: tx)
        return Opened(matter: working.matter, report: new.id, queryCode: new.queryCode, part: part, joined: false, repeated: false)
    }

    /// Finds what needs no lock before the write that takes the report in: where there is one writer, all reports wait for it.
    package func looked(at new: NewReport, on now: Instant, from database: Database) async throws -> NewReport {
        guard database.hasOneWriter, new.point != nil else { return new }
        var seen = new
        seen.told = try await database.read { try self.placeInWords(new.point, at: now, in: $0) }
        return seen
    }

    private func placeInWords(_ point: Coordinate?, at now: Instant, in tx: Transaction) throws -> PlaceWords? {
        try point.flatMap { try ledger.placeInWords($0, on: now.day(in: catalog.current.platform.zone), in: tx) }
    }

    private func insert(_ matter: Matter, record: RecordID?, in tx: Transaction) throws {
        try tx.run(
            """
            INSERT INTO matter (id, number, kind, category, class, urgency, privacy, state, spot, passed, supervised, reopened, lon, lat, cell,
                place, grid_id, border_id, record_id, path_now, path_then, channel, words, reporters, opened_at, due_at)
            VALUES (\(matter.id), \(matter.number), \(matter.kind), \(matter.category), \(matter.class), \(matter.urgency), \(matter.privacy),
                \(matter.state), \(matter.spot), \(matter.passed), \(matter.supervised), \(matter.reopened), \(matter.point?.lon),
                \(matter.point?.lat), \(matter.point.map { Cell($0).code }), \(matter.place), \(matter.grid), \(matter.border), \(record),
                \(matter.path), \(matter.pathThen), \(matter.channel), \(matter.words), \(matter.reporters), \(matter.openedAt), \(matter.dueAt))
            """)
    }

    /// A report that is here already, by its own id or by its number at the source.
    /// - Throws: `.otherReport` when the id is that of a report by somebody else: whoever only knows it gets nothing by it.
    private func known(_ new: NewReport, in tx: Transaction) throws -> Opened? {
        var old = try report(new.id, in: tx)
        if let old, !isSame(old, new) { throw MatterRefusal.otherReport }
        if old == nil, let number = new.sourceNumber {
            old = try tx.first(
                "SELECT \(sql: Report.columns) FROM report WHERE source = \(sourceName(new)) AND source_number = \(number)", Report.init)
        }
        guard let old, let matter = try matter(old.matter, in: tx) else { return nil }
        return Opened(
            matter: matter, report: old.id, queryCode: old.queryCode, part: nil, joined: old.matter != old.firstMatter, repeated: true)
    }

    /// The same sender says the same once more; a phone may have signed in meanwhile.
    private func isSame(_ old: Report, _ new: NewReport) -> Bool {
        guard old.source == sourceName(new), old.person == nil || old.person == new.person else { return false }
        return old.person != nil || new.client != nil || new.sourceNumber != nil || old.words == Self.clean(new.words)
    }

    private func sourceName(_ new: NewReport) -> String { new.client.map { "\(new.channel):\($0)" } ?? new.channel }

    /// One more reporter of an open matter. - Returns: nil when that matter is not open to strangers or no longer open.
    private func join(_ new: NewReport, words: String, to target: MatterID, act: Act, in tx: Transaction) throws -> Opened? {
        try tx.lock(target)
        guard var matter = try matter(target, in: tx) else { return nil }
        if matter.state == .merged, let root = matter.mergedInto, let main = try self.matter(root, in: tx) { matter = main }
        let kind = try kind(of: matter, in: tx)
        guard matter.state == .open, matter.privacy == .open, kind.shows.shown != .never else { return nil }
        try insertReport(new, words: words, matter: matter.id, kind: kind, at: act.at, in: tx)
        try tx.run("UPDATE matter SET reporters = reporters + 1 WHERE id = \(matter.id)")
        matter.reporters += 1
        if new.person != nil { try indexText(of: matter, in: tx) }
        try tx.record(
            act.entry(
                "matter.joined", subject: "matter", id: matter.id.uuid, path: matter.path,
                detail: ["report": new.id.description, "channel": new.channel]))
        return Opened(matter: matter, report: new.id, queryCode: new.queryCode, part: nil, joined: true, repeated: false)
    }

    private func insertReport(_ new: NewReport, words: String, matter: MatterID, kind: Kind, at now: Instant, in tx: Transaction) throws {
        let contact = new.contact.mapValues { String(Self.clean($0).prefix(200)) }.filter { !$0.value.isEmpty }
        try tx.run(
            """
            INSERT INTO report (id, matter_id, first_matter_id, source, source_number, words, person_id, client_id, contact, caller, language, lon, lat,
                query_code, photo_state, answers, at)
            VALUES (\(new.id), \(matter), \(matter), \(sourceName(new)), \(new.sourceNumber), \(words), \(new.person), \(new.client),
                \(json: contact), \(contact["phone"].flatMap { CallerNumber($0) }?.digits), \(new.language), \(new.point?.lon), \(new.point?.lat), \(new.queryCode),
                \(new.photos.isEmpty ? Report.PhotoState.none : .awaited), \(json: new.answers), \(now))
            """)
        for photo in new.photos.prefix(6) {
            try tx.run(
                """
                INSERT INTO photo (id, matter_id, report_id, role, state, at)
                VALUES (\(photo), \(matter), \(new.id), \(Photo.Role.before), \(Photo.State.awaited), \(now)) ON CONFLICT (id) DO NOTHING
                """)
        }
        if !new.photos.isEmpty, let rule = kind.clock(of: .report), case .fixed(let limit) = rule.limit {
            try tx.schedule(
                DueTimer(
                    id: new.id.uuid.derived("photo"), at: catalog.current.calendar.deadline(limit, from: now).instant, sort: "clock.photo",
                    subject: new.id.uuid, detail: ["matter": matter.description]))
        }
    }

    /// Without control characters that no database or page wants.
    static func clean(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 || $0 == "\n" || $0 == "\t" })).trimmingSpaces
    }
}
