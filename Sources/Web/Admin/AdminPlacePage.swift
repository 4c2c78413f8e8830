import Basics
import Catalog
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Ledger
import Posts
import Store

/// The posts of a building or compound: its name and who heads it, nothing else of the ledger.
enum AdminPlacePage {
    static func show(_ call: Call) async throws -> Response { try await page(call, try call.id("place")) }

    static func act(_ call: Call) async throws -> Response {
        let (id, verb) = (try call.id("place", as: RecordID.self), try call.parameter("act"))
        return try await AdminRoom.take(call, verb: verb, page: { try await page(call, id, $0) }) { act in
            guard verb == "add_post" else { throw Call.missing }
            let name = try await call.house.database.read { tx -> String in
                let room = try AdminRoom(call, in: tx)
                guard let record = try call.house.ledger.record(id, in: tx) else { throw Call.missing }
                try room.require(record.path)
                return record.name
            }
            return try await PostRows.add(call, at: .place(id.uuid), named: name, act)
        }
    }

    private static func page(_ call: Call, _ id: RecordID, _ typed: AdminTyped? = nil) async throws -> Response {
        try await AdminRoom.page(call, "place", typed: typed) { room, view in
            guard let record = try room.house.ledger.record(id, in: room.tx) else { throw Call.missing }
            try room.require(record.path)
            let rows = PostRows(room: room)
            let roles = rows.roles(.place(register: record.register))
            // Only what should have a head has a page here.
            guard !roles.isEmpty else { throw Call.missing }
            view["name"] = record.name
            view["chain"] = (room.today[record.path].map { room.today.chain(to: $0) } ?? []).filter { room.scope.admits(land: $0.path) }
                .map { ["href": Paths.adminGrid($0.id), "name": $0.name] as View }
            view["posts"] = try rows.view(room.book.posts(atPlace: id.uuid, at: room.now))
            view["roles"] = roles
            view["postName"] = room.value("add_post", "name")
            view["postFrom"] = room.value("add_post", "from")
            view["base"] = Paths.adminPlace(id.uuid)
            view["isNow"] = true
            return record.name
        }
    }
}
