import Basics
import Catalog
import Foundation
import Geo
import Grids
import Posts
import Store

// What the module of the map has to know: where to look, what is named there, where tiles and the library are.

extension CommandRoom {
    func tint(_ grid: GridID) -> Int? {
        let day = day
        return day.place(of: grid).map { day.tints[$0] }
    }

    var day: LandDay { desk.land.today }

    /// What the module of the map has to know.
    func map(revision: String) -> String {
        let vendor = call.house.vendor
        let box = box
        let names = mapNames()
        let told: [String: any Sendable] = [
            "bounds": [box.west, box.south, box.east, box.north], "names": names.map(\.told), "path": land.standing?.text ?? "",
            "grid": land.chosen.id.description,
            "rank": land.chosen.grid.rank, "revision": revision, "page": wall == nil ? Paths.commandMap + "?" : "", "keep": kept,
            "matter": desk.opens(.desk) ? "/desk/matters/" : "",
            "library": vendor.address(MapLibrary.main) ?? "", "style": vendor.address(MapLibrary.style) ?? "",
            "worker": vendor.address(MapLibrary.worker) ?? "",
            "tiles": Dictionary(uniqueKeysWithValues: Tiles.Layer.allCases.map { ($0.rawValue, Tiles.address($0, wall: wall?.token)) }),
            "at": ask.at ?? "",
            "least": Tiles.zooms.lowerBound, "sprite": call.house.assets.base + "/icons/sprite.svg",
        ]
        let data = (try? JSONSerialization.data(withJSONObject: told, options: [.sortedKeys, .withoutEscapingSlashes])) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    /// A name to stand on the map.
    struct MapName {
        let name: String
        /// Who answers there; empty when there are many.
        let who: String
        let place: Coordinate
        let isSmall: Bool

        var told: [String: any Sendable] { ["name": name, "who": who, "lon": place.lon, "lat": place.lat, "small": isSmall] }
    }

    /// Names to stand on the map: of the grids inside, or of those inside the only one of them, with who answers; dedicated ones small.
    func mapNames() -> [MapName] {
        var shown = land.inside.compactMap { day[$0.id] }
        while shown.count == 1, let only = shown.first, case let deeper = day.children(of: only.id), !deeper.isEmpty { shown = deeper }
        let persons = wall == nil ? (try? people(answering: shown)) ?? [:] : [:]
        let few = shown.count <= 40
        let dedicated = few ? Array(shown.lazy.flatMap { day.subtree($0.path) }.filter { $0.grid.isDedicated }.prefix(60)) : []
        return (shown.filter { !$0.grid.isDedicated }.prefix(160) + dedicated).compactMap { ref in
            guard let at = day.shape(of: ref.id).labelPoint else { return nil }
            let kind = ref.grid.isDedicated && few ? ref.nature.map { say("nature.\($0)") } : nil
            return MapName(
                name: kind ?? name(ref.grid), who: few ? persons[ref.id] ?? "" : "", place: at, isSmall: ref.grid.isDedicated || !few)
        }
    }

    /// The first holder of the post that answers for each grid.
    private func people(answering grids: [GridRef]) throws -> [GridID: String] {
        guard grids.count <= 40 else { return [:] }
        var holder: [GridID: PersonID] = [:]
        for ref in grids {
            guard let post = desk.book.answering(at: ref.path, on: now)?.post, desk.book.posts[post]?.grid == ref.id else { continue }
            holder[ref.id] = desk.book.holders(of: post, at: now).first?.person
        }
        let names = try desk.house.posts.persons(Array(Set(holder.values)), in: desk.tx)
        return holder.compactMapValues { names[$0]?.name }
    }

    /// What the address of another grid keeps of this one, but for the moment.
    private var kept: String { URLEncoded.encoded(themed) }

    /// The land to show: the chosen grid's, or all there is.
    var box: Box {
        let own = day.shape(of: land.chosen.id).box
        let all = own.isEmpty ? land.inside.reduce(Box.empty) { $0.union(day.shape(of: $1.id).box) } : own
        guard all.isEmpty else { return all }
        let center = call.house.catalog.platform.center
        return Box(around: [Coordinate(lon: center.lon, lat: center.lat)]).grown(meters: 2000)
    }
}
