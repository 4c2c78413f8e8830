import Basics
import Catalog
import Grids
import Ledger
import Posts
import Store

/// Everything about one matter that one actor may see; what he may not is not in it.
package struct MatterView: Sendable {
    package let matter: Matter
    package let kind: Kind
    package let parts: [Part]
    package let clocks: [RunningClock]
    package let reports: [Report]
    package let photos: [Photo]
    package let milestones: [Milestone]
    package let steps: [Step]
    /// What the actor may do now.
    package let actions: [Action]
    /// Where it went, when it was merged.
    package let main: Matter?
    /// Those merged into this one.
    package let merged: [Matter]
    /// True when only the public face or the reporter's side is shown.
    package let outside: Bool
    /// The report this actor speaks for, if any.
    package let own: Report?
    /// To what the category's form asked, of the first report that answered; strangers get what the kind shows them.
    package let answers: [FormAnswer]
}

/// One line of what happened.
package struct Step: Sendable {
    package let id: UUIDv7
    package let at: Instant
    /// `opened`, an action of the kind, or what the engine says: `late`, `reminded`, `offered`…
    package let verb: String
    package let mechanism: Mechanism?
    package let post: PostID?
    /// Nil for outsiders, and for what the platform did.
    package let person: PersonID?
    package let actor: EntryActor.Sort
    package let words: String?
    package let detail: [String: String]
}

/// One row of a queue or list.
package struct MatterRow: Sendable {
    package let matter: Matter
    package let photo: String?
    /// The post that has it now.
    package let holder: PostID?
}

extension Matters {
    /// - Returns: nil when the matter does not exist or the actor may not know of it.
    package func view(_ id: MatterID, for actor: Actor, at now: Instant, in tx: Transaction) throws -> MatterView? {
        guard let matter = try matter(id, in: tx) else { return nil }
        let kind = try kind(of: matter, in: tx)
        let inside = try sees(actor, matter, at: now, in: tx)
        let isStaff = inside && !actor.heldPosts.isEmpty || actor.isSystem
        guard inside || isPublic(matter, kind) else { return nil }
        let parts = try parts(of: id, in: tx)
        let reports = try reports(of: id, in: tx)
        let own: Report? =
            switch actor {
            case .pass(_, let subject, _): reports.first { $0.id.uuid == subject.id }
            case .person(let person, _): reports.first { $0.person == person }
            default: nil
            }
        let answers = reports.reduce(into: [String: FactValue]()) { $0.merge($1.answers) { first, _ in first } }
        let photos = try photos(of: id, in: tx).filter { photo in
            isStaff || kind.shows.photo || (own != nil && (photo.report == nil || photo.report == own?.id))
        }
        return MatterView(
            matter: matter, kind: kind, parts: parts, clocks: try clocks(of: id, in: tx), reports: isStaff ? reports : [], photos: photos,
            milestones: try milestones(of: id, in: tx), steps: try steps(of: matter, isStaff: isStaff, in: tx),
            actions: inside ? try allowed(on: matter, parts: parts, for: actor, at: now, in: tx) : [],
            main: try matter.mergedInto.flatMap { try self.matter($0, in: tx) }
                .flatMap { try isPublic($0, kind) || sees(actor, $0, at: now, in: tx) ? $0 : nil },
            merged: isStaff
                ? try tx.all(
                    "SELECT \(sql: Matter.columns) FROM matter m WHERE m.merged_into = \(id) AND \(sql: try sight(of: actor, at: now, in: tx))",
                    Matter.init) : [],
            outside: !isStaff, own: own,
            answers: isStaff ? FormAnswer.all(answers, catalog.current) : FormAnswer.shown(answers, kind, catalog.current))
    }

    /// Whether strangers see that it exists.
    package func isPublic(_ matter: Matter, _ kind: Kind) -> Bool {
        guard matter.privacy == .open, matter.state != .void else { return false }
        switch kind.shows.shown {
        case .never: return false
        case .opened: return true
        case .closed: return matter.state != .open
        }
    }

    private static let insideOnly: Set<String> = ["reminded", "offered", "recounted"]

