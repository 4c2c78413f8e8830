import Basics
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Insight
import Matters
import Posts
import Store

/// The list behind a figure: as many rows as the figure says.
enum CommandListPage {
    static let rowsOnPage = 30

    static func show(_ call: Call) async throws -> Response {
        let past = try await call.past()
        let view: View = try await call.house.database.read { tx in
            let room = try CommandRoom(call, past: past, in: tx)
            guard let measure = room.measures[call.query("measure")] ?? (call.query("measure").isEmpty ? room.lists.first : nil) else {
                throw Call.missing
            }
            var view = room.head()
            guard room.board.isReady else {
                view["counting"] = true
                return view
            }
            let side = Board.Side(rawValue: call.query("side")) ?? .counted
            let on = measure.isStanding ? Day(call.query("on")) : nil
            let page = min(max((Int(call.query("page")) ?? 1) - 1, 0), 10_000)
            try room.fill(&view, measure, side, on: on, own: call.query("own") == "1", page: page)
            if let toast = try Did(call.query("did"))?.view(room.desk) { view["toast"] = toast }
            return view
        }
        return try call.page("command/list", title: call.say("command.list"), view)
    }
}

extension CommandRoom {
    /// The lists that are worked off, with their counts.
    func tabs(current: Measure?, _ href: (Measure) -> String) -> [View] {
        lists.map { measure in
            var view: View = [
                "name": say(measure.nameKey), "count": String(figure(measure).count), "href": href(measure), "measure": measure.id,
            ]
            if measure.id == current?.id { view["current"] = true }
            return view
        }
    }

    /// Beside the table: the first of what is late, or of another list.
    func late(_ wanted: String) throws -> View {
        let lists = lists
        let chosen = lists.first { $0.id == wanted } ?? lists.first { $0.better == .down && figure($0).count > 0 } ?? lists.first
        var view: View = ["piece": ask.address(Paths.commandPiece("late"), grid: land.chosen.id, wanted.isEmpty ? [] : [("tab", wanted)])]
        view["tabs"] = tabs(current: chosen) { measure in ask.address(grid: land.chosen.id, [("tab", measure.id)]) }
        guard let chosen else { return view }
        let found = list(chosen, .counted, on: nil, own: false, limit: 12)
        let rows = try rows(found)
        view["rows"] = try rows.map { try row($0, back: nil) }
        view["all"] = ["href": address(chosen), "words": say("command.all", ["count": String(found.total)])] as View
        view["anyRow"] = !rows.isEmpty
        return view
    }

    func fill(_ view: inout View, _ measure: Measure, _ side: Board.Side, on: Day?, own: Bool, page: Int) throws {
        let size = CommandListPage.rowsOnPage
        let found = list(measure, side, on: on, own: own, offset: page * size, limit: size)
        let rows = try rows(found)
        var query = [("measure", measure.id)]
        if side == .rest { query.append(("side", side.rawValue)) }
        if let on { query.append(("on", on.description)) }
        if own { query.append(("own", "1")) }
        func address(page: Int) -> String {
            ask.address(Paths.commandList, grid: land.chosen.id, query + (page > 0 ? [("page", String(page + 1))] : []))
        }
        view["rows"] = try rows.map { try row($0, back: address(page: page)) }
        view["anyRow"] = !rows.isEmpty
        view["total"] = say(measure.rows == .parts ? "command.total.parts" : "command.total", ["count": String(found.total)])
        view["number"] = String(found.total)
        let hidden = found.total - found.listed
        if past != nil { view["then"] = say("command.list.then", ["moment": desk.times.moment(now)]) }
        if hidden > 0 {
            view["note"] = say(measure.rows == .parts ? "command.list.once" : "command.list.hidden", ["count": String(hidden)])
        }
        let name = title(measure, on: on)
        view["name"] = side == .rest ? say("command.list.rest", ["name": name]) : name
        view["means"] = say(measure.meansKey)
        let moment = past == nil ? say("command.now") : desk.times.moment(now)
        view["when"] = measure.period == .now ? on.map { desk.times.date($0) } ?? moment : dayWords
        view["tabs"] = tabs(current: side == .counted && !own ? measure : nil) { self.address($0) }
        if own { view["ownWords"] = say("command.table.own") }
        if measure.share {
            view["sides"] = Board.Side.allCases.map { each -> View in
                var view: View = ["name": say("command.side.\(each.rawValue)"), "href": self.address(measure, each, on: on, own: own)]
                if each == side { view["current"] = true }
                return view
            }
        }
        view["backHref"] = past == nil ? ask.address(grid: land.chosen.id) : battleAddress()
        if page > 0 { view["before"] = ["href": address(page: page - 1)] as View }
        if (page + 1) * size < found.listed { view["after"] = ["href": address(page: page + 1)] as View }
        view["back"] = address(page: page)
    }

    private func rows(_ page: Board.Listing) throws -> [MatterRow] {
        try desk.matters.rows(
            page.matters.map { MatterID($0) }, lateFirst: false, for: desk.actor, at: desk.now, limit: page.matters.count, in: desk.tx)
    }

    /// - Parameter back: where an act from the row leads back to; nil shows no acts.
    private func row(_ row: MatterRow, back: String?) throws -> View {
        let matter = row.matter
        var view: View = [
            "id": matter.id.description, "title": call.title(of: matter), "place": desk.place(matter), "number": matter.number,
            "opened": desk.times.moment(matter.openedAt),
        ]
        if !matter.place.isEmpty, matter.place != desk.gridName(matter) { view["gridOf"] = desk.gridName(matter) }
        if desk.opens(.desk) { view["href"] = Paths.deskMatter(matter.id) }
        if let photo = row.photo { view["photo"] = Paths.photo(photo) } else { view["noPhoto"] = true }
        mark(matter, &view)
        if matter.state == .open, let holder = row.holder { view["holder"] = desk.postName(holder) }
        if matter.reporters > 1 { view["people"] = say("desk.people", ["count": String(matter.reporters)]) }
        if matter.supervised { view["supervised"] = say("desk.supervised") }
        if matter.state != .open {
            view["when"] = ending(matter)
        } else if let due = matter.dueAt {
            let words = desk.limit(due)
            view["when"] = words.words
            if words.isLate { view["late"] = true } else if words.isNear { view["near"] = true }
        } else {
            view["when"] = say("desk.row.no_limit")
        }
        if let back, let press = try press(matter) {
            view["press"] =
                [
                    "href": Paths.deskAct(matter.id, press.id), "name": say(press.nameKey), "act": UUIDv7(at: desk.now).description,
                    "back": back,
                ] as View
        }
        return view
    }

    /// Solved is what the reporter confirmed; what nobody confirmed is done or closed.
    private func ending(_ matter: Matter) -> String {
        if let answer = matter.confirmed { return say("confirmed.\(answer.rawValue)") }
        guard let outcome = matter.outcome, outcome != .solved else { return say("state.\(matter.state.rawValue)") }
        return say("outcome.\(outcome.rawValue)")
    }

    /// To follow it by name, where the reader's post may and one press does it.
    private func press(_ matter: Matter) throws -> Action? {
        guard matter.state == .open, !matter.supervised, let action = try desk.matters.kinds()[matter.kind].actions(.supervise).first else {
            return nil
        }
        let scope = call.house.posts.scope(of: desk.actor, .supervise, at: desk.now, book: desk.book)
        let row = ScopeRow(id: matter.id.uuid, path: matter.path, privacy: matter.privacy, category: matter.category)
        return action.isOneClick && scope.admits(row) ? action : nil
    }
}
