import Basics
import Catalog
import Grids
import Posts
import Store

/// Posts with their holders, and the form that adds one: the same on the pages of grids, units and places.
struct PostRows {
    let room: AdminRoom

    /// In the order in which they answer.
    func view(_ posts: [Post]) throws -> [View] {
        let holders = Dictionary(uniqueKeysWithValues: posts.map { ($0.id, room.book.holders(of: $0.id, at: room.now)) })
        let persons = try room.house.posts.persons(holders.values.joined().map(\.person), in: room.tx)
        return posts.map { post in
            var row: View = ["href": Paths.adminPost(post.id), "name": post.name, "role": room.roleName(post.role)]
            let own = holders[post.id] ?? []
            row["holders"] = own.map { HolderRow(room: room, persons: persons).view($0) }
            if own.isEmpty {
                row["vacant"] = room.say("admin.vacant")
                row["by"] = room.book.answering(for: post.id, at: room.now).map(room.answers) ?? room.say("admin.answers.nobody")
                row["fill"] = Paths.adminPost(post.id) + "#begin"
            }
            return row
        }
    }

    /// Roles of the catalog that sit at such a seat.
    func roles(_ seat: Role.Seat) -> [View] {
        let fitting = room.catalog.roles.filter { $0.seat == seat }
        return room.options(fitting.map { ($0.id, room.say($0.nameKey)) }, selected: room.value("add_post", "role"))
    }

    /// Adds the post a form describes; without a name it is called after its seat and its role.
    /// - Returns: the page of the new post.
    static func add(_ call: Call, at seat: Seat, named seatName: String, _ act: Act) async throws -> String {
        let (house, role, name, from) = (call.house, call.form["role"], call.form["name"], try call.formDay("from"))
        let catalog = house.catalog
        let roleName = catalog.strings.text(catalog.role(role)?.nameKey ?? role, catalog.platform.languages.first ?? .chinese)
        let new = NewPost(
            id: PostID(act.derived("post")), role: role, name: name.isEmpty ? "\(seatName) \(roleName)" : name, seat: seat,
            from: from ?? .beginning)
        try await house.database.write { [posts = house.posts] tx in try posts.addPost(new, act: act, in: tx) }
        return Paths.adminPost(new.id)
    }
}

struct HolderRow {
    let room: AdminRoom
    let persons: [PersonID: Person]

    func view(_ holding: Holding) -> View {
        var row: View = [
            "id": holding.id.description, "person": persons[holding.person]?.name ?? "", "href": Paths.adminPerson(holding.person),
            "sort": room.say("admin.sort.\(holding.sort.rawValue)"), "period": room.period(holding),
        ]
        if holding.sort != .regular { row["special"] = true }
        if holding.to.map({ $0 > room.now }) ?? true { row["lasts"] = true }
        if holding.from > room.now { row["coming"] = room.say("admin.coming") }
        return row
    }
}

/// Remits as rows, with the form that adds one; on the pages of grids, units and posts.
struct RemitRows {
    let room: AdminRoom

    func view(_ remits: [Remit], owner: Bool = true) -> [View] {
        remits.prefix(300).map { remit in
            var row: View = [
                "id": remit.id.description, "subject": room.subjectName(remit.subject), "land": room.gridName(remit.path),
                "period": room.period(remit.from, remit.to),
            ]
            if let grid = room.today[remit.path] { row["landHref"] = Paths.adminGrid(grid.id) }
            if owner {
                switch remit.owner {
                case .unit(let id):
                    row["owner"] = room.book.units[id]?.name ?? ""
                    row["ownerHref"] = Paths.adminUnit(id)
                case .post(let id):
                    row["owner"] = room.postName(id)
                    row["ownerHref"] = Paths.adminPost(id)
                }
            }
            if room.scope.admits(land: remit.path) { row["mayEnd"] = true }
            return row
        }
    }

    /// Remits of one owner that have not ended, future ones too.
    func own(_ owner: Remit.Owner) -> [Remit] {
        let day = room.now.day(in: room.house.zone)
        return room.book.remits.values.joined().filter { $0.owner == owner && $0.to > day }.sorted {
            ($0.subject, $0.path, $0.id) < ($1.subject, $1.path, $1.id)
        }
    }

    /// - Parameter grid: the land; nil takes the one the form names.
    static func add(_ call: Call, owner: Remit.Owner, grid: GridID?, _ act: Act) async throws {
        let (house, subject, from) = (call.house, call.form["subject"], try call.formDay("from") ?? call.now.day(in: call.house.zone))
        guard let grid = grid ?? GridID(call.form["grid"]) else { throw PostsRefusal.unknownGrid }
        let catalog = house.catalog
        guard subject == Remit.anySubject || catalog.departments.contains(subject) || catalog.category(subject) != nil else {
            throw PlainRefusal("admin.unknown_subject")
        }
        try await house.database.write { tx in
            guard let path = try house.grids.land(in: tx).on(act.at.day(in: house.zone))[grid]?.path else { throw PostsRefusal.unknownGrid }
            let remit = Remit(id: RemitID(act.derived("remit")), owner: owner, subject: subject, path: path, from: from)
            try house.posts.addRemit(remit, act: act, in: tx)
        }
    }

    static func end(_ call: Call, _ act: Act) async throws {
        guard let id = RemitID(call.form["remit"]) else { throw PostsRefusal.unknownRemit }
        let (posts, day) = (call.house.posts, try call.formDay("on") ?? call.now.day(in: call.house.zone))
        try await call.house.database.write { tx in try posts.endRemit(id, on: day, act: act, in: tx) }
    }
}
