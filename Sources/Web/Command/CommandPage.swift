import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Insight
import Store

/// The overview: figures on top, the table by grid, and beside it what is late.
enum CommandPage {
    static func show(_ call: Call) async throws -> Response {
        let view: View = try await call.house.database.read { tx in
            let room = try CommandRoom(call, in: tx)
            var view = room.head()
            view["atOverview"] = true
            guard room.board.isReady else {
                view["counting"] = true
                return view
            }
            view["figures"] = room.figures()
            view["table"] = room.table()
            view["late"] = try room.late(call.query("tab"))
            return view
        }
        return try call.page("command/command", title: call.say("command.title"), view)
    }

    /// One part of the page alone.
    static func piece(_ call: Call) async throws -> Response {
        let name = try call.parameter("piece")
        guard ["figures", "table", "late", "battle-figures", "battle-now"].contains(name) else { throw Call.missing }
        return try await piece(name, call)
    }

    /// - Parameter wall: the screen that asks, in place of whoever is signed in.
    static func piece(_ name: String, _ call: Call, wall: WallDoor? = nil) async throws -> Response {
        let past = wall == nil && name.hasPrefix("battle") ? try await call.past() : nil
        let view: View = try await call.house.database.read { tx in
            let room = try CommandRoom(call, past: past, wall: wall, through: name.hasPrefix("battle"), in: tx)
            return switch name {
            case "figures": room.figures()
            case "table": room.table()
            case "battle-figures": room.battleFigures()
            case "battle-now": try room.battleNow()
            default: try room.late(call.query("tab"))
            }
        }
        return try call.piece("command/\(name)", view)
    }
}
