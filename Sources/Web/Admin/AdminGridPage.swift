import Basics
import Catalog
import Geo
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// One grid: where it lies, who answers, what is below it, how it came to be (rows A1, A7, B3).
enum AdminGridPage {
    static func top(_ call: Call) async throws -> Response {
        let id = try await call.house.database.read { tx in try AdminRoom(call, in: tx).top().id }
        return call.redirect(to: Paths.adminGrid(id))
    }

    static func show(_ call: Call) async throws -> Response { try await page(call, try call.id("grid")) }

    static func act(_ call: Call) async throws -> Response {
        let (id, verb) = (try call.id("grid", as: GridID.self), try call.parameter("act"))
        return try await AdminRoom.take(call, verb: verb, page: { try await page(call, id, $0) }) { act in
            switch verb {
            case "add_post":
                let name = try await call.house.database.read { tx in try AdminRoom(call, in: tx).today[id]?.name }
                guard let name else { throw PostsRefusal.unknownGrid }
                return try await PostRows.add(call, at: .grid(id), named: name, act)
            case "add_remit":
                guard let unit = UnitID(call.form["unit"]) else { throw PostsRefusal.unknownUnit }
                try await RemitRows.add(call, owner: .unit(unit), grid: id, act)
            case "end_remit": try await RemitRows.end(call, act)
            default: throw Call.missing
            }
            return Paths.adminGrid(id)
        }
    }

    private static func page(_ call: Call, _ id: GridID, _ typed: AdminTyped? = nil) async throws -> Response {
        let asked = Day(call.query("on"))
        return try await AdminRoom.page(call, "grid", typed: typed) { room, view in
            let history = GridHistory(id, room.land)
            guard let last = history.spells.last else { throw Call.missing }
            // A grid that is no more is shown as it was at its end.
            let shown = asked ?? (room.today[id] == nil ? last.to - 1 : room.now.day(in: room.house.zone))
            let day = room.land.on(shown)
            guard let ref = day[id] ?? room.land.on(last.to - 1)[id] else { throw Call.missing }
            try room.require(ref.path)
            try place(ref, day, shown, asked, room, &view)
            view["history"] = history.spells.reversed().map { spell in
                [
                    "period": room.period(spell.from, spell.to), "parent": room.land.on(spell.from)[spell.path.parent ?? .root]?.name ?? "",
                    "path": spell.path.text, "area": Self.area(spell.area, room.call),
                ] as View
            }
            if room.today[id] == nil {
                view["ended"] = room.say("admin.grid.ended", ["day": room.times.date(last.to)])
            } else {
                try people(ref, room, &view)
            }
            return ref.name
        }
    }

    private static func place(_ ref: GridRef, _ day: LandDay, _ shown: Day, _ asked: Day?, _ room: AdminRoom, _ view: inout View) throws {
        let shape = day.shape(of: ref.id)
        view["id"] = ref.id.description
        view["name"] = ref.name
        view["code"] = ref.code
        view["level"] = room.levelName(ref.level)
        view["period"] = room.period(ref.grid.from, ref.grid.to)
        view["area"] = Self.area(shape.area, room.call)
        if let nature = ref.nature { view["nature"] = room.say("nature.\(nature)") }
        view["chain"] = day.chain(to: ref).dropLast().filter { room.scope.admits(land: $0.path) }.map {
            ["href": Paths.adminGrid($0.id), "name": $0.name] as View
        }
        view["attributes"] = ref.grid.attributes.sorted { $0.key < $1.key }.map { ["name": $0.key, "value": $0.value] as View }
        let box = shape.isEmpty ? day.children(of: ref.id).reduce(Box.empty) { $0.union(day.shape(of: $1.id).box) } : shape.box
        if !box.isEmpty {
            var picture = try MapSVG.picture(room.house, MapFrame(showing: box, height: 320), at: room.now, in: room.tx)
            picture.outline = shape
            view["map"] = picture.svg(title: room.say("admin.grid.map", ["name": ref.name]))
        }
        view["on"] = shown.description
        if asked != nil { view["onWords"] = room.say("admin.grid.on", ["day": room.times.date(shown)]) }
        view["counts"] = day.counts(under: ref.path).map { count in
            var row: View = ["level": room.levelName(count.level), "grids": count.grids, "dedicated": count.dedicated]
            if count.dedicated > 0 {
                row["natures"] = count.natures.sorted { $0.key < $1.key }.map { room.say("nature.\($0.key)") + " \($0.value)" }.joined(
                    separator: room.say("desk.and"))
            }
            return row
        }
        view["inner"] = try inner(ref, day, room)
    }

