import Basics
import Foundation
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Insight
import Posts
import Store

/// The battle map (row K1): figures on the left, what is late and what just happened on the right, the map between them.
///
/// The map, the figures and the lists ask the same: what is open now, and what was opened today and is done. Without WebGL or JavaScript the
/// map is a picture and the table leads further down.
enum BattlePage {
    static func show(_ call: Call) async throws -> Response { try await show(call, wall: nil) }

    /// - Parameter wall: the screen that asks: the same page without links, names and forms.
    static func show(_ call: Call, wall: WallDoor?) async throws -> Response {
        let past = wall == nil ? try await call.past() : nil
        let view: View = try await call.house.database.read { tx in
            let room = try CommandRoom(call, past: past, wall: wall, through: true, in: tx)
            var view = room.head()
            let isLight = call.query("theme") == "light"
            view["theme"] = isLight ? "light" : "dark"
            if let wall {
                view["wall"] = true
                view["surface"] = "on-wall"
                view["screen"] = wall.wall.name
                view["stream"] = room.inside(Paths.commandLive)
            } else {
                view["otherTheme"] = room.battleAddress(theme: isLight ? nil : "light")
                view["light"] = isLight
                view["above"] = room.land.above.map { ["name": room.name($0), "href": room.battleAddress(grid: $0.id)] as View }
                view["overview"] = Paths.command + "?" + URLEncoded.encoded([("grid", room.land.chosen.id.description)])
                if call.session?.opens(.walls) ?? false { view["walls"] = Paths.walls + "?grid=\(room.land.chosen.id)" }
                view["replay"] = room.replay()
            }
            view["clock"] = room.times.clock(room.now)
            view["date"] = room.times.date(room.ask.today) + " " + room.times.weekday(room.ask.today)
            view["zone"] = call.house.zone.identifier
            view["now"] = String(room.now.milliseconds)
            view["past"] = past != nil
            guard room.board.isReady else {
                view["counting"] = true
                return view
            }
            view["left"] = room.battleFigures()
            view["right"] = try room.battleNow()
            view["map"] = room.map(revision: try call.house.grids.land(in: tx).revision)
            view["picture"] = room.inside(Paths.commandMapPicture)
            return view
        }
        return try call.page("command/map", title: call.say("battle.title"), view, hasForms: false)
    }

    /// The map as a picture.
    static func picture(_ call: Call) async throws -> Response { try await picture(call, wall: nil) }

    static func picture(_ call: Call, wall: WallDoor?) async throws -> Response {
        let past = wall == nil ? try await call.past() : nil
        let text = try await call.house.database.read { tx in
            let room = try CommandRoom(call, past: past, wall: wall, through: true, in: tx)
            return try BattlePicture(room).svg(title: call.say("battle.title"))
        }
        return call.svg(text)
    }
}

extension Paths {
    static let commandMap = "/command/map"
    static let commandMapPicture = "/command/map.svg"
    static let commandLive = "/live"
}

extension CommandRoom {
    var themed: [(String, String)] { call.query("theme") == "light" ? [("theme", "light")] : [] }

    /// The address of a part of the page: a screen on a wall has its own below its address.
    func inside(_ path: String) -> String {
        guard let wall else { return ask.address(path, grid: land.chosen.id, themed) }
        let own = path.split(separator: "/").drop { $0 == "command" }.joined(separator: "/")
        let query = URLEncoded.encoded(themed + (call.query("lang").isEmpty ? [] : [("lang", call.language.rawValue)]))
        return Paths.wall(wall.token) + "/" + own + (query.isEmpty ? "" : "?" + query)
    }

    /// - Parameter at: another moment, or none for now; left out it stays as it is.
    func battleAddress(grid: GridID? = nil, theme: String?? = .none, at: String?? = .none) -> String {
        let wanted: String? = if case .some(let given) = theme { given } else { call.query("theme") == "light" ? "light" : nil }
        var pairs = [("grid", (grid ?? land.chosen.id).description)]
        if let at = if case .some(let given) = at { given } else { ask.at } { pairs.append(("at", at)) }
        if let wanted { pairs.append(("theme", wanted)) }
        return Paths.commandMap + "?" + URLEncoded.encoded(pairs)
    }
}
