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

    /// - Parameter spot: gets the window it is shown in.
    func view(_ spot: inout Spot, changes: ((String) -> String)? = nil) async throws -> View {
        let (house, now, before) = (call.house, call.now, spot)
        let steps: Found = try await house.database.read { tx in
            var spot = before
            let land = try LandView(house, in: tx)
            let shown = spot.window(house, land: land)
            spot.frame = shown
            var found = Found(spot: spot, shown: shown)
            if let grid = spot.grid { found.gridName = land.grid(grid)?.name ?? "" }
            return found
        }
        spot.frame = steps.shown
        if let changes { _ = spot.apply(changes, shown: steps.shown) }
        let placed = spot
        let found: Found = try await house.database.read { tx in
            let land = try LandView(house, in: tx)
            var found = Found(spot: placed, shown: placed.frame ?? steps.shown)
            found.gridName = steps.gridName
            var path: Path?
            if let point = placed.point {
                let chain = land.chain(at: point)
                found.isOutside = chain.isEmpty
                path = chain.last?.path ?? .root
                found.chainName = chain.last?.name ?? ""
                found.words = try house.ledger.placeInWords(point, on: now.day(in: house.zone), in: tx)?.text ?? ""
            } else if let grid = placed.grid.flatMap(land.grid) {
                path = grid.path
            }
            if let path {
                let book = try house.posts.book(in: tx)
                if let answering = book.answering(at: path, on: now) { found.post = book.posts[answering.by ?? answering.post]?.name }
            }
            let middle = placed.point ?? placed.grid.flatMap { land.shape(of: $0)?.box.center }
            if let middle { found.twins = try house.matters.twins(near: middle, category: nil, limit: 2, publicOnly: true, in: tx) }
            return found
        }
        return render(found)
    }

    private struct Found: Sendable {
        var spot: Spot
        var shown: MapFrame
        var gridName = ""
        var chainName = ""
        var words = ""
        var isOutside = false
        var post: String?
        var twins: [Twin] = []
    }

    private func render(_ found: Found) -> View {
        let spot = found.spot
        var map = "\(Paths.mapPicture)?view=\(found.shown.text)&marks=1"
        if let point = spot.point { map += "&pin=\(MapFrame.short(point.lon)),\(MapFrame.short(point.lat))" }
        if let grid = spot.grid { map += "&grid=\(grid)" }
        var view: View = [
            "grid": spot.grid?.description ?? "", "lon": spot.point.map { MapFrame.short($0.lon) } ?? "",
            "lat": spot.point.map { MapFrame.short($0.lat) } ?? "", "accuracy": spot.accuracy.map(String.init) ?? "",
            "placed": spot.placed.rawValue, "view": found.shown.text, "map": map,
            "moves": MapFrame.Move.allCases.map { ["value": $0.rawValue, "label": call.say("report.move.\($0.rawValue)")] as View },
            "place": place(found), "how": how(found), "hasTwins": !found.twins.isEmpty, "twins": found.twins.map(twin),
        ]
        if let post = found.post, spot.placed != .nowhere {
            view["who"] = call.say("report.who", ["post": post])
            view["whoBy"] = call.say("report.who.within")
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
        return switch found.spot.placed {
        case .nowhere: call.say("report.where.tap.sub")
        case .grid: call.say("report.where.grid")
        case .phone: call.say("report.where.phone", ["meters": String(found.spot.accuracy ?? 0)])
        case .tap: call.say("report.where.tapped")
        }
    }

    private func twin(_ twin: Twin) -> View {
        var view: View = [
            "id": twin.matter.id.description, "title": call.title(of: twin.matter),
            "meters": call.say("report.twin.meters", ["meters": String(Int(twin.meters.rounded()))]),
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
