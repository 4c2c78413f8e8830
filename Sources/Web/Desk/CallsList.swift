import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// The calls that are being taken: one's own that are not registered yet, and those that wait at one's desk.
enum CallsList {
    /// How many wait to be taken up, for the head of every page of the desk.
    static func waiting(_ call: Call) async throws -> Response {
        let now = call.now
        let view: View = try await call.house.database.read { tx in try CallerPage.room(call, now, tx).callsWaiting() }
        return try call.piece("desk/calls-count", view)
    }

    /// What stands around a call: the others, where it may go, who looks.
    static func around(_ room: DeskRoom, but own: ReportID? = nil) throws -> View {
        let intakes = try room.matters.intakes(for: room.actor, at: room.now, in: room.tx).filter { $0.id != own }
        let persons = try room.house.posts.persons(Array(Set(intakes.flatMap { [$0.person, $0.movedBy].compactMap(\.self) })), in: room.tx)
        let lines = intakes.map { line($0, room, persons) }
        let desks = room.matters.desks(for: room.actor, at: room.now, book: room.book)
        var view: View = [
            "calls": lines, "anyCall": !lines.isEmpty, "backToList": Paths.desk, "newHref": Paths.deskNew, "atNew": true,
            "who": room.actor.heldPosts.first.map { room.postName($0.post) } ?? "",
            "desks": desks.prefix(300).map { ["label": $0.name] as View }, "anyDesk": !desks.isEmpty,
        ]
        let wait = intakes.filter { $0.person == nil }.count
        if wait > 0 { view["callsWaiting"] = String(wait) }
        if let moved = PostID(room.call.query("moved")), let post = room.book.posts[moved] {
            view["moved"] = room.say("desk.call.moved", ["post": post.name])
        }
        return view
    }

    /// The desk that is meant: by its name, a part of it or its first letters, where no other fits as well; or by its id.
    static func desk(_ typed: String, among desks: [Post]) -> Post? {
        let words = typed.lowercased()
        guard !words.isEmpty else { return nil }
        if let named = desks.first(where: { $0.id.description == words || $0.name.lowercased() == words }) { return named }
        let fitting = desks.filter { $0.name.lowercased().contains(words) || Pinyin.initials($0.name).contains(words) }
        return fitting.count == 1 ? fitting[0] : nil
    }

    private static func line(_ intake: Intake, _ room: DeskRoom, _ persons: [PersonID: Person]) -> View {
        let form = CallerForm(intake)
        var line: View = [
            "call": intake.id.description, "started": room.times.moment(intake.startedAt),
            "said": form.words.isEmpty ? form.place : String(form.words.prefix(60)),
        ]
        if let caller = form.caller { line["masked"] = caller.masked }
        if let person = room.actor.person, intake.person == person {
            line["mine"] = Paths.deskCall(intake.id)
        } else if let person = intake.person {
            line["hand"] = room.say("desk.call.in_hand", ["name": persons[person]?.name ?? ""])
        } else {
            line["hand"] = room.say("desk.call.from", ["name": intake.movedBy.flatMap { persons[$0]?.name } ?? ""])
        }
        return line
    }

    /// In place of a call that is in other hands.
    /// - Parameter kept: what was typed here meanwhile, so that nothing is lost.
    static func page(_ call: Call, about intake: Intake?, kept: CallerForm? = nil, refused: (any Refusal)? = nil) async throws -> Response {
        let now = call.now
        var view: View = try await call.house.database.read { tx in
            let room = try CallerPage.room(call, now, tx)
            var view = try around(room)
            if let intake {
                let persons = try room.house.posts.persons([intake.person, intake.movedBy].compactMap(\.self), in: tx)
                view["this"] = line(intake, room, persons)
            }
            return view
        }
        if let kept, !kept.words.isEmpty { view["kept"] = kept.words }
        if let refused { view["refused"] = call.say(refused) }
        return try call.page("desk/call-elsewhere", title: call.say("desk.new.title"), view, status: refused?.sort.status ?? .ok)
    }
}

extension DeskRoom {
    func callsWaiting() throws -> View {
        let count = try matters.intakes(for: actor, at: now, in: tx).filter { $0.person == nil }.count
        return count > 0 ? ["callsWaiting": String(count)] : [:]
    }
}
