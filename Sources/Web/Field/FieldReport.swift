import Basics
import Catalog
import Geo
import Grids
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// Photo → category proposed → *I fix it now*, *I take it* or *report up*.
enum FieldReport {
    static func show(_ call: Call) async throws -> Response {
        var spot = Spot(call.query)
        return try await page(call, id: ReportID(at: call.now), spot: &spot)
    }

    static func nearby(_ call: Call) async throws -> Response {
        var spot = Spot(call.query)
        return try call.piece("field/where", try await place(call, &spot, words: call.query("words"), chosen: "", changes: call.query))
    }

    static func send(_ call: Call) async throws -> Response {
        let form = call.form
        guard let id = ReportID(form["id"]), let session = call.session else { throw PlainRefusal("portal.bad_id") }
        var spot = Spot { form[$0] }
        let drafts = Drafts(call.house)
        if form.has("tap.x") || form.has("move") || form.has("pin") {
            drafts.keep(form.files("photo"), for: id)
            return try await page(call, id: id, spot: &spot, changes: { form[$0] })
        }
        do {
            guard spot.point != nil || spot.grid != nil else { throw PlainRefusal("portal.no_place") }
            let files = drafts.paths(id) + form.files("photo").map(\.path)
            guard !files.isEmpty || !form["words"].isEmpty || !form["category"].isEmpty || !form["join"].isEmpty else {
                throw PlainRefusal("portal.nothing")
            }
            let opened = try await open(call, session, id: id, spot: spot, files: files)
            return call.redirect(to: opened.next.map { Paths.fieldAct(opened.matter, $0) } ?? Paths.fieldMatter(opened.matter) + "?sent=1")
        } catch let refusal as any Refusal {
            drafts.keep(form.files("photo"), for: id)
            return try await page(call, id: id, spot: &spot, refused: refusal)
        }
    }

    /// One write: the report begins at the worker's own post, taken; *up* hands it on in the same breath.
    /// - Returns: also the action that comes next, where he fixes it now.
    private static func open(_ call: Call, _ session: ReaderSession, id: ReportID, spot: Spot, files: [String]) async throws -> (
        matter: MatterID, next: String?
    ) {
        let (house, now, form) = (call.house, call.now, call.form)
        var new = NewReport(
            id: id, number: try await house.matters.nextNumber(at: now, from: house.database), channel: "field", queryCode: Taking.code())
        new.category = [form["other_category"], form["category"]].first { !$0.isEmpty }
        new.words = form["words"]
        new.point = spot.point
        new.grid = spot.grid
        new.person = session.person.id
        new.language = call.language
        new.join = MatterID(form["join"])
        new.photos = (0..<min(6, files.count)).map { Taking.photo(id, $0) }
        let (then, filled) = (form["then"], try await house.matters.looked(at: new, on: now, from: house.database))
        let act = Act(id: id.uuid.derived("open"), at: now, actor: session.actor)
        let opened: (matter: MatterID, next: String?) = try await house.database.write { tx in
            var report = filled
            report.startsAt = try ownPost(call, session, spot, in: tx)
            let opened = try house.matters.open(report, act: act, in: tx)
            let kind = try house.matters.kind(of: opened.matter, in: tx)
            if then == "up", !opened.joined, let up = kind.actions(.handOn).first(where: { $0.to == .above }) {
                try house.matters.perform(
                    up.id, on: opened.matter.id, act: Act(id: id.uuid.derived("up"), at: now, actor: session.actor), in: tx)
            }
            let spot = then == "spot" ? kind.actions(.finish).first(where: \.spot)?.id : nil
            return (opened.matter.id, spot)
        }
        for (index, path) in files.prefix(6).enumerated() {
            try await PhotoDoor(call: call).take(path, as: Taking.photo(id, index), actor: session.actor)
        }
        return opened
    }

    /// The held post whose land has the place, the deepest; else the first held.
    private static func ownPost(_ call: Call, _ session: ReaderSession, _ spot: Spot, in tx: Transaction) throws -> PostID? {
        let land = try LandView(call.house, in: tx)
        let path = spot.point.flatMap { land.chain(at: $0).last?.path } ?? spot.grid.flatMap { land.grid($0)?.path } ?? .root
        let posts = session.actor.heldPosts
        return (posts.filter { $0.path.covers(path) }.max { $0.path < $1.path } ?? posts.first)?.post
    }

    // MARK: The page

    private static func page(
        _ call: Call, id: ReportID, spot: inout Spot, changes: ((String) -> String)? = nil, refused: (any Refusal)? = nil
    ) async throws -> Response {
        let chosen = [call.form["other_category"], call.form["category"]].first { !$0.isEmpty } ?? ""
        var view = try await place(call, &spot, words: call.form["words"], chosen: chosen, changes: changes)
        view["id"] = id.description
        view["words"] = call.form["words"]
        if let above = try await above(call) { view["above"] = above }
        let waiting = Drafts(call.house).paths(id).count
        if waiting > 0 { view["draftedSay"] = call.say("report.drafted", ["count": String(waiting)]) }
        if let refused { view["refused"] = call.say(refused) }
        return try call.page("field/report", title: call.say("field.report.title"), view, status: refused?.sort.status ?? .ok)
    }

    /// To whom *report up* goes: the land of the post above, by name.
    private static func above(_ call: Call) async throws -> String? {
        guard let own = call.session?.actor.heldPosts.first?.post else { return nil }
        let (house, now) = (call.house, call.now)
        return try await house.database.read { tx in
            let book = try house.posts.book(in: tx)
            guard let path = book.above(own, at: now).flatMap({ book.posts[$0]?.path }) else { return nil }
            return try LandView(house, in: tx).today[path]?.name
        }
    }

    /// The place, and what it probably is.
    private static func place(_ call: Call, _ spot: inout Spot, words: String, chosen: String, changes: ((String) -> String)?) async throws
        -> View
    {
        var view = try await WhereView(call: call).view(&spot, changes: changes)
        let (house, placed) = (call.house, spot)
        let guesses: [Suggestion] = try await house.database.read { tx in
            let land = try LandView(house, in: tx)
            guard let path = placed.point.map({ land.chain(at: $0).last?.path ?? .root }) ?? placed.grid.flatMap({ land.grid($0)?.path })
            else { return [] }
            return try house.matters.suggest(words: String(words.prefix(300)), at: path, limit: 3)
        }
        // Where the place is not known yet, or was just pointed at, the map is open.
        view["mapOpen"] = placed.placed == .nowhere || placed.placed == .tap
        view["guessed"] = call.say(guesses.isEmpty ? "field.report.place_first" : "field.report.guessed")
        view["cats"] = guesses.enumerated().map { index, guess -> View in
            var cat: View = ["id": guess.category, "name": call.say("category.\(guess.category)")]
            if let group = house.catalog.category(guess.category)?.group { cat["group"] = call.say("category_group.\(group)") }
            if guess.byWords, !words.isEmpty { cat["why"] = call.say("field.report.by_words") }
            if guess.frequentHere > 1 { cat["why"] = call.say("field.report.frequent", ["count": String(guess.frequentHere)]) }
            if chosen.isEmpty ? index == 0 : guess.category == chosen { cat["on"] = true }
            return cat
        }
        view["all"] = house.catalog.groups.map { group -> View in
            let items = house.catalog.categories.filter { $0.group == group && !$0.retired }.map {
                ["id": $0.id, "name": call.say("category.\($0.id)")] as View
            }
            return ["group": call.say("category_group.\(group)"), "items": items]
        }
        return view
    }
}