    /// What happened, oldest first. Outsiders get the steps and the posts, never persons, internal notes or other reporters.
    private func steps(of matter: Matter, isStaff: Bool, in tx: Transaction) throws -> [Step] {
        let words = try tx.all("SELECT entry_id, words, public FROM remark WHERE matter_id = \(matter.id)") {
            (id: try $0["entry_id"] as UUIDv7, words: try $0["words"] as String, isPublic: try $0["public"] as Bool)
        }
        let byEntry = Dictionary(words.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return try tx.entries(of: matter.id).compactMap { entry in
            let verb = String(entry.verb.drop { $0 != "." }.dropFirst())
            let remark = byEntry[entry.id]
            let mechanism = entry.detail["does"].flatMap { Mechanism(rawValue: $0) }
            if !isStaff {
                if Self.insideOnly.contains(verb) || mechanism?.isInside ?? false || remark?.isPublic == false { return nil }
            }
            return Step(
                id: entry.id, at: entry.at, verb: verb, mechanism: mechanism, post: entry.post.map { PostID($0) },
                person: isStaff && entry.actor.sort == .person ? entry.actor.id.map { PersonID($0) } : nil, actor: entry.actor.sort,
                words: remark?.words, detail: entry.detail)
        }
    }
}

/// Which matters a list shows; every figure opens to a list by the same filter.
package struct MatterFilter: Sendable, Equatable {
    /// The fixed tabs of a desk.
    package enum Tab: String, CaseIterable, Sendable { case toTake = "to_take", doing, waiting, check, back, supervised, late, all }

    package var tab = Tab.all
    package var path: Path?
    package var categories: [String] = []
    package var states: [Matter.State] = []
    package var search = ""
    package var openedFrom: Instant?
    package var openedBefore: Instant?
    package var closedFrom: Instant?
    package var closedBefore: Instant?
    package var spot: Bool?
    package var confirmed: Matter.Answer?
    package var channel: String?
    /// By the land of the day it happened, instead of today's.
    package var byPathThen = false
    package var newestFirst = false

    package init(tab: Tab = .all) { self.tab = tab }
}

extension Matters {
    package func count(_ filter: MatterFilter, for actor: Actor, at now: Instant, in tx: Transaction) throws -> Int {
        guard let rows = try condition(filter, for: actor, at: now, in: tx) else { return 0 }
        return try tx.count("SELECT COUNT(*) FROM \(sql: rows.from) WHERE \(sql: rows.holds)")
    }

    /// Counts of the tabs with work in them, at once; zero stays in its place. Not of `all`: it holds the years, and nobody works them off.
    package func counts(for actor: Actor, at now: Instant, in tx: Transaction) throws -> [MatterFilter.Tab: Int] {
        let tabs = MatterFilter.Tab.allCases.filter { $0 != .all }
        let book = try posts.book(in: tx)
        let parts = Self.answered(by: actor, at: now, book: book).count + posts.scope(of: actor, .see, at: now, book: book).partPosts.count
        // NB: SQLite binds at most 32,766 values; who answers for very many posts asks tab by tab.
        guard parts * tabs.count < 16_000 else {
            return try Dictionary(uniqueKeysWithValues: tabs.map { ($0, try count(MatterFilter(tab: $0), for: actor, at: now, in: tx)) })
        }
        var all: SQL = "SELECT "
        for (index, tab) in tabs.enumerated() {
            let condition = try condition(MatterFilter(tab: tab), for: actor, at: now, in: tx)?.holds ?? "1 = 0"
            all += (index == 0 ? "" : ", ") + "(SELECT COUNT(*) FROM matter m WHERE \(sql: condition))"
        }
        let counts = try tx.first(all) { row in try tabs.indices.map { try row[$0] as Int } } ?? []
        return Dictionary(uniqueKeysWithValues: zip(tabs, counts))
    }

    /// The rows of a filter: `SELECT … FROM \(from) WHERE \(holds)`.
    struct FoundRows {
        let from: SQL
        let holds: SQL
        /// Where the hits of a search lead to the rows, and not some work to its words.
        var newestFirst: SQL?
    }

