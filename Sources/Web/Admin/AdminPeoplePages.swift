import Basics
import Catalog
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts
import Store

/// People: search, one person with the posts held, and the account.
enum AdminPeoplePages {
    private static let stretching = KeyStretching(atOnce: 1)

    static func search(_ call: Call) async throws -> Response { try await list(call) }

    static func add(_ call: Call) async throws -> Response {
        try await AdminRoom.take(call, verb: "add_person", page: { try await list(call, $0) }) { act in
            let person = Person(
                id: PersonID(act.derived("person")), name: call.form["name"], phone: phone(call),
                language: call.house.catalog.platform.languages.first ?? .chinese)
            try await call.house.database.write { [posts = call.house.posts] tx in try posts.addPerson(person, act: act, in: tx) }
            return Paths.adminPerson(person.id)
        }
    }

    private static func phone(_ call: Call) -> String? { call.form["phone"].isEmpty ? nil : String(call.form["phone"].prefix(40)) }

    private static func list(_ call: Call, _ typed: AdminTyped? = nil) async throws -> Response {
        try await AdminRoom.page(call, "people", typed: typed) { room, view in
            guard room.administers || room.keepsAccounts else { throw Permission.refusal }
            let words = String(call.query("q").prefix(100))
            let found = try room.house.posts.findPersons(words, limit: 50, in: room.tx)
            view["q"] = words
            func line(_ person: Person) -> View {
                [
                    "href": Paths.adminPerson(person.id), "name": person.name, "phone": person.phone ?? "",
                    "posts": room.heldWords(person.id),
                ]
            }
            view["people"] = found.map(line)
            if room.keepsAccounts, words.isEmpty {
                view["waiting"] = try room.house.posts.withoutAccount(at: room.now, in: room.tx).map(line)
            }
            if found.isEmpty, !words.isEmpty { view["notFound"] = room.say("admin.people.none", ["words": words]) }
            view["name"] = room.value("add_person", "name", words)
            view["phone"] = room.value("add_person", "phone")
            return room.say("admin.people")
        }
    }

    static func show(_ call: Call) async throws -> Response { try await page(call, try call.id("person")) }

    static func act(_ call: Call) async throws -> Response {
        let (id, verb) = (try call.id("person", as: PersonID.self), try call.parameter("act"))
        let posts = call.house.posts
        switch verb {
        case "add_account", "reset_password": return try await password(call, id, verb)
        default: break
        }
        return try await AdminRoom.take(call, verb: verb, page: { try await page(call, id, $0) }) { act in
            let (database, form, phone) = (call.house.database, call.form, phone(call))
            switch verb {
            case "rename_person":
                try await database.write { tx in try posts.renamePerson(id, to: form["name"], phone: phone, act: act, in: tx) }
            case "disable_account": try await database.write { tx in try posts.setDisabled(true, of: id, act: act, in: tx) }
            case "enable_account": try await database.write { tx in try posts.setDisabled(false, of: id, act: act, in: tx) }
            case "reset_second_factor":
                try await database.write { tx in try posts.resetSecondFactor(of: id, act: act, in: tx) }
                call.alarm("second_factor.reset", ["whose": id.description])
            default: throw Call.missing
            }
            return Paths.adminPerson(id)
        }
    }

    /// Makes a password and shows it in this very answer, and never again.
    private static func password(_ call: Call, _ id: PersonID, _ verb: String) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let act = Act(id: UUIDv7(call.form["act"]) ?? UUIDv7(at: call.now), at: call.now, actor: session.actor)
        do {
            let (posts, name, made) = (call.house.posts, call.form["account"], MadePassword.new())
            let record = try await stretching.record(of: made)
            try await call.house.database.write { tx in
                if verb == "reset_password" { return try posts.setPassword(of: id, record: record, act: act, in: tx) }
                // Sent twice, the second password would not be the one that was kept.
                guard try posts.account(of: id, in: tx) == nil else { throw PlainRefusal("admin.has_account", sort: .conflict) }
                try posts.addAccount(of: id, name: name, record: record, act: act, in: tx)
            }
            return try await page(call, id, password: made)
        } catch let refusal as any Refusal {
            return try await page(call, id, AdminTyped(verb: verb, act: act.id, form: call.form, refusal: refusal))
        }
    }

    private static func page(_ call: Call, _ id: PersonID, _ typed: AdminTyped? = nil, password: String? = nil) async throws -> Response {
        try await AdminRoom.page(call, "person", typed: typed) { room, view in
            guard room.administers || room.keepsAccounts else { throw Permission.refusal }
            let posts = room.house.posts
            guard let person = try? posts.person(id, in: room.tx) else { throw Call.missing }
            view["name"] = person.name
            view["phone"] = person.phone ?? ""
            view["base"] = Paths.adminPerson(id)
            view["newName"] = room.value("rename_person", "name", person.name)
            view["newPhone"] = room.value("rename_person", "phone", person.phone ?? "")
            view["held"] = try posts.holdings(of: id, in: room.tx).reversed().map { holding in
                var row: View = [
                    "name": room.postName(holding.post),
                    "sort": room.say("admin.sort.\(holding.sort.rawValue)"),
                    "period": room.period(holding),
                ]
                // Whoever keeps accounts alone has no page of a post.
                if room.administers { row["href"] = Paths.adminPost(holding.post) }
                if holding.holds(at: room.now) { row["now"] = true }
                return row
            }
            if let account = try posts.account(of: id, in: room.tx) {
                var shown: View = ["name": account.name]
                if account.disabled { shown["disabled"] = true } else { shown["open"] = true }
                if let factor = try posts.secondFactor(of: id, at: room.now, in: room.tx) {
                    shown["factor"] = room.say("entry.app.since", ["day": room.times.date(factor.madeAt.day(in: room.house.zone))])
                }
                view["account"] = shown
            } else {
                view["noAccount"] = true
                view["accountName"] = room.value("add_account", "account", person.name)
            }
            if room.keepsAccounts { view["keepsAccounts"] = true } else { view["accountNote"] = room.say("admin.account.by_security") }
            if let password { view["password"] = password }
            return person.name
        }
    }
}

/// Passwords made here: letters and digits that are not mistaken for one another, about 70 bits.
enum MadePassword {
    private static let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")

    static func new() -> String {
        var random = SystemRandomNumberGenerator()
        return String((0..<14).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
    }
}
