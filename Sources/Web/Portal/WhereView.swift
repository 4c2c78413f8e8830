import Basics
import Catalog
import Geo
import Grids
import Ledger
import Matters
import Posts
import Store

/// The piece of the report page about the place: the picture, the place in words, who sees it first, open matters nearby.
struct WhereView {
    let call: Call

    /// - Parameters:
    ///   - spot: gets the window it is shown in.
    ///   - words: what the reporter wrote so far; the likely category and with it the limit hang on it.
    func view(_ spot: inout Spot, words: String = "", changes: ((String) -> String)? = nil) async throws -> View {
        let (house, words) = (call.house, String(words.prefix(300)))
        let before = spot
        let taken = changes.map { value in Dictionary(uniqueKeysWithValues: Spot.changes.map { ($0, value($0)) }) }
        let found: Found = try await house.database.read { tx in
            let land = try LandView(house, in: tx)
            var spot = before
            try spot.inherit(house, land: land, in: tx)
            let shown = spot.window(house, land: land)
            spot.frame = shown
            if let taken { _ = spot.apply({ taken[$0] ?? "" }, shown: shown) }
            var found = Found(spot: spot, shown: spot.frame ?? shown)
            if let grid = spot.grid.flatMap(land.grid) {
                found.gridName = grid.name
                // Somebody far away reports for the grid whose sign he photographed: its address says more than his phone.
                if spot.placed == .phone, taken?["wanted"] != "1", let point = spot.point,
                    !land.chain(at: point).contains(where: { $0.id == grid.id })
                {
                    found.spot.leavePoint()
                    found.isElsewhere = true
                    found.shown = found.spot.window(house, land: land)
                }
            }
            try look(&found, land, words: words, in: tx)
            return found
        }
        spot = found.spot
        spot.frame = found.shown
        return render(found)
    }

    /// What is known of the place: its words, who sees it first and by when, what is open nearby.
    private func look(_ found: inout Found, _ land: LandView, words: String, in tx: Transaction) throws {
        let (house, now) = (call.house, call.now)
        var path: Path?
        if let point = found.spot.point {
            let chain = land.chain(at: point)
            found.isOutside = chain.isEmpty
            path = chain.last?.path ?? .root
            found.chainName = chain.last?.name ?? ""
            found.words = try house.ledger.placeInWords(point, on: now.day(in: house.zone), in: tx)?.text ?? ""
            if found.spot.isRough { found.buildings = try buildings(around: point, within: found.spot.accuracy ?? 0, in: tx) }
        } else {
            path = found.spot.grid.flatMap(land.grid)?.path
        }
        if let path {
            let expected = try house.matters.expected(words: words, at: path, now: now, in: tx)
            let book = try house.posts.book(in: tx)
            found.post = (expected.by ?? expected.post).flatMap { book.posts[$0]?.name }
            found.isNobodyThere = expected.by == nil
            found.takenBy = expected.takenBy?.instant
            found.category = words.isEmpty ? nil : expected.category
        }
        let area = found.spot.grid.flatMap { land.shape(of: $0)?.box }
        guard let middle = found.spot.point ?? area?.center else { return }
        // Without a point of its own the report may be anywhere in its grid.
        let corner = area.map { middle.distance(to: Coordinate(lon: $0.west, lat: $0.south)) } ?? 0
        found.twins = try house.matters.twins(
            near: middle, category: found.category, meters: found.spot.point == nil ? min(400, max(80, corner)) : 80, limit: 2,
            publicOnly: true, in: tx)
    }

    /// The three nearest that a rough position may mean: which of them, the reader knows.
    private func buildings(around point: Coordinate, within meters: Int, in tx: Transaction) throws -> [(name: String, point: Coordinate)] {
        let ledger = call.house.ledger
        guard let register = try ledger.registers().telling.first(where: { $0.place != .line }) else { return [] }
        let reach = Double(min(max(meters, 60), 400))
        return try ledger.near(point, meters: reach, registers: [register.id], on: call.now.day(in: call.house.zone), limit: 3, in: tx)
            .compactMap { near in
                guard let place = near.record.point else { return nil }
                return (try ledger.words(of: near.record), place)
            }
    }

