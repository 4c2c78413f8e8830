import Basics
import Foundation
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Insight
import Store

/// The battle map (row K1): figures on the left, what is late and what just happened on the right, the map between them.
///
/// The map, the figures and the lists ask the same: what is open now, and what was opened today and is done. Without WebGL or JavaScript the
/// map is a picture and the table leads further down.
enum BattlePage {
    static func show(_ call: Call) async throws -> Response {
        let view: View = try await call.house.database.read { tx in
            let room = try CommandRoom(call, in: tx)
            var view = room.head()
            view["theme"] = call.query("theme") == "light" ? "light" : "dark"
            view["otherTheme"] = room.battleAddress(theme: call.query("theme") == "light" ? nil : "light")
            view["light"] = call.query("theme") == "light"
            view["above"] = room.land.above.map { ["name": room.name($0), "href": room.battleAddress(grid: $0.id)] as View }
            view["clock"] = room.desk.times.clock(room.desk.now)
            view["date"] = room.desk.times.date(room.ask.today)
            view["zone"] = call.house.zone.identifier
            view["now"] = String(room.desk.now.milliseconds)
            view["overview"] = room.ask.address(grid: room.land.chosen.id)
            guard room.board.isReady else {
                view["counting"] = true
                return view
            }
            view["left"] = room.battleFigures()
            view["right"] = try room.battleNow()
            view["map"] = room.map(revision: try call.house.grids.land(in: tx).revision)
            view["picture"] = room.ask.address(Paths.commandMapPicture, grid: room.land.chosen.id, room.themed)
            return view
        }
        return try call.page("command/map", title: call.say("battle.title"), view)
    }

    /// The map as a picture.
    static func picture(_ call: Call) async throws -> Response {
        let text = try await call.house.database.read { tx in
            let room = try CommandRoom(call, in: tx)
            return try BattlePicture(room).svg(title: call.say("battle.title"))
        }
        return call.svg(text)
    }
}

extension Paths {
    static let commandMap = "/command/map"
    static let commandMapPicture = "/command/map.svg"
}

extension CommandRoom {
    var themed: [(String, String)] { call.query("theme") == "light" ? [("theme", "light")] : [] }

    func battleAddress(grid: GridID? = nil, theme: String?? = .none) -> String {
        let wanted: String? = if case .some(let given) = theme { given } else { call.query("theme") == "light" ? "light" : nil }
        return ask.address(Paths.commandMap, grid: grid ?? land.chosen.id, wanted.map { [("theme", $0)] } ?? [])
    }
}
