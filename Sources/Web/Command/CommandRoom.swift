import Basics
import Catalog
import Grids
import HummingbirdCore
import Insight
import Matters
import Posts
import Store

/// One reading of the operations center: who looks, at which land and days; pages are put together from it inside one transaction.
struct CommandRoom {
    /// A screen's name as measures say where they are shown.
    enum Screen: String { case command, table, map }

    let desk: DeskRoom
    let ask: CommandAsk
    let land: CommandLand
    /// What the reader may count.
    let scope: Scope
    let measures: Measures
    /// The moment that is looked at, where it is not now.
    let past: Past?
    /// The screen that looks, where it is not a person.
    let wall: WallDoor?

    /// - Parameters:
    ///   - past: shown in place of now. Who may see and count what is asked of now all the same.
    ///   - wall: looks in place of whoever is signed in, at its own land and nothing else.
    ///   - through: see `CommandLand`.
    init(_ call: Call, past: Past? = nil, wall: WallDoor? = nil, through: Bool = false, in tx: Transaction) throws {
        desk = try DeskRoom(call, list: DeskList("", zone: call.house.zone), at: call.now, wall: wall?.actor, in: tx)
        self.past = past
        self.wall = wall
        let moment = past?.at ?? call.now
        let form = wall.map { Form([("grid", $0.wall.grid.description)]) } ?? call.query
        ask = CommandAsk(form, today: moment.day(in: call.house.zone), at: past?.text)
        scope = call.house.posts.scope(of: desk.actor, .figures, at: desk.now, book: desk.book)
        land = try CommandLand(call.house.grids.land(in: tx), ask: ask, scope: scope, through: through)
        measures = try Measures.of(call.house.catalog)
    }

    var call: Call { desk.call }
    /// Of the moment that is looked at; every figure and list of the page asks it.
    var board: Board { past?.board ?? call.house.board }
    /// The moment that is looked at.
    var now: Instant { past?.at ?? desk.now }
    var times: Times { Times(now: now, zone: call.house.zone, language: call.language, wording: call.house.wording) }
    func say(_ key: String, _ values: [String: String] = [:]) -> String { call.say(key, values) }
    func name(_ grid: Grid) -> String { grid.isRoot && grid.name.isEmpty ? say("level.\(grid.level)") : grid.name }

    /// What stands, as it stands: the lists that are worked off, as due and overdue.
    var lists: [Measure] { measures.shown(on: Screen.command.rawValue).filter { $0.period == .now && !$0.counts.isEmpty } }

    /// The day at whose end the count of what stood is asked; nil for now, and for what only *now* can say.
    func moment(_ measure: Measure) -> Day? { ask.isPast && measure.isStanding ? ask.to : nil }

    // MARK: Figures

    /// What is asked of the board for a measure.
    /// - Parameter on: of what stands: at the end of that day, instead of now.
    func question(_ measure: Measure, _ paths: [Path], on: Day? = nil) -> BoardQuestion {
        var question = BoardQuestion(groups: .paths(paths), net: ask.net)
        if measure.period == .now {
            question.on = on
            // The net of now is today's.
            if on == nil { question.net = .today }
        } else {
            question.days = ask.days
        }
        question.cut(to: scope)
        return question
    }

    /// The places of the chosen grid for this question.
    func paths(_ measure: Measure, on: Day?) -> [Path] {
        measure.period == .now && on == nil ? land.standing.map { [$0] } ?? [] : land.chosen.paths
    }

    /// The groups of the table: each grid inside, place by place, last the chosen one with what is in none of them.
    func groups(_ measure: Measure, on: Day?) -> [Path] { land.inside.flatMap(\.paths) + paths(measure, on: on) }

    func figure(_ measure: Measure, on: Day? = nil) -> Figure {
        board.ask(measure, question(measure, paths(measure, on: on), on: on), at: now).total
    }

    /// A page of the list behind a figure: what is worked off comes by its limit, what happened by its day.
    /// - Parameter own: what lies in the chosen grid and in none of those inside it.
    func list(_ measure: Measure, _ side: Board.Side, on: Day?, own: Bool, offset: Int = 0, limit: Int) -> Board.Listing {
        let mine = paths(measure, on: on)
        let groups = own ? groups(measure, on: on) : mine
        let only = own ? Set(groups.count - mine.count..<groups.count) : nil
        return board.list(
            measure, question(measure, groups, on: on), side, groups: only, order: measure.period == .now && on == nil ? .due : .newest,
            offset: offset, limit: limit, at: now)
    }

    /// The address of the list behind a figure.
    func address(_ measure: Measure, _ side: Board.Side = .counted, grid: GridID? = nil, on: Day? = nil, own: Bool = false) -> String {
        var more = [("measure", measure.id)]
        if side == .rest { more.append(("side", side.rawValue)) }
        if let on { more.append(("on", on.description)) }
        if own { more.append(("own", "1")) }
        return ask.address(Paths.commandList, grid: grid ?? land.chosen.id, more)
    }

    // MARK: Words

    var dayWords: String {
        ask.from == ask.to
            ? desk.times.day(ask.to) : say("command.days", ["from": desk.times.date(ask.from), "to": desk.times.date(ask.to)])
    }

    func title(_ measure: Measure, on: Day? = nil) -> String {
        on.map { say("command.at_end", ["name": say(measure.nameKey), "day": desk.times.date($0)]) } ?? say(measure.nameKey)
    }

    /// Whole per cent; 0 and 100 only when it is exactly that. A dash where there is nothing to count against.
    func percent(_ figure: Figure) -> String {
        guard let share = figure.share else { return "–" }
        if figure.count == 0 || figure.count == figure.of { return figure.count == 0 ? "0" : "100" }
        return String(min(99, max(1, Int((share * 100).rounded()))))
    }
}

extension Measure {
    /// Counts all that stands, so that any past day can be told.
    var isStanding: Bool { period == .now && counts.isEmpty }
    /// Counts what is past its limit: the one thing that is red.
    var tellsLate: Bool { period == .now && counts.contains { $0.key == .overdue } }
}
