import Basics
import Catalog
import Geo
import Matters
import Posts

/// The open matter: evidence, what happened, what the platform judged, who works on it.
struct MatterPane {
    let room: DeskRoom
    let seen: MatterView

    var matter: Matter { seen.matter }
    var say: (String, [String: String]) -> String { { room.say($0, $1) } }

    func view() throws -> View {
        var view: View = [
            "title": room.call.title(of: matter), "number": matter.number, "place": room.place(matter), "grid": gridLine,
            "chip": chip, "self": room.list.beside(Paths.deskMatter(matter.id)), "id": matter.id.description,
            "version": String(seen.steps.count),
            "steps": try StepsView(room: room, seen: seen).view(),
        ]
        if matter.supervised { view["supervised"] = room.say("desk.supervised") }
        if !matter.words.isEmpty { view["words"] = matter.words }
        view["wordsBy"] = wordsBy
        if let border = room.border(of: matter) { view["border"] = border }
        if let withdrawn { view["withdrawn"] = withdrawn }
        view["anyAnswer"] = !seen.answers.isEmpty
        view["answers"] = seen.answers.map { answer -> View in
            let said = room.call.said(answer)
            return ["label": said.name, "value": said.value]
        }
        pictures(&view)
        try judgement(&view)
        try neighbours(&view)
        try shares(&view)
        return view
    }

    /// To whoever was called in and is no longer wanted.
    private var withdrawn: String? {
        guard let own = seen.parts.last(where: { room.mine.contains($0.post) }), own.state == .recalled, let ended = own.endedAt,
            seen.steps.contains(where: { $0.mechanism == .recall && $0.at == ended })
        else { return nil }
        return room.say("desk.withdrawn", ["moment": room.times.moment(ended)])
    }

    private var gridLine: String {
        guard let grid = matter.grid.flatMap(room.land.grid) else { return room.say("desk.outside") }
        return ([grid] + room.land.above(grid).suffix(1)).map(\.name).joined(separator: " · ")
    }

    /// The mark with its word; a matter without a mark says its state.
    private var chip: View {
        var chip: View = ["word": room.say("state.\(matter.state.rawValue)")]
        if matter.state == .merged || matter.state == .void { return chip }
        room.call.mark(matter, &chip)
        switch matter.mark {
        case .none: break
        case .red, .yellow: chip["word"] = room.say("mark.\(matter.mark.rawValue)")
        case .green:
            // Closed is not solved: the word beside the mark tells which.
            chip["word"] = room.ending(matter)
        }
        chip["color"] = matter.mark == .none ? "" : matter.mark.rawValue
        return chip
    }

    private var wordsBy: String {
        let others = matter.reporters - 1
        let first = room.say("desk.words.by", ["channel": room.channel(matter.channel), "moment": room.times.moment(matter.openedAt)])
        return others > 0 ? room.say("desk.words.others", ["first": first, "count": String(others)]) : first
    }

    private func pictures(_ view: inout View) {
        let here = seen.photos.filter { $0.state == .here && $0.digest != nil }
        view["photos"] = here.prefix(6).map { photo -> View in
            [
                "href": Paths.photo(photo.digest ?? ""), "src": Paths.photo(photo.digest ?? ""),
                "caption": room.say(
                    "photo.\(photo.role.rawValue)", ["day": room.times.moment(photo.at), "moment": room.times.moment(photo.at)]),
            ]
        }
        if here.isEmpty {
            view["noPhoto"] = room.say(seen.photos.contains { $0.state == .awaited } ? "desk.photo.awaited" : "desk.photo.none")
        }
        if let point = matter.point {
            let frame = MapFrame(center: point, zoom: 2)
            view["map"] = "\(Paths.mapPicture)?view=\(frame.text)&pin=\(MapFrame.short(point.lon)),\(MapFrame.short(point.lat))&marks=1"
        }
    }

    // MARK: Twins and the merged

    private func neighbours(_ view: inout View) throws {
        var lines: [View] = []
        if let main = seen.main {
            lines.append(line(main, "desk.near.into", note: room.say("state.\(main.state.rawValue)")))
        }
        for other in seen.merged.prefix(10) {
            var entry = line(other, "desk.near.same", note: room.say("state.merged"))
            let parts = try room.matters.parts(of: other.id, in: room.tx)
            if let undo = try room.matters.allowed(on: other, parts: parts, for: room.actor, at: room.now, in: room.tx).first(where: {
                $0.does == .unmerge
            }) {
                entry["act"] = ["href": room.list.beside(Paths.deskAct(other.id, undo.id)), "name": room.say(undo.nameKey)] as View
            }
            lines.append(entry)
        }
        let merge = seen.actions.first { $0.does == .merge }
        for twin in try room.twins(of: matter) {
            var entry = line(
                twin.matter, "desk.near.maybe",
                note: room.say(
                    "desk.near.away", ["meters": String(Int(twin.meters.rounded())), "moment": room.times.moment(twin.matter.openedAt)]))
            if let merge {
                entry["act"] =
                    [
                        "href": room.list.beside(Paths.deskAct(matter.id, merge.id), [("other", twin.matter.id.description)]),
                        "name": room.say(merge.nameKey),
                    ] as View
            }
            lines.append(entry)
        }
        view["near"] = lines
        view["anyNear"] = !lines.isEmpty
    }

    private func line(_ other: Matter, _ tag: String, note: String) -> View {
        var entry: View = [
            "tag": room.say(tag), "name": room.call.title(of: other), "placeOf": room.place(other), "note": note,
            "hrefOf": room.list.beside(Paths.deskMatter(other.id)),
        ]
        room.call.mark(other, &entry)
        return entry
    }
}
