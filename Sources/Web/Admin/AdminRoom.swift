import Basics
import Catalog
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Ledger
import Posts
import Store

/// What was sent and refused, to be shown again in its form.
struct AdminTyped: Sendable {
    let verb: String
    let act: UUIDv7
    let form: Form
    let refusal: any Refusal
}

/// One reading of the administration: who looks, with which reach; pages are put together from it inside one transaction.
struct AdminRoom {
    let call: Call
    let session: ReaderSession
    let tx: Transaction
    let book: PostBook
    let land: Land
    let today: LandDay
    /// The land on which this reader may change units, posts and remits.
    let scope: Scope
    let typed: AdminTyped?

    init(_ call: Call, _ typed: AdminTyped? = nil, in tx: Transaction) throws {
        guard let session = call.session else { throw Permission.refusal }
        self.call = call
        self.session = session
        self.tx = tx
        self.typed = typed
        book = try call.house.posts.book(in: tx)
        land = try call.house.grids.land(in: tx)
        today = land.on(call.now.day(in: call.house.zone))
        scope = call.house.posts.scope(of: session.actor, .administer, at: call.now, book: book)
    }

    var house: House { call.house }
    var now: Instant { call.now }
    var catalog: Catalog { call.house.catalog }
    var times: Times { call.times }
    var administers: Bool { !scope.prefixes.isEmpty }
    var keepsAccounts: Bool { session.groups.contains(.security) }

    func say(_ key: String, _ values: [String: String] = [:]) -> String { call.say(key, values) }

    /// - Throws: *not for you* unless the land is the reader's to administer.
    func require(_ path: Path) throws { guard scope.admits(land: path) else { throw Permission.refusal } }

    /// The highest grid of the reader's land.
    func top() throws -> GridRef {
        guard let path = scope.prefixes.first, let grid = today[path] else { throw Permission.refusal }
        return grid
    }

    // MARK: Names

    func roleName(_ id: RoleID) -> String { book.roles[id].map { say($0.nameKey) } ?? id }
    func levelName(_ level: String) -> String { say("level.\(level)") }
    func gridName(_ path: Path) -> String { today[path]?.name ?? say("desk.outside") }
    func path(of unit: WorkUnit) -> Path { unit.grid.flatMap { today[$0]?.path } ?? .root }
    func postName(_ id: PostID) -> String { book.posts[id]?.name ?? say("desk.post.gone") }

    /// The first posts somebody holds now, and how many more.
    func heldWords(_ person: PersonID) -> String {
        let held = book.heldPosts(of: person, at: now)
        let words = held.prefix(3).map { postName($0.post) }.joined(separator: say("desk.and"))
        return held.count > 3 ? say("admin.person.posts_more", ["posts": words, "count": "\(held.count)"]) : words
    }

    func subjectName(_ subject: String) -> String {
        if subject == Remit.anySubject { return say("admin.subject.all") }
        if let category = catalog.category(subject) { return say(category.nameKey) }
        return catalog.departments.contains(subject) ? say("department.\(subject)") : subject
    }

    /// `春晖社区`, a unit's name, the name of a building.
    func seatName(_ post: Post) throws -> String {
        switch post.seat {
        case .grid(let id): today[id]?.name ?? land.grid(id)?.name ?? ""
        case .unit(let id): book.units[id]?.name ?? ""
        case .place(let id): try house.ledger.record(RecordID(id), in: tx)?.name ?? ""
        }
    }

    func seatPath(_ post: Post) -> String {
        switch post.seat {
        case .grid(let id): Paths.adminGrid(id)
        case .unit(let id): Paths.adminUnit(id)
        case .place(let id): Paths.adminPlace(id)
        }
    }

    // MARK: Days

    /// From the first to the last day, both included; open ends are said so.
    func period(_ from: Day, _ to: Day) -> String {
        let first = from == .beginning ? nil : times.date(from)
        let last = to == .end ? nil : times.date(to - 1)
        switch (first, last) {
        case (let first?, let last?): return say("admin.period", ["from": first, "to": last])
        case (let first?, nil): return say("admin.period.from", ["from": first])
        case (nil, let last?): return say("admin.period.to", ["to": last])
        case (nil, nil): return say("admin.period.always")
        }
    }

    func period(_ holding: Holding) -> String {
        let zone = house.zone
        // An end at midnight belongs to the day before.
        let to = holding.to.map { Instant(milliseconds: $0.milliseconds - 1).day(in: zone) + 1 } ?? .end
        return period(holding.from.day(in: zone), to)
    }

