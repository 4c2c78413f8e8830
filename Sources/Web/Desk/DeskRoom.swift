import Basics
import Catalog
import Grids
import Matters
import Posts
import Store

/// One reading of the desk: who looks, at which list, on which land; pages are put together from it inside one transaction.
struct DeskRoom {
    let call: Call
    /// Who looks; a screen on a wall has nobody before it.
    let session: ReaderSession?
    let actor: Actor
    let list: DeskList
    let now: Instant
    let tx: Transaction
    let book: PostBook
    let land: LandView
    /// Posts whose parts are the reader's now.
    let mine: Set<PostID>

    /// - Parameter wall: looks in place of whoever is signed in.
    init(_ call: Call, list: DeskList, at now: Instant, wall: Actor? = nil, in tx: Transaction) throws {
        session = wall == nil ? call.session : nil
        guard let actor = wall ?? session?.actor else { throw Permission.refusal }
        self.call = call
        self.actor = actor
        self.now = now
        self.tx = tx
        book = try call.house.posts.book(in: tx)
        land = try LandView(call.house, in: tx)
        self.list = list.on(land)
        mine = Set(Matters.answered(by: actor, at: now, book: book))
    }

    var house: House { call.house }
    func opens(_ need: Need) -> Bool { session?.opens(need) ?? false }
    var matters: Matters { call.house.matters }
    var times: Times { call.times }

    func say(_ key: String, _ values: [String: String] = [:]) -> String { call.say(key, values) }
    func postName(_ id: PostID?) -> String { id.flatMap { book.posts[$0]?.name } ?? say("desk.post.gone") }

    /// A unit by its own name, a seat of the land by the post's.
    func worker(_ id: PostID) -> String {
        guard let post = book.posts[id] else { return say("desk.post.gone") }
        return post.unit.flatMap { book.units[$0]?.name } ?? post.name
    }

    /// The matter with everything on it, if it is the reader's to see as staff; nothing of it otherwise.
    func open(_ id: MatterID) throws -> MatterView {
        guard let view = try matters.view(id, for: actor, at: now, in: tx), !view.outside else { throw Call.missing }
        return view
    }

    func sees(_ matter: Matter) throws -> Bool { try matters.sees(actor, matter, at: now, in: tx) }

    /// Those of the twins that are the reader's to see.
    func seen(_ twins: [Twin]) throws -> [Twin] {
        let seen = try matters.seen(twins.map(\.matter.id), by: actor, at: now, in: tx)
        return twins.filter { seen.contains($0.matter.id) }
    }

    /// `槐荫路 88 号`, else the grid.
    func place(_ matter: Matter) -> String { matter.place.isEmpty ? gridName(matter) : matter.place }

    func gridName(_ matter: Matter) -> String { matter.grid.flatMap(land.grid)?.name ?? say("desk.outside") }

    /// A limit in words: late, left when near, else the moment.
    func limit(_ due: Instant) -> (words: String, isLate: Bool, isNear: Bool) {
        if due < now { return (times.left(due), true, false) }
        if due - now < .hours(24) { return (times.left(due), false, due - now < .hours(4)) }
        return (times.moment(due), false, false)
    }

    /// How it ended, in words. *Closed* is not *solved*: only a confirmed one is called solved.
    func ending(_ matter: Matter) -> String {
        if matter.state == .done || matter.state == .merged || matter.state == .void { return say("state.\(matter.state.rawValue)") }
        guard let outcome = matter.outcome, outcome != .solved else {
            return matter.confirmed == .yes ? say("confirmed.yes") : say("mark.green")
        }
        return say("outcome.\(outcome.rawValue)")
    }

    func channel(_ name: String) -> String {
        let plain = String(name.prefix { $0 != ":" })
        return house.wording.find("desk.channel.\(plain)", call.language, [:]) ?? plain
    }
}
