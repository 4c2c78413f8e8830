import Basics
import Catalog
import Grids
import Insight
import Posts

extension CommandRoom {
    /// What stands now, and what happened on the days asked for.
    func figures() -> View {
        let all = measures.shown(on: Screen.command.rawValue)
        let past = all.filter { $0.period != .now || moment($0) != nil }
        return [
            "now": all.filter { $0.period == .now }.map { figure($0, figure($0), on: nil) },
            "period": past.map { figure($0, figure($0, on: moment($0)), on: moment($0)) },
            "days": dayWords, "asOf": say("command.as_of", ["moment": desk.times.clock(desk.now)]),
            "piece": ask.address(Paths.commandPiece("figures"), grid: land.chosen.id),
        ]
    }

    private func figure(_ measure: Measure, _ figure: Figure, on: Day?) -> View {
        var view: View = [
            "measure": measure.id, "name": title(measure, on: on), "means": say(measure.meansKey),
            "value": measure.share ? percent(figure) : String(figure.count), "on": on?.description ?? "",
        ]
        if measure.share {
            if figure.of > 0 {
                view["unit"] = "%"
                view["line"] = say(
                    measure.rows == .parts ? "command.share.parts" : "command.share",
                    ["count": String(figure.count), "of": String(figure.of)])
            } else {
                view["line"] = say("command.share.none")
            }
            let rest = figure.of - figure.count
            if rest > 0 { view["rest"] = ["href": address(measure, .rest, on: on), "count": String(rest)] as View }
        }
        if figure.count > 0 {
            view["href"] = address(measure, on: on)
            view["count"] = String(figure.count)
            if measure.tellsLate { view["alarm"] = true }
        }
        return view
    }

    /// Where one is: the grid, those above it, how many of each level.
    func head() -> View {
        let levels = call.house.catalog.levels
        var counts: [View] = []
        for count in land.counts where levels.contains(where: { $0.id == count.level }) {
            if count.grids > 0 { counts.append(["name": say("level.\(count.level)"), "count": String(count.grids)]) }
            if count.dedicated > 0 {
                let kinds = levels.flatMap(\.natures).filter { count.natures[$0] != nil }.map {
                    "\(say("nature.\($0)")) \(count.natures[$0] ?? 0)"
                }
                counts.append([
                    "name": say("level.dedicated"), "count": String(count.dedicated), "kinds": kinds.joined(separator: say("desk.and")),
                ])
            }
        }
        var view: View = [
            "grid": name(land.chosen.grid), "level": say("level.\(land.chosen.grid.level)"), "counts": counts,
            "above": land.above.map { ["name": name($0), "href": ask.address(grid: $0.id)] as View },
            "gridID": land.chosen.id.description, "from": ask.from.description, "to": ask.to.description, "latest": ask.today.description,
            "days": dayWords, "thatDay": ask.net == .thatDay, "mapHref": battleAddress(),
            "spans": spans(), "who": desk.actor.heldPosts.first.map { desk.postName($0.post) } ?? "",
        ]
        if land.standing == nil { view["ended"] = true }
        return view
    }

    private func spans() -> [View] {
        let today = ask.today
        let choices = [
            ("today", today, today), ("yesterday", today - 1, today - 1), ("week", today - 6, today), ("month", today - 29, today),
        ]
        return choices.map { name, from, to in
            var view: View = ["name": say("command.span.\(name)"), "href": ask.address(days: (from, to))]
            if (from, to) == (ask.from, ask.to) { view["current"] = true }
            return view
        }
    }
}
