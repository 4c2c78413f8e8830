import Basics
import Geo
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// What the map of the net asks (rows A3, A7): the net of a day, what a draft makes of it, what that would move, and carrying it out.
///
/// The browser keeps the steps of a draft and nothing else; each time all of them are done anew on the land as it is.
enum NetDoor {
    /// The net of a day, to look at.
    static func net(_ call: Call) async throws -> Response {
        let (room, scope) = try await place(call, call.query("grid"))
        let day = try call.day("on") ?? room.today
        let (house, land) = (call.house, room.land)
        let draft = try await aside { try LandDraft(UUIDv7(at: .systemNow), of: scope, on: day, in: land, levels: house.grids.levels) }
        return answer(NetAnswer(call, draft, revision: land.revision).text)
    }

    /// What the steps make of the net, and whether it is sound.
    static func draft(_ call: Call) async throws -> Response {
        do {
            let work = try await work(call)
            return answer(NetAnswer(call, work.draft, plan: work.plan, revision: work.land.revision).text)
        } catch let stopped as Stopped {
            return stopped.answer(call)
        }
    }

    /// What would move, shown before it is done.
    static func rehearse(_ call: Call) async throws -> Response {
        do {
            let work = try await work(call)
            try await mayChange(call, work)
            guard !work.plan.isRefused else { throw LandRefusal.unsound(work.plan.findings.count(where: \.refuses)) }
            let tallied = work.draft.bottom(of: work.plan)
            let rehearsal = try await Rehearsal.of(
                work.plan, by: call.session?.actor.entryActor ?? .system("admin"), from: work.from, tally: tallied, at: call.now, call.house
            )
            return call.tree(NetRehearsal(call: call, work: work, rehearsal: rehearsal).tree)
        } catch let stopped as Stopped {
            return stopped.answer(call)
        }
    }

    static func apply(_ call: Call) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        do {
            let (house, now) = (call.house, call.now)
            let (id, scope) = (try draftID(call), try await place(call, call.form["grid"]).scope)
            let path = Paths.adminMap(scope)
            // Sent once more it is done already; its steps would not fit the new land.
            let (isDone, revision) = try await house.database.read { tx in (try tx.hasEntry(id), try house.grids.land(in: tx).revision) }
            if isDone, revision == call.form["revision"] { throw done }
            if !isDone {
                let work = try await work(call)
                try await mayChange(call, work)
                guard work.land.revision == call.form["revision"] else { throw LandRefusal.changedMeanwhile }
                let (plan, actor) = (work.plan, session.actor.entryActor)
                try await house.database.write { tx in try house.grids.apply(plan, by: actor, at: now, in: tx) }
                _ = try await house.database.read { tx in try house.grids.reload(in: tx) }
            }
            return call.json(["to": path + "&" + URLEncoded.encoded([("did", "divide")])])
        } catch let stopped as Stopped {
            return stopped.answer(call)
        }
    }

    // MARK: The draft

    struct Work: Sendable {
        let land: Land
        let draft: LandDraft
        let plan: LandPlan
        let from: Day
    }

    /// A step that cannot be: the ones before it stand.
    private struct Stopped: Error {
        let step: Int
        let refusal: any Refusal

        func answer(_ call: Call) -> Response {
            call.json(["error": refusal.key, "message": call.say(refusal), "step": step], status: refusal.sort.status)
        }
    }

    /// New steps under the name of a draft that is carried out already, as another window of the same browser may send them.
    private static let done = PlainRefusal("draft.done", sort: .conflict)

    private static func work(_ call: Call) async throws -> Work {
        let (room, scope) = try await place(call, call.form["grid"])
        let (id, steps) = (try draftID(call), try DraftStep.steps(call.form["steps"]))
        if try await call.house.database.read({ tx in try tx.hasEntry(id) }) { throw done }
        var from = room.today
        if !call.form["from"].isEmpty {
            guard let day = Day(call.form["from"]), day >= room.today, day < .end else { throw PlainRefusal("draft.past_day") }
            from = day
        }
        let (land, start, now, today, levels) = (room.land, from, call.now, room.today, call.house.grids.levels)
        let (draft, plan) = try await aside {
            var draft = try LandDraft(id, of: scope, on: start, in: land, levels: levels)
            let topology = try Topology()
            for (number, step) in steps.enumerated() {
                do { try draft.take(step, topology: topology) } catch let refusal as DraftRefusal {
                    throw Stopped(step: number, refusal: refusal)
                }
            }
            return (draft, try draft.plan(on: land, from: start, today: today, at: now))
        }
        return Work(land: land, draft: draft, plan: plan, from: from)
    }

    private static func draftID(_ call: Call) throws -> UUIDv7 {
        guard let id = UUIDv7(call.form["id"]) else { throw DraftRefusal.unreadable }
        return id
    }

    private struct Room: Sendable {
        let land: Land
        let today: Day
    }

    /// The land, and the grid that is asked for, if it is the reader's to look after; else the highest one that is.
    private static func place(_ call: Call, _ text: String) async throws -> (room: Room, scope: GridID) {
        try await call.house.database.read { tx in
            let room = try AdminRoom(call, in: tx)
            let today = call.now.day(in: call.house.zone)
            guard !text.isEmpty else { return (Room(land: room.land, today: today), try room.top().id) }
            guard let id = GridID(text), let path = room.today[id]?.path ?? GridHistory(id, room.land).spells.last?.path else {
                throw Call.missing
            }
            try room.require(path)
            return (Room(land: room.land, today: today), id)
        }
    }

    /// The engine of the land knows no persons: every grid that changes must be on land where the reader may bring boundaries in.
    private static func mayChange(_ call: Call, _ work: Work) async throws {
        let paths = work.plan.changes.map { work.draft[$0.id]?.before?.path ?? work.draft.scope.path }
        let allowed = try await call.house.database.read { tx in
            let scope = try call.house.posts.scope(of: call.session?.actor ?? .stranger, .import, at: call.now, in: tx)
            return paths.allSatisfy { scope.admits(land: $0) }
        }
        guard allowed else { throw Permission.refusal }
    }

    private static func answer(_ json: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"], body: .init(byteBuffer: .init(string: json)))
    }
}