    private struct Found: Sendable {
        var buildings: [(name: String, point: Coordinate)] = []
        var spot: Spot
        var shown: MapFrame
        var gridName = ""
        var chainName = ""
        var words = ""
        var isOutside = false
        var isElsewhere = false
        var category: String?
        var post: String?
        var takenBy: Instant?
        /// No post up to the root is held at the moment.
        var isNobodyThere = false
        var twins: [Twin] = []
    }

    private func render(_ found: Found) -> View {
        let spot = found.spot
        var map = "\(Paths.mapPicture)?view=\(found.shown.text)&marks=1"
        if let point = spot.point { map += "&pin=\(MapFrame.short(point.lon)),\(MapFrame.short(point.lat))" }
        if let meters = spot.accuracy, spot.isRough { map += "&around=\(meters)" }
        if let grid = spot.grid { map += "&grid=\(grid)" }
        var view: View = [
            "grid": spot.grid?.description ?? "", "lon": spot.point.map { MapFrame.short($0.lon) } ?? "",
            "lat": spot.point.map { MapFrame.short($0.lat) } ?? "", "accuracy": spot.accuracy.map(String.init) ?? "",
            "placed": spot.placed.rawValue, "gridName": found.gridName, "view": found.shown.text, "map": map,
            "moves": MapFrame.Move.allCases.map { ["value": $0.rawValue, "label": call.say("report.move.\($0.rawValue)")] as View },
            "place": place(found), "how": how(found), "hasTwins": !found.twins.isEmpty, "twins": found.twins.map(twin),
        ]
        view["which"] = found.buildings.map { ["value": Spot.pin($0.point), "label": $0.name] as View }
        view["anyWhich"] = !found.buildings.isEmpty
        // The map is large while it is what the reader must act on.
        if spot.placed == .nowhere || spot.isRough { view["wide"] = true }
        if spot.placed == .nowhere { view["nowhere"] = true }
        if let post = found.post, spot.placed != .nowhere {
            view["who"] = call.say(found.isNobodyThere ? "report.who.nobody" : "report.who", ["post": post])
            if let by = found.takenBy, !found.isNobodyThere { view["whoBy"] = call.say("report.who.by", ["moment": call.times.moment(by)]) }
        }
        return view
    }

    private func place(_ found: Found) -> String {
        switch found.spot.placed {
        case .nowhere: call.say("report.where.tap")
        case .grid: found.gridName
        case .phone, .tap:
            !found.words.isEmpty
                ? found.words
                : found.chainName.isEmpty ? call.say("report.where.here") : call.say("report.where.near", ["grid": found.chainName])
        }
    }

    private func how(_ found: Found) -> String {
        if found.isOutside { return call.say("report.where.outside") }
        if found.isElsewhere { return call.say("report.where.elsewhere") }
        let meters = ["meters": String(found.spot.accuracy ?? 0)]
        return switch found.spot.placed {
        case .nowhere: call.say("report.where.tap.sub")
        case .grid: call.say("report.where.grid")
        case .phone: call.say(found.spot.isRough ? "report.where.phone.rough" : "report.where.phone", meters)
        case .tap: call.say(found.spot.isRough ? "report.where.tapped.rough" : "report.where.tapped", meters)
        }
    }

    private func twin(_ twin: Twin) -> View {
        var view: View = [
            "id": twin.matter.id.description, "title": call.title(of: twin.matter),
            "meters": twin.meters < 10
                ? call.say("report.twin.here") : call.say("report.twin.meters", ["meters": String(Int(twin.meters.rounded()))]),
            "when": call.times.moment(twin.matter.openedAt),
            "people": call.say("report.twin.people", ["count": String(twin.matter.reporters)]),
        ]
        if let photo = twin.photo { view["photo"] = Paths.photo(photo) }
        call.mark(twin.matter, &view)
        return view
    }
}

extension Call {
    /// The category in words, or what can be said without one.
    func title(of matter: Matter) -> String { matter.category.map { say("category.\($0)") } ?? say("report.something") }

    /// The mark and its word, if the matter has one.
    func mark(_ matter: Matter, _ view: inout View) {
        // What was merged goes on elsewhere, what is void never was.
        guard matter.mark != .none, matter.state != .merged, matter.state != .void else { return }
        view["mark"] = matter.mark.rawValue
        view["markName"] = say("mark.\(matter.mark.rawValue)")
    }
}