    // MARK: Forms

    /// What was typed in the refused form of this verb, else what stands there anyway.
    func value(_ verb: String, _ field: String, _ usual: String = "") -> String {
        guard let typed, typed.verb == verb, typed.form.has(field) else { return usual }
        return typed.form[field]
    }

    func options(_ all: [(value: String, label: String)], selected: String = "") -> [View] {
        all.map { option in
            var view: View = ["value": option.value, "label": option.label]
            if option.value == selected { view["selected"] = true }
            return view
        }
    }

    /// Grids of the upper levels within reach, indented by their level; the deepest two are left out, they are found by their pages.
    func upperLand() -> [GridRef] {
        let deepest = max(1, house.grids.levels.count - 2)
        return today.refs(downTo: deepest).filter { scope.admits(land: $0.path) }
    }

    func landOptions(selected: String, none: String? = nil) -> [View] {
        let first = none.map { [(value: "", label: $0)] } ?? []
        let rest = upperLand().map { (value: $0.id.description, label: String(repeating: "\u{3000}", count: $0.rank) + $0.name) }
        return options(first + rest, selected: selected)
    }

    func subjectGroups(selected: String) -> [View] {
        var groups: [View] = [
            ["group": say("admin.subject.whole"), "options": options([(Remit.anySubject, say("admin.subject.all"))], selected: selected)],
            [
                "group": say("admin.subject.departments"),
                "options": options(catalog.departments.map { ($0, say("department.\($0)")) }, selected: selected),
            ],
        ]
        for group in catalog.groups {
            let own = catalog.categories.filter { $0.group == group && !$0.retired }
            guard let name = own.first.map({ say($0.groupKey) }) else { continue }
            groups.append(["group": name, "options": options(own.map { ($0.id, say($0.nameKey)) }, selected: selected)])
        }
        return groups
    }

    /// What every page of the administration has.
    func frame() -> View {
        var view: View = [
            "who": session.actor.heldPosts.first.map { postName($0.post) } ?? "", "act": (typed?.act ?? UUIDv7(at: now)).description,
            "today": now.day(in: house.zone).description,
        ]
        if administers { view["administers"] = true }
        if administers || keepsAccounts { view["keepsPeople"] = true }
        if let typed { view["refused"] = call.say(typed.refusal) }
        let did = call.query("did")
        if typed == nil, !did.isEmpty, let words = house.wording.find("admin.did." + did.prefix(40), call.language, [:]) {
            view["did"] = words
        }
        return view
    }

    /// A page: the frame, and what `fill` adds; `fill` returns the title.
    static func page(
        _ call: Call, _ template: String, typed: AdminTyped? = nil, _ fill: @escaping @Sendable (AdminRoom, inout View) throws -> String
    ) async throws -> Response {
        let (view, title) = try await call.house.database.read { tx -> (View, String) in
            let room = try AdminRoom(call, typed, in: tx)
            var view = room.frame()
            let title = try fill(room, &view)
            return (view, title)
        }
        return try call.page("admin/" + template, title: title, view, status: typed?.refusal.sort.status ?? .ok)
    }

    /// Does what a form asks; a refusal shows the form again with what was typed.
    /// - Parameter body: returns where to go on.
    static func take(
        _ call: Call, verb: String, page: (AdminTyped) async throws -> Response, _ body: (Act) async throws -> String
    ) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let act = Act(id: UUIDv7(call.form["act"]) ?? UUIDv7(at: call.now), at: call.now, actor: session.actor)
        do {
            let path = try await body(act)
            return call.redirect(to: path + (path.contains("?") ? "&" : "?") + URLEncoded.encoded([("did", verb)]))
        } catch let refusal as any Refusal {
            return try await page(AdminTyped(verb: verb, act: act.id, form: call.form, refusal: refusal))
        }
    }
}

extension Call {
    /// A day of the form; nil when the field is empty.
    /// - Throws: `PostsRefusal.datesContradict` for what is no day.
    func formDay(_ field: String) throws -> Day? {
        if form[field].isEmpty { return nil }
        guard let day = Day(form[field]), day > .beginning, day < .end else { throw PostsRefusal.datesContradict }
        return day
    }

    /// A day from which something holds, as an instant: now when it is today or left empty.
    func formMoment(_ field: String) throws -> Instant {
        guard let day = try formDay(field), day != now.day(in: house.zone) else { return now }
        return Instant(day, in: house.zone)
    }
}
