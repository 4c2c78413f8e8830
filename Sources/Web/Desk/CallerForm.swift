import Basics
import Catalog
import Geo
import Grids
import Ledger
import Matters
import Posts
import Store

/// What the call taker has so far: four fields, and what was found by them.
struct CallerForm: Sendable {
    let id: ReportID
    let phone: String
    let words: String
    let category: String
    let join: MatterID?
    private(set) var place: String
    private(set) var point: Coordinate?
    /// The point is that of a place known by its name, so the name is what it is called.
    private(set) var isNamed = false
    /// The record that was chosen for the place.
    private let at: RecordID?
    /// The place as it was when it was last looked at.
    private let wasPlace: String
    /// The window after a tap or a move; otherwise the place found decides.
    private let frame: MapFrame?
    let shown: MapFrame?
    /// Looking for the place, not sending yet.
    let isAsking: Bool

    init(_ form: Form, id: ReportID) {
        self.id = id
        words = form["words"]
        place = String(form["place"].prefix(200))
        wasPlace = form["was_place"]
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
        var isNamed = form["named"] == "1"
        var frame: MapFrame?
        if let x = form.number("tap.x"), let y = form.number("tap.y"), let shown {
            let tapped = shown.place(x: min(max(x, 0), shown.width), y: min(max(y, 0), shown.height))
            point = tapped
            isNamed = false
            frame = MapFrame(center: tapped, zoom: max(1, shown.zoom - 1))
        } else if place != wasPlace, isNamed || form.has("find") {
            // Another name was typed: the point of the one before no longer counts.
            point = nil
            isNamed = false
        }
        if frame == nil, let move = MapFrame.Move(rawValue: form["move"]), let shown { frame = shown.moved(move) }
        self.point = point
        self.isNamed = isNamed
        self.frame = frame
        isAsking = form.has("find") || form.has("tap.x") || form.has("move")
    }

    /// A call as it was left.
    init(_ intake: Intake) { self.init(Form(intake.fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }), id: intake.id) }

    /// As it is kept.
    var fields: [String: String] {
        var fields = ["phone": phone, "words": words, "place": place, "was_place": place, "category": category]
        fields["join"] = join?.description
        fields["lon"] = point.map { MapFrame.short($0.lon) }
        fields["lat"] = point.map { MapFrame.short($0.lat) }
        fields["view"] = (frame ?? shown)?.text
        if isNamed { fields["named"] = "1" }
        return fields.filter { !$0.value.isEmpty }
    }

    /// Worth keeping.
    var isBegun: Bool { [phone, words, place, category].contains { !$0.isEmpty } || point != nil }
    var caller: CallerNumber? { CallerNumber(phone) }
    var window: MapFrame? { frame ?? point.map { MapFrame(center: $0, zoom: 2) } ?? shown }

    /// Takes the place that was chosen.
    mutating func choose(_ room: DeskRoom) throws {
        guard let at, let record = try room.house.ledger.record(at, in: room.tx), let found = record.point ?? record.shape?.middle else {
            return
        }
        take(found, try room.house.ledger.words(of: record))
    }

    /// Finds the point of a place that was only named.
    /// - Throws: a refusal when several places answer to the name.
    mutating func settle(_ room: DeskRoom) throws {
        guard point == nil else { return }
        let found = try candidates(room)
        if found.count > 1 { throw PlainRefusal("desk.which_place") }
        guard let only = found.first, let middle = only.point ?? only.shape?.middle else { return }
        take(middle, try room.house.ledger.words(of: only))
    }

    private mutating func take(_ found: Coordinate, _ name: String) {
        point = found
        place = name
        isNamed = true
    }

    /// Buildings, compounds and streets that the typed words may mean; none once it is decided.
    func candidates(_ room: DeskRoom) throws -> [Record] {
        guard !place.isEmpty, !isNamed, point == nil || place != wasPlace else { return [] }
        let registers = try room.house.ledger.registers().telling.map(\.id)
        let day = room.now.day(in: room.house.zone)
        let found = try room.house.ledger.find(
            place, registers: registers, near: room.actor.heldPosts.first?.path, on: day, limit: 120, in: room.tx)
        // What is called so comes before what begins so, and that before what only has it somewhere.
        let typed = place.lowercased()
        func rank(_ record: Record) throws -> Int {
            let names = [record.name, try room.house.ledger.words(of: record)].flatMap { [$0.lowercased(), Pinyin.initials($0)] }
            return names.contains(typed) ? 0 : names.contains { $0.hasPrefix(typed) } ? 1 : 2
        }
        let ranked = try found.enumerated().map { (rank: try rank($0.element), turn: $0.offset, record: $0.element) }
        return ranked.sorted { ($0.rank, $0.turn) < ($1.rank, $1.turn) }.prefix(8).map(\.record)
    }

    /// The report that it becomes.
    func report(number: String, code: String, _ call: Call, _ room: DeskRoom) -> NewReport {
        var new = NewReport(id: id, number: number, channel: "desk", queryCode: code)
        new.words = words
        new.category = category.isEmpty ? nil : category
        new.point = point
        new.placeWords = point == nil || isNamed ? place : ""
        new.language = call.language
        new.join = join
        if !phone.isEmpty { new.contact["phone"] = phone }
        // Without a place on the map it goes to the land of whoever took the call.
        if point == nil { new.grid = room.ownGrid }
        return new
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
