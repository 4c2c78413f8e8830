import Basics
import Matters
import Posts

extension DeskRoom {
    /// Tabs, rows and filters: the left side.
    /// - Parameter current: the row that is open; the first when none is named.
    func queue(current: MatterID?) throws -> (view: View, open: MatterID?) {
        let counts = try matters.counts(for: actor, at: now, in: tx)
        let size = DeskList.rowsOnPage
        var rows = try matters.list(list.filter, for: actor, at: now, limit: size + 1, offset: list.page * size, in: tx)
        let hasNext = rows.count > size
        if hasNext { rows.removeLast() }
        let whistled = try whistles(in: rows)
        // Whistles have the shortest limits: they come first on their page.
        rows = rows.enumerated().sorted { a, b in
            let (x, y) = (whistled[a.element.matter.id]?.takeBy, whistled[b.element.matter.id]?.takeBy)
            return switch (x, y) {
            case (let x?, let y?): (x, a.offset) < (y, b.offset)
            case (_?, nil): true
            case (nil, _?): false
            case (nil, nil): a.offset < b.offset
            }
        }.map(\.element)
        let isAny = !rows.isEmpty
        let current = current ?? rows.first?.matter.id
        var view: View = [
            "tabs": MatterFilter.Tab.allCases.map { tab -> View in
                var view: View = [
                    "href": "\(Paths.desk)?\(list.query(tab: tab))", "name": say("desk.tab.\(tab.rawValue)"),
                ]
                view["count"] = counts[tab].map { String($0) }
                if tab == list.tab { view["current"] = true }
                return view
            },
            "rows": rows.map { row($0, whistle: whistled[$0.matter.id], isCurrent: $0.matter.id == current) },
            "tab": list.tab.rawValue, "q": list.filter.search, "anyRow": isAny,
            "filters": list.extra.map { ["name": filterName($0), "href": "\(Paths.desk)?\(list.query(without: $0))"] as View },
            "searched": !list.filter.search.isEmpty, "filtered": !list.extra.isEmpty || !list.filter.search.isEmpty,
        ]
        if list.page > 0 { view["before"] = ["href": "\(Paths.desk)?\(list.query(page: list.page - 1))"] as View }
        if hasNext { view["after"] = ["href": "\(Paths.desk)?\(list.query(page: list.page + 1))"] as View }
        if !isAny {
            if let left = counts[.doing], left > 0, list.tab != .doing {
                view["elsewhere"] =
                    ["href": "\(Paths.desk)?\(list.query(tab: .doing))", "words": say("desk.empty.left", ["count": String(left)])] as View
            }
            view["empty"] = say(list.extra.isEmpty && list.filter.search.isEmpty ? "desk.empty.\(list.tab.rawValue)" : "desk.empty.filter")
        }
        return (view, current)
    }

    /// Asked parts of the reader's that wait to be taken, by matter.
    private func whistles(in rows: [MatterRow]) throws -> [MatterID: Part] {
        let waiting = try matters.offeredAsks(in: rows.map(\.matter.id), to: mine.sorted(), in: tx)
        return Dictionary(waiting.map { ($0.matter, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func row(_ row: MatterRow, whistle: Part?, isCurrent: Bool) -> View {
        let matter = row.matter
        var view: View = [
            "href": list.beside(Paths.deskMatter(matter.id)), "title": call.title(of: matter), "place": place(matter),
        ]
        view["id"] = matter.id.description
        if isCurrent { view["current"] = true }
        if let photo = row.photo { view["photo"] = Paths.photo(photo) } else { view["noPhoto"] = true }
        call.mark(matter, &view)
        if matter.reporters > 1 { view["people"] = say("desk.people", ["count": String(matter.reporters)]) }
        if matter.supervised { view["supervised"] = say("desk.supervised") }
        limit(matter, whistle, &view)
        if let whistle, let action = signIn(matter) {
            view["signIn"] =
                [
                    "href": Paths.deskAct(matter.id, action.id), "name": say(action.nameKey), "act": UUIDv7(at: now).description,
                    "part": whistle.id.description, "list": list.query,
                ] as View
        }
        return view
    }

    private func limit(_ matter: Matter, _ whistle: Part?, _ view: inout View) {
        if matter.state != .open {
            view["when"] = ending(matter)
        } else if matter.asked {
            view["when"] = say("desk.row.asked")
        } else if let due = whistle?.takeBy ?? matter.dueAt {
            let words = limit(due)
            view["when"] = words.words
            if words.isLate { view["late"] = true } else if words.isNear { view["near"] = true }
        } else {
            view["when"] = say("desk.row.no_limit")
        }
    }

    private func signIn(_ matter: Matter) -> Action? {
        guard let kind = try? matters.kinds()[matter.kind] else { return nil }
        return kind.actions(.take).first { $0.by.contains(.asked) }
    }

    private func filterName(_ filter: (name: String, value: String)) -> String {
        switch filter.name {
        case "grid": return list.grid.flatMap(land.grid)?.name ?? say("desk.filter.unknown")
        case "path": return list.filter.path.flatMap(land.at)?.name ?? say("desk.filter.land")
        case "category": return say("category.\(filter.value)")
        case "state": return say("state.\(filter.value)")
        case "channel": return channel(filter.value)
        case "spot": return say(list.filter.spot == false ? "desk.filter.not_spot" : "mark.yellow")
        case "confirmed": return say("confirmed.\(filter.value)")
        case "then": return say("desk.filter.then")
        default:
            let day = Day(filter.value).map { times.date($0) } ?? filter.value
            return say("desk.filter.\(filter.name)", ["day": day])
        }
    }
}
