import Basics
import Catalog
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// Units: the tree, and one of them with its posts and remits.
enum AdminUnitPages {
    // MARK: The tree

    static func tree(_ call: Call) async throws -> Response { try await treePage(call) }

    static func add(_ call: Call) async throws -> Response {
        try await AdminRoom.take(call, verb: "add_unit", page: { try await treePage(call, $0) }) { act in
            let (house, form) = (call.house, call.form)
            guard let unitClass = house.catalog.unitClass(form["class"]) else { throw PlainRefusal("admin.no_class") }
            let grid = GridID(form["grid"])
            let unit = WorkUnit(
                id: UnitID(act.derived("unit")), code: form["code"].isEmpty ? nil : String(form["code"].prefix(60)), name: form["name"],
                unitClass: unitClass.id, parent: UnitID(form["parent"]), inside: unitClass.inside, grid: grid,
                from: try call.formDay("from") ?? .beginning)
            try await house.database.write { tx in
                if let grid, try house.grids.land(in: tx).on(act.at.day(in: house.zone))[grid] == nil { throw PostsRefusal.unknownGrid }
                try house.posts.addUnit(unit, act: act, in: tx)
            }
            return Paths.adminUnit(unit.id)
        }
    }

    private static func treePage(_ call: Call, _ typed: AdminTyped? = nil) async throws -> Response {
        try await AdminRoom.page(call, "units", typed: typed) { room, view in
            _ = try room.top()
            view["units"] = branches(room).map { unit, depth in
                var row: View = [
                    "href": Paths.adminUnit(unit.id), "name": unit.name, "class": room.say("unit_class.\(unit.unitClass)"),
                    "depth": min(depth, 5),
                ]
                let posts = room.book.posts(atUnit: unit.id, at: room.now)
                let vacant = posts.count { !room.book.isFilled($0, at: room.now) }
                if !posts.isEmpty { row["posts"] = room.say("admin.unit.posts", ["count": "\(posts.count)"]) }
                if vacant > 0 { row["vacant"] = room.say("admin.unit.vacant", ["count": "\(vacant)"]) }
                if !unit.inside { row["outside"] = true }
                return row
            }
            view["classes"] = room.options(
                room.catalog.unitClasses.map { ($0.id, room.say($0.nameKey)) }, selected: room.value("add_unit", "class"))
            view["parents"] = parents(room, selected: room.value("add_unit", "parent", call.query("parent")))
            view["land"] = room.landOptions(selected: room.value("add_unit", "grid"))
            view["name"] = room.value("add_unit", "name")
            view["code"] = room.value("add_unit", "code")
            return room.say("admin.units")
        }
    }

    /// Units in force within reach, each below its parent, by name.
    private static func branches(_ room: AdminRoom) -> [(unit: WorkUnit, depth: Int)] {
        let day = room.now.day(in: room.house.zone)
        let known = room.book.units.values.filter { $0.from <= day && day < $0.to && room.scope.admits(land: room.path(of: $0)) }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        let ids = Set(known.map(\.id))
        let below = Dictionary(grouping: known) { unit in unit.parent.flatMap { ids.contains($0) ? $0 : nil } }
        var rows: [(WorkUnit, Int)] = []
        func add(_ parent: UnitID?, _ depth: Int) {
            guard depth < 32 else { return }
            for unit in below[parent] ?? [] {
                rows.append((unit, depth))
                add(unit.id, depth + 1)
            }
        }
        add(nil, 0)
        return rows
    }

    private static func parents(_ room: AdminRoom, selected: String, without own: UnitID? = nil) -> [View] {
        let rows = branches(room).filter { $0.unit.id != own }.map {
            (value: $0.unit.id.description, label: String(repeating: "\u{3000}", count: $0.depth) + $0.unit.name)
        }
        return room.options([(value: "", label: room.say("admin.unit.no_parent"))] + rows, selected: selected)
    }

    // MARK: One unit

    static func show(_ call: Call) async throws -> Response { try await page(call, try call.id("unit")) }

