import Basics
import Grids
import Insight
import Posts
import Store

/// The land that is asked about: the chosen grid, what is above it and what is in it, by the net asked for and within the reader's reach.
struct CommandLand {
    /// A grid with the places it had in the nets asked for.
    struct Line {
        let grid: Grid
        var paths: [Path]
        var id: GridID { grid.id }
    }

    /// The deepest grid that holds all the reader may count.
    let home: Line
    let chosen: Line
    /// Where the chosen one stands today; nil when it is no more.
    let standing: Path?
    /// From the home down to the one above the chosen.
    let above: [Grid]
    /// What lies in it, in the net's order.
    let inside: [Line]
    /// Grids of each level, the chosen one among them, dedicated ones beside.
    let counts: [LevelCount]

    /// - Throws: *not found* for a grid outside the reader's reach.
    /// - Parameter through: where only one grid lies in the chosen one, those in it instead: on a wall a table of one line says nothing.
    init(_ land: Land, ask: CommandAsk, scope: Scope, through: Bool = false) throws {
        let reach = scope.prefixes + scope.remitted.map(\.path)
        guard var top = reach.first else { throw Permission.refusal }
        while !reach.allSatisfy({ top.covers($0) }), let up = top.parent { top = up }
        let today = land.on()
        let nets = Self.nets(land, ask)
        // A path of a post whose grid is no more leads to the nearest that is.
        while today[top] == nil, let up = top.parent { top = up }
        guard let homeRef = today[top], let last = nets.last else { throw Call.missing }
        func line(_ grid: Grid) -> Line {
            var paths: [Path] = []
            for path in nets.compactMap({ $0[grid.id]?.path }) where !paths.contains(path) { paths.append(path) }
            return Line(grid: grid, paths: paths)
        }
        func reaches(_ path: Path) -> Bool { reach.contains { $0.covers(path) } }
        home = line(homeRef.grid)
        let wanted = ask.grid ?? homeRef.id
        let refs = ([today] + nets.reversed()).compactMap { $0[wanted] }
        guard let ref = refs.first, wanted == homeRef.id || reaches(ref.path) else { throw Call.missing }
        chosen = line(ref.grid)
        standing = today[wanted]?.path
        above = wanted == homeRef.id ? [] : Self.above(ref, in: last[wanted] == nil ? today : last, from: homeRef)
        var lines: [GridID: Line] = [:]
        var order: [GridID] = []
        var parent = wanted
        while through, case let here = today.children(of: parent), here.count == 1, today.hasChildren(here[0].id) { parent = here[0].id }
        for child in nets.reversed().flatMap({ $0.children(of: parent) }) where lines[child.id] == nil {
            let now = today[child.id]?.path ?? child.path
            guard reaches(now) || reach.contains(where: { now.covers($0) }) else { continue }
            lines[child.id] = line(child.grid)
            order.append(child.id)
        }
        inside = order.compactMap { lines[$0] }
        let place = last[wanted]?.path ?? ref.path
        counts = last.counts(at: reaches(place) ? [place] : reach.filter { place.covers($0) })
    }

    /// The nets that held on the days asked for, oldest first: one unless the land changed meanwhile.
    private static func nets(_ land: Land, _ ask: CommandAsk) -> [LandDay] {
        guard ask.net == .thatDay else { return [land.on()] }
        var nets = [land.on(ask.from)]
        var day = ask.from
        while let next = land.nextTurn(after: day), next <= ask.to, nets.count < 24 {
            nets.append(land.on(next))
            day = next
        }
        return nets
    }

    private static func above(_ ref: GridRef, in day: LandDay, from home: GridRef) -> [Grid] {
        var chain: [Grid] = []
        var parent = (day[ref.id] ?? ref).parent
        while let id = parent, let up = day[id] {
            chain.append(up.grid)
            if id == home.id { break }
            parent = up.parent
        }
        return chain.contains { $0.id == home.id } ? chain.reversed() : [home.grid]
    }
}