    /// - Returns: nil when the search has no word to look for.
    func condition(_ filter: MatterFilter, for actor: Actor, at now: Instant, in tx: Transaction) throws -> FoundRows? {
        let book = try posts.book(in: tx)
        let mine = Self.answered(by: actor, at: now, book: book).prefix(16_000)
        var sql: SQL = "1 = 1"
        // NB: from the work to the matter: looked at the other way round, every open matter of the city asks for its parts.
        func minePart(_ more: SQL) -> SQL {
            " AND m.id IN (SELECT q.matter_id FROM part q WHERE q.post_id IN (\(list: mine)) AND " + more + ")"
        }
        switch filter.tab {
        case .toTake: sql += " AND m.state = 'open'" + minePart("q.state = 'offered' AND q.given NOT IN (\(list: try returning()))")
        case .doing: sql += " AND m.state = 'open'" + minePart("q.state = 'doing'")
        case .back: sql += " AND m.state = 'open'" + minePart("q.state = 'offered' AND q.given IN (\(list: try returning()))")
        case .waiting:
            sql +=
                """
                 AND m.state = 'open' AND m.id IN (
                SELECT q.matter_id FROM part q
                WHERE q.asked_by IN (\(list: mine)) AND q.state IN ('offered', 'doing')
                UNION SELECT q.matter_id FROM part q JOIN matter a ON a.id = q.matter_id
                WHERE q.post_id IN (\(list: mine)) AND q.state = 'doing' AND a.asked = true)
                """
        case .check:
            sql +=
                """
                 AND m.id IN (
                SELECT d.id FROM matter d
                WHERE d.state = 'done' AND EXISTS (SELECT 1 FROM part q WHERE q.matter_id = d.id AND q.post_id IN (\(list: mine)))
                UNION SELECT q.matter_id FROM part q
                WHERE q.asked_by IN (\(list: mine)) AND q.ask_id IS NOT NULL AND q.state = 'done' AND q.rating IS NULL
                    AND q.ended_at >= \(try ratable(at: now)))
                """
        case .supervised: sql += " AND m.state = 'open' AND m.supervised = true"
        case .late: sql += " AND m.state = 'open' AND m.due_at < \(now)"
        case .all: break
        }
        if let path = filter.path { sql += " AND (" + path.covers(filter.byPathThen ? "m.path_then" : "m.path_now") + ")" }
        if !filter.categories.isEmpty { sql += " AND m.category IN (\(list: filter.categories))" }
        // NB: written out, not bound: an index of what is open is used only where the statement says so.
        if filter.states.count == 1, let state = filter.states.first {
            sql += " AND m.state = '\(sql: SQL(stringLiteral: state.rawValue))'"
        } else if !filter.states.isEmpty {
            sql += " AND m.state IN (\(list: filter.states.map(\.rawValue)))"
        }
        if let from = filter.openedFrom { sql += " AND m.opened_at >= \(from)" }
        if let before = filter.openedBefore { sql += " AND m.opened_at < \(before)" }
        if let from = filter.closedFrom { sql += " AND m.closed_at >= \(from)" }
        if let before = filter.closedBefore { sql += " AND m.closed_at < \(before)" }
        if let spot = filter.spot { sql += " AND m.spot = \(spot)" }
        if let confirmed = filter.confirmed { sql += " AND m.confirmed = \(confirmed)" }
        if let channel = filter.channel { sql += " AND m.channel = \(channel)" }
        sql += try " AND " + sight(of: actor, at: now, in: tx)
        guard !filter.search.isEmpty else {
            guard filter.tab == .all, let few = try few.query(posts.scope(of: actor, .see, at: now, book: book), for: filter, in: tx)
            else {
                return FoundRows(from: "matter m", holds: sql)
            }
            return FoundRows(from: "(\(sql: few)) few CROSS JOIN matter m", holds: "m.id = few.id AND \(sql: sql)")
        }
        let marks = try searchMarks(of: actor, at: now, book: book, in: tx)
        guard let hits = tx.search(filter.search, marked: marks) else { return nil }
        guard filter.tab == .all else { return FoundRows(from: "matter m", holds: sql + " AND m.id IN (" + hits.subjects + ")") }
        return FoundRows(
            from: "\(sql: hits.from) CROSS JOIN matter m", holds: "\(sql: hits.holds) AND m.id = d.subject_id AND \(sql: sql)",
            newestFirst: hits.newestFirst)
    }

    /// Where a search may find something for this actor; nil: anywhere.
    private func searchMarks(of actor: Actor, at now: Instant, book: PostBook, in tx: Transaction) throws -> SearchMarks? {
        guard let marks = posts.scope(of: actor, .see, at: now, book: book).whereabouts(book), marks.count <= 120,
            try tx.areSearchMarksCurrent()
        else { return nil }
        let land = try grids.land(in: tx).on()
        let grids = marks.reduce(0) { sum, mark in if case .land(let path) = mark { sum + land.subtree(path).count } else { sum } }
        return SearchMarks(with: marks, areRare: grids * 20 < land.refs.count)
    }

    /// An answer given before then is rated no more, whatever its kind.
    private func ratable(at now: Instant) throws -> Instant {
        let spans = try kinds().byID.values.flatMap { $0.actions(.rateAnswer) }.map { $0.within?.longest ?? .days(36_500) }
        return now - (spans.max() ?? .days(0))
    }

    /// Actions that send a part back, of all kinds.
    private func returning() throws -> [String] {
        Set(try kinds().byID.values.flatMap { $0.actions(.returnPart).map(\.id) }).sorted()
    }
}