    static func act(_ call: Call) async throws -> Response {
        let (id, verb) = (try call.id("unit", as: UnitID.self), try call.parameter("act"))
        return try await AdminRoom.take(call, verb: verb, page: { try await page(call, id, $0) }) { act in
            let (house, form) = (call.house, call.form)
            let posts = house.posts
            switch verb {
            case "add_post":
                let name = try await house.database.read { tx in try posts.book(in: tx).units[id]?.name }
                guard let name else { throw PostsRefusal.unknownUnit }
                return try await PostRows.add(call, at: .unit(id), named: name, act)
            case "rename_unit": try await house.database.write { tx in try posts.renameUnit(id, to: form["name"], act: act, in: tx) }
            case "move_unit":
                try await house.database.write { tx in try posts.moveUnit(id, under: UnitID(form["parent"]), act: act, in: tx) }
            case "end_unit":
                let day = try call.formDay("on") ?? call.now.day(in: house.zone)
                try await house.database.write { tx in
                    try posts.endUnit(id, on: day, successor: UnitID(form["successor"]), act: act, in: tx)
                }
            case "add_remit": try await RemitRows.add(call, owner: .unit(id), grid: nil, act)
            case "end_remit": try await RemitRows.end(call, act)
            default: throw Call.missing
            }
            return Paths.adminUnit(id)
        }
    }

    private static func page(_ call: Call, _ id: UnitID, _ typed: AdminTyped? = nil) async throws -> Response {
        try await AdminRoom.page(call, "unit", typed: typed) { room, view in
            guard let unit = room.book.units[id] else { throw Call.missing }
            try room.require(room.path(of: unit))
            view["name"] = unit.name
            view["code"] = unit.code ?? ""
            view["class"] = room.say("unit_class.\(unit.unitClass)")
            view["period"] = room.period(unit.from, unit.to)
            view["base"] = Paths.adminUnit(id)
            if !unit.inside { view["outside"] = room.say("admin.unit.outside") }
            if let grid = unit.grid.flatMap({ room.today[$0] }) {
                view["seat"] = ["href": Paths.adminGrid(grid.id), "name": grid.name] as View
            }
            if let parent = unit.parent.flatMap({ room.book.units[$0] }) {
                view["parent"] = ["href": Paths.adminUnit(parent.id), "name": parent.name] as View
            }
            let rows = PostRows(room: room)
            view["posts"] = try rows.view(room.book.posts(atUnit: id, at: room.now))
            view["inner"] = room.book.units.values.filter { $0.parent == id && $0.to == .end }.sorted {
                ($0.name, $0.id) < ($1.name, $1.id)
            }
            .map { ["href": Paths.adminUnit($0.id), "name": $0.name, "class": room.say("unit_class.\($0.unitClass)")] as View }
            view["remits"] = RemitRows(room: room).view(RemitRows(room: room).own(.unit(id)), owner: false)
            guard unit.to == .end else {
                view["over"] = room.say("admin.unit.over", ["day": room.times.date(unit.to)])
                return unit.name
            }
            view["isNow"] = true
            view["mayRemit"] = unit.inside
            view["roles"] = rows.roles(.unit(class: unit.unitClass))
            if rows.roles(.unit(class: unit.unitClass)).isEmpty { view["noRole"] = true }
            view["postName"] = room.value("add_post", "name")
            view["postFrom"] = room.value("add_post", "from")
            view["newName"] = room.value("rename_unit", "name", unit.name)
            view["parents"] = parents(room, selected: room.value("move_unit", "parent", unit.parent?.description ?? ""), without: id)
            view["successors"] = parents(room, selected: room.value("end_unit", "successor", unit.parent?.description ?? ""), without: id)
            view["endOn"] = room.value("end_unit", "on")
            view["subjects"] = room.subjectGroups(selected: room.value("add_remit", "subject"))
            view["land"] = room.landOptions(selected: room.value("add_remit", "grid", unit.grid?.description ?? ""))
            view["remitFrom"] = room.value("add_remit", "from")
            return unit.name
        }
    }
}
