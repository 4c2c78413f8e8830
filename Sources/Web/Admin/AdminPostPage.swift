import Basics
import Catalog
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// One post: who holds it, who held it, and what can be done with it (row B3).
enum AdminPostPage {
    static func show(_ call: Call) async throws -> Response { try await page(call, try call.id("post")) }

    static func act(_ call: Call) async throws -> Response {
        let (id, verb) = (try call.id("post", as: PostID.self), try call.parameter("act"))
        return try await AdminRoom.take(call, verb: verb, page: { try await page(call, id, $0) }) { act in
            let (house, form) = (call.house, call.form)
            switch verb {
            case "rename_post":
                try await house.database.write { [posts = house.posts] tx in try posts.renamePost(id, to: form["name"], act: act, in: tx) }
            case "end_post":
                let day = try call.formDay("on") ?? call.now.day(in: house.zone)
                try await house.database.write { [posts = house.posts] tx in
                    try posts.endPost(id, on: day, successor: PostID(form["successor"]), act: act, in: tx)
                }
            case "begin_holding": try await begin(call, id, act)
            case "end_holding":
                guard let holding = HoldingID(form["holding"]) else { throw PostsRefusal.unknownHolding }
                let moment = try call.formMoment("on")
                try await house.database.write { [posts = house.posts] tx in try posts.endHolding(holding, at: moment, act: act, in: tx) }
            case "add_remit": try await RemitRows.add(call, owner: .post(id), grid: nil, act)
            case "end_remit": try await RemitRows.end(call, act)
            default: throw Call.missing
            }
            return Paths.adminPost(id)
        }
    }

    /// Puts somebody found, or somebody new, on the post; both in one write, so that a refusal leaves no person behind.
    private static func begin(_ call: Call, _ post: PostID, _ act: Act) async throws {
        let (house, form) = (call.house, call.form)
        guard let sort = Holding.Sort(rawValue: form["sort"].isEmpty ? Holding.Sort.regular.rawValue : form["sort"]) else {
            throw FormReader.unreadable
        }
        let (from, to) = (try call.formMoment("from"), try call.formDay("until").map { Instant($0, in: house.zone) })
        let known = PersonID(form["person"])
        guard known != nil || !form["name"].isEmpty else { throw PlainRefusal("admin.no_person") }
        let new = Person(
            id: PersonID(act.derived("person")), name: form["name"], phone: form["phone"].isEmpty ? nil : String(form["phone"].prefix(40)),
            language: house.catalog.platform.languages.first ?? .chinese)
        try await house.database.write { [posts = house.posts] tx in
            if known == nil { try posts.addPerson(new, act: act, in: tx) }
            let holding = Holding(
                id: HoldingID(act.derived("holding")), post: post, person: known ?? new.id, from: from, to: to, sort: sort)
            try posts.beginHolding(holding, act: act, in: tx)
        }
    }

    private static func page(_ call: Call, _ id: PostID, _ typed: AdminTyped? = nil) async throws -> Response {
        try await AdminRoom.page(call, "post", typed: typed) { room, view in
            guard let post = room.book.posts[id] else { throw Call.missing }
            try room.require(post.path)
            view["name"] = post.name
            view["role"] = room.roleName(post.role)
            view["seat"] = try room.seatName(post)
            view["seatHref"] = room.seatPath(post)
            view["period"] = room.period(post.from, post.to)
            view["seats"] = room.say("admin.seats.\(post.seats.rawValue)")
            view["base"] = Paths.adminPost(id)
            let all = try room.house.posts.holdings(of: id, in: room.tx)
            let persons = try room.house.posts.persons(all.map(\.person), in: room.tx)
            let rows = HolderRow(room: room, persons: persons)
            view["held"] = all.filter { $0.to.map { $0 > room.now } ?? true }.map(rows.view)
            view["past"] = all.filter { $0.to.map { $0 <= room.now } ?? false }.reversed().map(rows.view)
            if !room.book.isFilled(id, at: room.now) {
                view["vacant"] = room.say("admin.vacant")
                view["by"] = room.book.answering(for: id, at: room.now).map(room.answers) ?? room.say("admin.answers.nobody")
            }
            guard post.to == .end else {
                view["over"] = room.say("admin.post.over", ["day": room.times.date(post.to)])
                return post.name
            }
            view["isNow"] = true
            view["mayRemit"] = room.book.isInside(post)
            try beginForm(room, post, &view)
            view["newName"] = room.value("rename_post", "name", post.name)
            view["endOn"] = room.value("end_post", "on")
            view["successors"] = room.options(
                successors(post, room).map { ($0.id.description, $0.name) }, selected: room.value("end_post", "successor"))
            view["remits"] = RemitRows(room: room).view(RemitRows(room: room).own(.post(id)), owner: false)
            view["subjects"] = room.subjectGroups(selected: room.value("add_remit", "subject"))
            view["land"] = room.landOptions(selected: room.value("add_remit", "grid"))
            view["remitFrom"] = room.value("add_remit", "from")
            return post.name
        }
    }

    private static func beginForm(_ room: AdminRoom, _ post: Post, _ view: inout View) throws {
        let words = room.value("begin_holding", "q", room.call.query("q"))
        let picked = room.value("begin_holding", "person", room.call.query("person"))
        var found = try room.house.posts.findPersons(words, limit: 20, in: room.tx)
        if let id = PersonID(picked), !found.contains(where: { $0.id == id }), let person = try? room.house.posts.person(id, in: room.tx) {
            found.insert(person, at: 0)
        }
        view["q"] = words
        view["found"] = found.map { person in
            var row: View = ["value": person.id.description, "name": person.name, "phone": person.phone ?? ""]
            row["posts"] = room.heldWords(person.id)
            if picked == person.id.description { row["checked"] = true }
            return row
        }
        if found.isEmpty, !words.isEmpty { view["notFound"] = room.say("admin.people.none", ["words": words]) }
        view["personName"] = room.value("begin_holding", "name")
        view["personPhone"] = room.value("begin_holding", "phone")
        view["from"] = room.value("begin_holding", "from")
        view["until"] = room.value("begin_holding", "until")
        // The usual lengths, offered beside the calendar: one tap instead of a date typed.
        let today = room.now.day(in: room.house.zone)
        view["untils"] = [14, 30, 90].map { days -> View in
            let words =
                days % 7 == 0
                ? room.say("admin.until.weeks", ["count": String(days / 7)]) : room.say("admin.until.days", ["count": String(days)])
            return ["day": (today + days).description, "label": words]
        }
        // Beside somebody who holds the one seat only an acting holder fits.
        let isTaken = post.seats == .one && room.book.isFilled(post, at: room.now)
        view["sorts"] = room.options(
            Holding.Sort.allCases.map { ($0.rawValue, room.say("admin.sort.\($0.rawValue)")) },
            selected: room.value("begin_holding", "sort", isTaken ? Holding.Sort.acting.rawValue : Holding.Sort.regular.rawValue))
    }

    /// Posts that might take over: those of the same seat, and those of the same role on the land around.
    private static func successors(_ post: Post, _ room: AdminRoom) -> [Post] {
        let around = post.path.parent.flatMap(\.parent) ?? post.path.parent ?? post.path
        let near = Set(room.book.posts(beside: post, at: room.now) + room.book.posts(of: post.role, below: around, at: room.now))
        return near.filter { $0.id != post.id }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.prefix(200).map(\.self)
    }
}
