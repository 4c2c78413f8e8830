import Basics
import Catalog
import Geo
import Grids
import Ledger
import Matters
import Posts
import Store

/// What the call taker has so far.
struct CallerForm: Sendable {
    let id: ReportID
    let words: String
    let place: String
    let phone: String
    let category: String
    let join: MatterID?
    private(set) var point: Coordinate?
    /// The place was chosen by its name, so the name is what it is called.
    private(set) var isNamed = false
    private let at: RecordID?
    /// The window after a tap or a move; otherwise the place found decides.
    private let frame: MapFrame?
    private let shown: MapFrame?
    /// What the place that was found is called on record.
    private(set) var placeName = ""
    private let isTapped: Bool
    /// Looking for the place, not sending yet.
    let isAsking: Bool

    init(_ form: Form, id: ReportID) {
        self.id = id
        words = form["words"]
        place = String(form["place"].prefix(200))
        phone = String(form["phone"].prefix(40))
        category = form["category"]
        join = MatterID(form["join"])
        at = RecordID(form["at"])
        let shown = MapFrame(form["view"])
        self.shown = shown
        var point: Coordinate?
        if let lon = form.number("lon"), let lat = form.number("lat"), Coordinate(lon: lon, lat: lat).isOnEarth {
            point = Coordinate(lon: lon, lat: lat)
        }
        isNamed = form["named"] == "1"
        if let x = form.number("tap.x"), let y = form.number("tap.y"), let shown {
            point = shown.place(x: min(max(x, 0), shown.width), y: min(max(y, 0), shown.height))
            isNamed = false
        }
        // Another name was typed: the point of the one before no longer counts.
        if !form.has("tap.x"), !place.isEmpty, place != form["was_place"], form.has("find") || isNamed {
            point = nil
            isNamed = false
        }
        self.point = point
        if let point, form.has("tap.x") {
            frame = MapFrame(center: point, zoom: max(1, (shown?.zoom ?? 3) - 1))
        } else if let move = MapFrame.Move(rawValue: form["move"]), let shown {
            frame = shown.moved(move)
        } else {
            frame = nil
        }
        isTapped = form.has("tap.x")
        isAsking = form.has("find") || form.has("tap.x") || form.has("move")
    }

    /// Finds the point of a place that was only named.
    /// - Throws: a refusal when several places answer to the name.
    mutating func settle(_ call: Call) async throws {
        let (form, now) = (self, call.now)
        let found = try await call.house.database.read { tx in
            let room = try DeskRoom(call, list: DeskList("", zone: call.house.zone), at: now, in: tx)
            return try form.candidates(room).map { (id: $0.id, name: $0.name, point: $0.point ?? $0.shape?.middle) }
        }
        if let at {
            let chosen = found.first { $0.id == at }
            point = chosen?.point ?? point
            placeName = chosen?.name ?? place
            isNamed = true
        } else if point == nil, found.count == 1 {
            point = found[0].point
            placeName = found[0].name
            isNamed = true
        } else if point == nil, found.count > 1 {
            throw PlainRefusal("desk.which_place")
        }
    }

    private func candidates(_ room: DeskRoom) throws -> [Record] {
        guard !place.isEmpty else { return [] }
        let registers = try room.house.ledger.registers().telling.map(\.id)
        let day = room.now.day(in: room.house.zone)
        return try room.house.ledger.find(place, registers: registers, under: .root, on: day, limit: 8, in: room.tx)
    }

    func view(_ room: DeskRoom) throws -> View {
        let found = try candidates(room)
        let chosen = isTapped ? nil : found.first { $0.id == at } ?? (point == nil && found.count == 1 ? found.first : nil)
        let here = chosen.flatMap { $0.point ?? $0.shape?.middle } ?? point
        let catalog = room.house.catalog
        let window = frame ?? here.map { MapFrame(center: $0, zoom: 2) } ?? shown ?? room.ownWindow
        var map = "\(Paths.mapPicture)?view=\(window.text)&marks=1"
        if here == nil, let own = room.ownGrid { map += "&grid=\(own)" }
        if let here { map += "&pin=\(MapFrame.short(here.lon)),\(MapFrame.short(here.lat))" }
        var view: View = [
            "id": id.description, "words": words, "place": place, "phone": phone, "map": map, "view": window.text,
            "lon": here.map { MapFrame.short($0.lon) } ?? "", "lat": here.map { MapFrame.short($0.lat) } ?? "",
            "named": isNamed || (chosen != nil && point == nil) ? "1" : "", "backToList": Paths.desk, "newHref": Paths.deskNew,
            "who": room.actor.heldPosts.first.map { room.postName($0.post) } ?? "", "atNew": true,
            "moves": MapFrame.Move.allCases.map { ["value": $0.rawValue, "label": room.say("report.move.\($0.rawValue)")] as View },
            "groups": catalog.groups.map { group -> View in
                [
                    "group": room.say("category_group.\(group)"),
                    "options": catalog.categories.filter { $0.group == group && !$0.retired }.map { item -> View in
                        var option: View = ["value": item.id, "label": room.say(item.nameKey)]
                        if item.id == category { option["selected"] = true }
                        return option
                    },
                ]
            },
        ]
        if found.count > 1 {
            view["candidates"] = found.map { record -> View in
                var line: View = ["value": record.id.description, "label": record.name, "note": room.land.at(record.path)?.name ?? ""]
                if record.id == chosen?.id { line["checked"] = true }
                return line
            }
            view["anyCandidate"] = true
        }
        if !place.isEmpty, found.isEmpty, here == nil { view["notFound"] = room.say("desk.new.not_found") }
        if let here { try nearby(here, named: chosen?.name, room, &view) }
        return view
    }

    private func nearby(_ here: Coordinate, named: String?, _ room: DeskRoom, _ view: inout View) throws {
        let chain = room.land.chain(at: here)
        view["where"] =
            try named
            ?? (isNamed ? place : room.house.ledger.placeInWords(here, on: room.now.day(in: room.house.zone), in: room.tx)?.text ?? "")
        view["grid"] = chain.isEmpty ? room.say("desk.outside") : chain.suffix(2).map(\.name).joined(separator: " · ")
        let path = chain.last?.path ?? .root
        if let post = room.book.answering(at: path, on: room.now)?.post {
            view["goes"] = room.say("desk.new.goes", ["post": room.postName(post)])
        }
        let twins = try room.seen(
            room.matters.twins(near: here, category: category.isEmpty ? nil : category, meters: 150, publicOnly: false, in: room.tx))
        view["twins"] = twins.map { twin -> View in
            var line = room.choice(twin)
            if let photo = twin.photo { line["photo"] = Paths.photo(photo) }
            if twin.matter.id == join { line["checked"] = true }
            return line
        }
        view["anyTwin"] = !twins.isEmpty
    }
}

extension DeskRoom {
    /// The grid of the first post held that has one.
    var ownGrid: GridID? { actor.heldPosts.lazy.compactMap { held in book.posts[held.post]?.grid }.first }

    /// The map of one's own land, else of all of it.
    var ownWindow: MapFrame {
        if let own = ownGrid, let shape = land.shape(of: own), !shape.isEmpty { return MapFrame(showing: shape.box) }
        if !land.whole.isEmpty { return MapFrame(showing: land.whole) }
        let center = house.catalog.platform.center
        return MapFrame(center: Coordinate(lon: center.lon, lat: center.lat), zoom: 6)
    }
}
