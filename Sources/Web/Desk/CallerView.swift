import Basics
import Catalog
import Geo
import Ledger
import Matters
import Posts
import Store

/// The page of one call, part by part: what is typed, what this number reported before, the places that may be meant, what is open there.
struct CallerView {
    let room: DeskRoom
    let form: CallerForm

    func view() throws -> View {
        var view: View = [
            "id": form.id.description, "words": form.words, "phone": form.phone, "place": form.place, "named": form.isNamed ? "1" : "",
            "lon": form.point.map { MapFrame.short($0.lon) } ?? "", "lat": form.point.map { MapFrame.short($0.lat) } ?? "",
            "moves": MapFrame.Move.allCases.map { ["value": $0.rawValue, "label": room.say("report.move.\($0.rawValue)")] as View },
        ]
        var said: [String] = []
        try places(&view, &said)
        map(&view)
        let reports = try form.caller.map { try room.matters.history(of: $0, for: room.actor, at: room.now, in: room.tx) }
        let path = try near(&view, &said, known: Set((reports ?? []).map(\.matter.id)))
        try kinds(path, &view)
        if let reports { history(reports, &view, &said) }
        view["told"] = said.joined(separator: " ")
        return view
    }

    private func map(_ view: inout View) {
        let window = form.window ?? room.ownWindow
        var map = "\(Paths.mapPicture)?view=\(window.text)&marks=1"
        if form.point == nil, let own = room.ownGrid { map += "&grid=\(own)" }
        if let here = form.point { map += "&pin=\(MapFrame.short(here.lon)),\(MapFrame.short(here.lat))" }
        view["map"] = map
        view["view"] = window.text
    }

    private func places(_ view: inout View, _ said: inout [String]) throws {
        let found = try form.candidates(room)
        view["candidates"] = try found.map { record -> View in
            let (words, grid) = (try room.house.ledger.words(of: record), room.land.at(record.path)?.name ?? "")
            let notes = [words == record.name ? "" : record.name, grid].filter { !$0.isEmpty }
            return ["value": record.id.description, "label": words, "note": notes.joined(separator: " · ")]
        }
        view["anyCandidate"] = !found.isEmpty
        if !found.isEmpty { said.append(room.say("desk.new.told.places", ["count": String(found.count)])) }
        if !form.place.isEmpty, found.isEmpty, form.point == nil {
            view["notFound"] = room.say("desk.new.not_found")
            said.append(room.say("desk.new.told.no_place"))
        }
    }

    /// Where it is, who gets it, what is open there: what this number reported itself before the rest, then by distance.
    private func near(_ view: inout View, _ said: inout [String], known: Set<MatterID>) throws -> Path {
        guard let here = form.point else { return room.ownGrid.flatMap(room.land.grid)?.path ?? .root }
        let chain = room.land.chain(at: here)
        let path = chain.last?.path ?? .root
        let day = room.now.day(in: room.house.zone)
        view["where"] = form.isNamed ? form.place : try room.house.ledger.placeInWords(here, on: day, in: room.tx)?.text ?? ""
        view["grid"] = chain.isEmpty ? room.say("desk.outside") : chain.suffix(2).map(\.name).joined(separator: " · ")
        if let post = room.book.answering(at: path, on: room.now)?.post {
            view["goes"] = room.say("desk.new.goes", ["post": room.postName(post)])
        }
        let category = form.category.isEmpty ? nil : form.category
        // Also those of other land that everybody may know of: the caller would be offered them on his own phone.
        let all = try room.matters.twins(near: here, category: category, meters: 150, publicOnly: false, in: room.tx)
        let (seen, kinds) = (Set(try room.seen(all).map(\.matter.id)), try room.matters.kinds())
        let shown = all.filter { seen.contains($0.matter.id) || room.matters.isPublic($0.matter, kinds[$0.matter.kind]) }
        let twins = shown.filter { known.contains($0.matter.id) } + shown.filter { !known.contains($0.matter.id) }
        view["twins"] = twins.prefix(5).enumerated().map { index, twin -> View in
            var line = room.choice(twin)
            line["key"] = String(index + 1)
            if let photo = twin.photo, seen.contains(twin.matter.id) { line["photo"] = Paths.photo(photo) }
            room.call.mark(twin.matter, &line)
            if twin.matter.id == form.join { line["checked"] = true }
            return line
        }
        view["anyTwin"] = !twins.isEmpty
        if form.join == nil { view["alone"] = true }
        if !twins.isEmpty { said.append(room.say("desk.new.told.twins", ["count": String(min(5, twins.count))])) }
        return path
    }

    private func guesses(_ path: Path) throws -> [String] {
        guard !form.words.isEmpty else { return [] }
        return try room.matters.suggest(words: form.words, at: path).map(\.category)
    }

    /// Proposed from the words while they are typed; whoever chooses another one is believed.
    private func kinds(_ path: Path, _ view: inout View) throws {
        let catalog = room.house.catalog
        let likely = try guesses(path)
        func option(_ id: String) -> View {
            var option: View = ["value": id, "label": room.say("category.\(id)")]
            if id == form.category { option["selected"] = true }
            return option
        }
        view["found"] =
            likely.first.map { room.say("desk.new.category.likely", ["category": room.say("category.\($0)")]) }
            ?? room.say("desk.new.category.found")
        var groups: [View] = []
        let others = likely.dropFirst().filter { $0 != form.category }
        if !others.isEmpty { groups.append(["group": room.say("desk.form.likely"), "options": others.map(option)]) }
        groups += catalog.groups.map { group -> View in
            [
                "group": room.say("category_group.\(group)"),
                "options": catalog.categories.filter { $0.group == group && !$0.retired }.map { option($0.id) },
            ]
        }
        view["groups"] = groups
    }

    /// What came by this number before; of other people's land only what everybody may know.
    private func history(_ reports: [CallerReport], _ view: inout View, _ said: inout [String]) {
        view["knownNumber"] = true
        view["history"] = reports.map { report -> View in
            var line: View = ["title": room.call.title(of: report.matter), "moment": room.times.moment(report.at)]
            line["state"] = report.matter.state == .open ? room.say("state.open") : room.ending(report.matter)
            room.call.mark(report.matter, &line)
            if report.isSeen {
                line["hrefOf"] = Paths.deskMatter(report.matter.id)
                line["placeOf"] = room.place(report.matter)
                if report.matter.isLate(at: room.now) { line["late"] = true }
            } else {
                line["masked"] = room.say("desk.new.history.masked")
            }
            return line
        }
        view["anyHistory"] = !reports.isEmpty
        said.append(room.say(reports.isEmpty ? "desk.new.history.none" : "desk.new.history", ["count": String(reports.count)]))
    }
}
