import Basics
import Grids
import Insight
import Posts
import Store

/// The table by grid: a line for each grid inside the chosen one, what is in none of them, and the sum.
struct CommandTable {
    struct Line {
        /// Nil: what lies in the chosen grid itself.
        let grid: Grid?
        let figures: [Figure]
    }

    private(set) var columns: [(measure: Measure, on: Day?)]
    private(set) var lines: [Line]
    private(set) var sums: [Figure]

    init(_ room: CommandRoom, screen: CommandRoom.Screen = .table) {
        // What only *now* can say has no place beside the figures of days that are over.
        let columns = room.measures.shown(on: screen.rawValue).map { (measure: $0, on: room.moment($0)) }
            .filter { !room.ask.isPast || $0.measure.period != .now || $0.on != nil }
        self.columns = columns
        var figures = Array(repeating: [Figure](), count: room.land.inside.count + 1)
        for (measure, on) in columns {
            let groups = room.groups(measure, on: on)
            let answer = room.board.ask(measure, room.question(measure, groups, on: on), at: room.now)
            var group = 0
            for (index, line) in room.land.inside.enumerated() {
                figures[index].append(line.paths.indices.reduce(.none) { sum, place in sum + answer.total(group: group + place) })
                group += line.paths.count
            }
            figures[figures.count - 1].append((group..<groups.count).reduce(.none) { $0 + answer.total(group: $1) })
        }
        sums = columns.indices.map { column in figures.reduce(.none) { $0 + $1[column] } }
        var lines = zip(room.land.inside, figures).map { Line(grid: $0.grid, figures: $1) }
        if let own = figures.last, own.contains(where: { $0.of > 0 }) || lines.isEmpty { lines.append(Line(grid: nil, figures: own)) }
        self.lines = lines
    }

    /// Counts first, then what they come to.
    mutating func putSharesLast() {
        let order = columns.indices.filter { !columns[$0].measure.share } + columns.indices.filter { columns[$0].measure.share }
        lines = lines.map { line in Line(grid: line.grid, figures: order.map { line.figures[$0] }) }
        sums = order.map { sums[$0] }
        columns = order.map { columns[$0] }
    }
}

extension CommandRoom {
    func table() -> View {
        let table = CommandTable(self)
        var view: View = [
            "columns": table.columns.map { ["name": title($0.measure, on: $0.on), "means": say($0.measure.meansKey)] as View },
            "lines": table.lines.map { line(table, $0) }, "anyInside": !land.inside.isEmpty,
            "sums": zip(table.columns, table.sums).map { cell($0.measure, $1, href: address($0.measure, on: $0.on)) },
            "piece": ask.address(Paths.commandPiece("table"), grid: land.chosen.id), "days": dayWords,
            "nets": BoardQuestion.Net.allCases.map { net -> View in
                var view: View = ["name": say("command.net.\(net.rawValue)"), "href": ask.address(grid: land.chosen.id, net: net)]
                if net == ask.net { view["current"] = true }
                return view
            },
        ]
        if mayExport {
            view["csv"] = ask.address(Paths.commandCSV, grid: land.chosen.id)
            view["xlsx"] = ask.address(Paths.commandXLSX, grid: land.chosen.id)
        }
        return view
    }

    var mayExport: Bool { desk.session?.groups.contains(.export) ?? false }

    private func line(_ table: CommandTable, _ line: CommandTable.Line) -> View {
        var view: View = [
            "cells": zip(table.columns, line.figures).map { column, figure in
                cell(column.measure, figure, href: address(column.measure, grid: line.grid?.id, on: column.on, own: line.grid == nil))
            }
        ]
        if let grid = line.grid {
            view["name"] = name(grid)
            view["href"] = ask.address(grid: grid.id)
            if let nature = grid.nature { view["nature"] = say("nature.\(nature)") }
        } else {
            view["name"] = say(land.inside.isEmpty ? "command.table.itself" : "command.table.own")
            if !land.inside.isEmpty { view["own"] = true }
        }
        return view
    }

    private func cell(_ measure: Measure, _ figure: Figure, href: String) -> View {
        var view: View = [
            "value": measure.share ? percent(figure) + (figure.of > 0 ? "%" : "") : String(figure.count), "measure": measure.id,
        ]
        if figure.count > 0 {
            view["href"] = href
            view["count"] = String(figure.count)
            if measure.share { view["why"] = say("command.share", ["count": String(figure.count), "of": String(figure.of)]) }
            if measure.tellsLate { view["alarm"] = true }
        }
        return view
    }
}
