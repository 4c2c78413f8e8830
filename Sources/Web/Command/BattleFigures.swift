import Basics
import Grids
import Insight

extension CommandRoom {
    private var marks: [Measure] { measures.shown(on: Screen.map.rawValue).filter { !$0.share } }

    /// The three marks, the share done on the day with its sentence, and the grids inside.
    func battleFigures() -> View {
        let shares = measures.shown(on: Screen.map.rawValue).filter(\.share)
        var table = CommandTable(self, screen: .map)
        table.putSharesLast()
        return [
            "trends": shares.compactMap(trend), "marks": marks.map(bigFigure), "shares": shares.map(bigFigure),
            "columns": table.columns.map { column -> View in
                let title = title(column.measure)
                var view: View = ["name": column.measure.mark == nil ? title : "", "title": title, "plain": column.measure.mark != nil]
                if let mark = column.measure.mark { view["mark"] = mark }
                return view
            },
            "lines": table.lines.map { battleLine(table, $0) }, "inside": land.inside.isEmpty ? "" : say("battle.inside"),
            "piece": inside(Paths.commandPiece("battle-figures")),
        ]
    }

    private func bigFigure(_ measure: Measure) -> View {
        let figure = figure(measure)
        var view: View = [
            "measure": measure.id, "name": say(measure.nameKey), "means": say(measure.meansKey),
            "value": measure.share ? percent(figure) : String(figure.count),
        ]
        if let mark = measure.mark { view["mark"] = mark }
        if measure.share {
            if figure.of > 0 { view["unit"] = "%" }
            let yesterday = ask.today - 1
            var before = question(measure, paths(measure, on: nil))
            before.days = yesterday..<ask.today
            let then = board.ask(measure, before, at: now).total
            view["line"] =
                figure.of > 0
                ? say("battle.share", ["of": String(figure.of), "count": String(figure.count), "day": desk.times.day(ask.today)])
                : say("battle.share.none", ["day": desk.times.day(ask.today)])
            if then.of > 0 { view["before"] = say("battle.before", ["day": desk.times.day(yesterday), "share": percent(then) + "%"]) }
        }
        if figure.count > 0, wall == nil {
            view["href"] = address(measure)
            view["count"] = String(figure.count)
        }
        return view
    }

    private static let trendDays: Int32 = 14

    /// The share of each of the last days as a line with its last value in words; days with nothing to count against are left out.
    private func trend(_ measure: Measure) -> View? {
        guard measure.period != .now else { return nil }
        var asked = question(measure, paths(measure, on: nil))
        asked.days = ask.today - (Int(Self.trendDays) - 1)..<ask.today + 1
        asked.byDay = true
        let answer = board.ask(measure, asked, at: now)
        let points = answer.days.indices.compactMap { day -> (x: Double, y: Double, words: String)? in
            let figure = (0..<answer.groups).reduce(Figure.none) { $0 + answer.figure(group: $1, day: day) }
            guard let share = figure.share else { return nil }
            let words = desk.times.date(answer.days[day]) + " " + percent(figure) + "%"
            return (6 + 288 * Double(day) / Double(Self.trendDays - 1), 58 - 50 * share, words)
        }
        guard points.count > 1, let last = points.last else { return nil }
        func short(_ value: Double) -> String { String((value * 10).rounded() / 10) }
        return [
            "name": say("battle.trend.of", ["name": say(measure.nameKey), "days": String(Self.trendDays)]),
            "line": points.map { short($0.x) + "," + short($0.y) }.joined(separator: " "), "x": short(last.x), "y": short(last.y),
            "last": last.words, "all": points.map(\.words).joined(separator: say("desk.and")),
        ]
    }

    private func battleLine(_ table: CommandTable, _ line: CommandTable.Line) -> View {
        var view: View = [
            "cells": zip(table.columns, line.figures).map { column, figure -> View in
                var cell: View = ["value": column.measure.share ? percent(figure) + (figure.of > 0 ? "%" : "") : String(figure.count)]
                if figure.count > 0, wall == nil {
                    cell["href"] = address(column.measure, grid: line.grid?.id, own: line.grid == nil)
                    cell["count"] = String(figure.count)
                }
                cell["measure"] = column.measure.id
                return cell
            }
        ]
        guard let grid = line.grid else {
            view["name"] = say(land.inside.isEmpty ? "command.table.itself" : "command.table.own")
            return view
        }
        view["name"] = name(grid)
        if wall == nil { view["href"] = battleAddress(grid: grid.id) }
        if let tint = tint(grid.id) { view["tint"] = String(tint + 1) }
        if let nature = grid.nature { view["nature"] = say("nature.\(nature)") }
        return view
    }
}

extension Measure {
    /// The mark it counts: what a list of one colour shows.
    var mark: String? {
        guard let colour = of.first(where: { $0.key == .colour })?.values.first else { return nil }
        return colour == "red_outline" ? "outline" : colour
    }
}