    /// The grids just below, each with who answers for it now.
    private static func inner(_ ref: GridRef, _ day: LandDay, _ room: AdminRoom) throws -> [View] {
        let children = day.children(of: ref.id)
        let leaders = children.map { child in
            room.book.posts(atPath: child.path, at: room.now).filter { $0.grid == child.id && room.book.roles[$0.role]?.answersFor != nil }
                .flatMap { room.book.holders(of: $0.id, at: room.now) }.map(\.person)
        }
        let names = try room.house.posts.persons(leaders.joined().map(\.self), in: room.tx)
        return zip(children, leaders).map { child, own in
            var row: View = [
                "href": Paths.adminGrid(child.id), "name": child.name, "code": child.code,
                "level": child.nature.map { room.say("nature.\($0)") } ?? room.levelName(child.level),
            ]
            let words = own.compactMap { names[$0]?.name }
            if words.isEmpty {
                row["nobody"] = room.say("admin.grid.nobody")
            } else {
                row["leaders"] = words.prefix(6).joined(separator: room.say("desk.and"))
            }
            return row
        }
    }

    private static func people(_ ref: GridRef, _ room: AdminRoom, _ view: inout View) throws {
        let rows = PostRows(room: room)
        view["isNow"] = true
        view["posts"] = try rows.view(room.book.posts(atPath: ref.path, at: room.now))
        view["roles"] = rows.roles(.grid(level: ref.grid.isRoot ? nil : ref.level))
        if rows.roles(.grid(level: ref.grid.isRoot ? nil : ref.level)).isEmpty { view["noRole"] = true }
        view["postName"] = room.value("add_post", "name")
        view["postFrom"] = room.value("add_post", "from")
        view["base"] = Paths.adminGrid(ref.id)
        view["units"] = room.book.units.values.filter { $0.grid == ref.id && $0.to == .end }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
            .map { ["href": Paths.adminUnit($0.id), "name": $0.name] as View }
        view["remits"] = RemitRows(room: room).view(room.book.dutyList(of: ref.path, on: room.now))
        view["subjects"] = room.subjectGroups(selected: room.value("add_remit", "subject"))
        let owners = room.book.units.values.filter { $0.inside && $0.to == .end }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        view["owners"] = room.options(owners.map { ($0.id.description, $0.name) }, selected: room.value("add_remit", "unit"))
        view["remitFrom"] = room.value("add_remit", "from")
    }

    static func area(_ meters: Double, _ call: Call) -> String {
        meters >= 1_000_000
            ? call.say("admin.area.km", ["area": String((meters / 10_000).rounded() / 100)])
            : call.say("admin.area.m", ["area": String(Int(meters.rounded()))])
    }
}

/// Where a grid stood and what shape it had, one spell after another.
struct GridHistory {
    struct Spell {
        let from: Day
        var to: Day
        let path: Path
        let parent: GridID?
        let shape: MultiPolygon
        var area: Double { shape.area }
    }

    private(set) var spells: [Spell] = []

    init(_ id: GridID, _ land: Land) {
        var day = Day.beginning
        // A grid cannot have more spells than the land has turns.
        while true {
            let next = land.nextTurn(after: day) ?? .end
            let here = land.on(day)
            if let ref = here[id] {
                let shape = here.shape(of: id)
                if let last = spells.last, last.to == day, last.path == ref.path, last.parent == ref.parent, last.shape == shape {
                    spells[spells.count - 1].to = next
                } else {
                    spells.append(Spell(from: day, to: next, path: ref.path, parent: ref.parent, shape: shape))
                }
            }
            if next == .end { break }
            day = next
        }
    }
}
