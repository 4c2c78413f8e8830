import Basics
import Catalog
import Foundation
import Geo
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// The map on which the net is changed by hand (rows A3, A5, A6, A7). Without WebGL or JavaScript: a picture of the day, the list of grids with
/// who leads them, and the way to the upload.
enum NetPage {
    static func show(_ call: Call) async throws -> Response {
        try await AdminRoom.page(call, "net") { room, view in
            let asked = Day(call.query("on"))
            let shown = asked ?? room.now.day(in: room.house.zone)
            let day = room.land.on(shown)
            let scope =
                try GridID(call.query("grid")).map { id in
                    guard let ref = day[id] ?? room.today[id] else { throw Call.missing }
                    return ref
                } ?? room.top()
            try room.require(scope.path)
            view["atMap"] = true
            view["id"] = scope.id.description
            view["name"] = scope.name
            if !scope.grid.isRoot { view["level"] = room.levelName(scope.level) }
            view["above"] =
                (day.root.map { [$0] } ?? []).filter { $0.id != scope.id }.asViews(room)
                + day.chain(to: scope).dropLast().map(\.self).asViews(room)
            let inner = day.children(of: scope.id)
            view["inner"] = inner.map { ref in
                var row: View = ["id": ref.id.description, "name": ref.name, "code": ref.code, "grid": Paths.adminGrid(ref.id)]
                if day.hasChildren(ref.id) { row["deeper"] = Paths.adminMap(ref.id, on: asked) }
                return row
            }
            let below =
                room.catalog.levels.first { level in inner.contains { $0.level == level.id } }
                ?? room.catalog.levels.first { $0.rank > scope.rank }
            view["innerName"] =
                below.map { room.say("net.inner", ["level": room.levelName($0.id), "count": "\(inner.count)"]) } ?? room.say("net.lowest")
            if let below { view["innerCount"] = room.say("net.inner", ["level": room.levelName(below.id), "count": "#"]) }
            view["natures"] = room.options(
                [(value: "", label: room.say("net.ordinary"))] + (below?.natures ?? []).map { ($0, room.say("nature.\($0)")) })
            view["on"] = shown.description
            if asked != nil { view["onWords"] = room.say("admin.grid.on", ["day": room.times.date(shown)]) }
            let box = self.box(scope, day, room)
            view["picture"] = try picture(scope, day, box, room)
            view["net"] = told(scope, box, room)
            return room.say("net.title", ["name": scope.name])
        }
    }

    private static func box(_ scope: GridRef, _ day: LandDay, _ room: AdminRoom) -> Box {
        let own = day.shape(of: scope.id).box
        let all = own.isEmpty ? day.children(of: scope.id).reduce(Box.empty) { $0.union(day.shape(of: $1.id).box) } : own
        guard all.isEmpty else { return all }
        let center = room.catalog.platform.center
        return Box(around: [Coordinate(lon: center.lon, lat: center.lat)]).grown(meters: 2000)
    }

    private static func picture(_ scope: GridRef, _ day: LandDay, _ box: Box, _ room: AdminRoom) throws -> String {
        var picture = try MapSVG.picture(
            room.house, MapFrame(filling: box.grown(meters: 20), width: 960, height: 640), at: room.now, in: room.tx)
        picture.outline = day.shape(of: scope.id)
        picture.land = day.children(of: scope.id).map { (day.shape(of: $0.id), 2) }
        return picture.svg(title: room.say("admin.grid.map", ["name": scope.name]))
    }

    /// The days on which the net was or will be another, from the day before the first of them, with today.
    private static func turns(_ land: Land, _ today: Day) -> [Day] {
        var turns: [Day] = []
        var day = Day.beginning
        while let next = land.nextTurn(after: day), turns.count < 400 {
            if turns.isEmpty { turns.append(next - 1) }
            turns.append(next)
            day = next
        }
        return Set(turns + [today]).sorted()
    }

    /// What the module of the map has to know.
    private static func told(_ scope: GridRef, _ box: Box, _ room: AdminRoom) -> String {
        let (call, vendor) = (room.call, room.house.vendor)
        let today = room.now.day(in: room.house.zone)
        let told: [String: any Sendable] = [
            "grid": scope.id.description, "me": room.session.person.id.description, "csrf": room.session.csrf,
            "draft": UUIDv7(at: room.now).description, "today": today.description, "bounds": [box.west, box.south, box.east, box.north],
            "days": turns(room.land, today).map { ["day": $0.description, "words": room.times.full($0)] },
            "library": vendor.address(MapLibrary.main) ?? "", "style": vendor.address(MapLibrary.style) ?? "",
            "worker": vendor.address(MapLibrary.worker) ?? "", "revision": room.land.revision,
            "streets": Paths.adminMapGround(.streets), "houses": Paths.adminMapGround(.buildings), "least": Tiles.zooms.lowerBound,
            "words": Dictionary(
                uniqueKeysWithValues: [
                    "working", "kept", "gone", "offline", "signed_out", "failed", "fresh", "split_first", "line_short",
                ]
                .map {
                    ($0, call.say("net.say.\($0)"))
                }),
        ]
        let data = (try? JSONSerialization.data(withJSONObject: told, options: [.sortedKeys, .withoutEscapingSlashes])) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}

extension [GridRef] {
    fileprivate func asViews(_ room: AdminRoom) -> [View] {
        filter { room.scope.admits(land: $0.path) }.map { ["href": Paths.adminMap($0.id), "name": $0.name] as View }
    }
}
