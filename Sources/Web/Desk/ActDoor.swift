import Basics
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// Takes one act in: what was filled in goes to the engine, and the next matter of the queue opens.
enum ActDoor {
    static func perform(_ call: Call) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let (id, verb, house, form, now) = (
            try call.id("matter", as: MatterID.self), try call.parameter("verb"), call.house, call.form, call.now
        )
        let list = DeskList(form["list"], zone: house.zone)
        let before = try await house.database.read { tx in
            let room = try DeskRoom(call, list: list, at: now, in: tx)
            _ = try room.open(id)
            return try room.around(id)
        }
        // A form without an id of its own is still one act, only not a repeatable one.
        let actID = UUIDv7(form["act"]) ?? UUIDv7(at: now)
        let act = Act(id: actID, at: now, actor: session.actor)
        let files = form.files("photo")
        let photos = files.indices.map { PhotoID(actID.derived("photo \($0)")) }
        do {
            let other = try await number(form["number"], call)
            let input = try Self.input(form, photos: photos, other: other)
            let performed = try await house.database.write { tx in
                try house.matters.perform(verb, on: id, input: input, act: act, in: tx)
            }
            var photoRefused = form.hasTooLarge
            if !performed.repeated {
                for (photo, file) in zip(photos, files) {
                    if try await PhotoDoor(call: call).take(file.path, as: photo, actor: session.actor) != nil { photoRefused = true }
                }
            }
            let did = Did(id, verb, photoRefused: photoRefused)
            if let back = Paths.commandBack(form["back"]) { return call.redirect(to: back + "&did=" + did.text) }
            let stays = try await house.database.read { tx in try DeskRoom(call, list: list, at: now, in: tx).lists(id) }
            let target = stays ? Paths.deskMatter(id) : before.next.map(Paths.deskMatter) ?? Paths.desk
            return call.redirect(to: list.beside(target, [("did", did.text)]))
        } catch let refusal as any Refusal {
            let asked = DeskPage.Asked(verb: verb, act: actID, typed: form, refused: refusal)
            return try await DeskPage.page(call, list: list, matter: id, asked: asked)
        }
    }

    /// A matter named by its number; nil when none is named.
    private static func number(_ number: String, _ call: Call) async throws -> MatterID? {
        guard !number.isEmpty else { return nil }
        let now = call.now
        let found = try await call.house.database.read { tx -> MatterID? in
            guard let matter = try call.house.matters.matter(number: String(number.prefix(40)), in: tx) else { return nil }
            let room = try DeskRoom(call, list: DeskList("", zone: call.house.zone), at: now, in: tx)
            return try room.sees(matter) ? matter.id : nil
        }
        guard let found else { throw MatterRefusal.unknown }
        return found
    }

    /// - Throws: `MatterRefusal.badMilestones` for a line with only a name or only a day.
    static func input(_ form: Form, photos: [PhotoID], other: MatterID?) throws -> ActInput {
        func text(_ name: String) -> String? { form[name].isEmpty ? nil : form[name] }
        /// Only what was changed: a changed category brings its own class and urgency along.
        func changed(_ name: String) -> String? { form[name] == form["was_\(name)"] ? nil : text(name) }
        var input = ActInput()
        input.part = PartID(form["part"])
        input.words = text("words")
        input.reason = text("reason").map { String($0.prefix(60)) }
        input.posts = form.all("posts").prefix(50).compactMap { PostID($0) }
        input.units = form.all("units").prefix(50).compactMap { UnitID($0) }
        // One place at a time: a department that was chosen goes before the post that stood there already.
        if !input.units.isEmpty { input.posts = [] }
        input.category = changed("category")
        input.class = changed("class")
        input.urgency = changed("urgency")
        input.due = Day(form["due"])
        if input.due == nil, !form["due"].isEmpty { throw MatterRefusal.badDate(latest: nil) }
        input.other = other ?? MatterID(form["other"])
        input.rating = Int(form["rating"])
        input.outcome = text("outcome")
        input.photos = photos
        input.milestone = MilestoneID(form["milestone"])
        let (names, days) = (form.all("milestone_name"), form.all("milestone_day"))
        for (index, name) in names.enumerated() {
            let (name, day) = (name.trimmingSpaces, index < days.count ? days[index].trimmingSpaces : "")
            if name.isEmpty, day.isEmpty { continue }
            guard !name.isEmpty, let due = Day(day) else { throw MatterRefusal.badMilestones }
            input.milestones.append((name, due))
        }
        return input
    }
}

extension DeskRoom {
    /// What opens when this one has left the list: the one after it, else the one before.
    func around(_ id: MatterID) throws -> (next: MatterID?, isListed: Bool) {
        let rows = try matters.list(list.filter, for: actor, at: now, limit: 200, offset: list.page * DeskList.rowsOnPage, in: tx).map(
            \.matter.id)
        guard let at = rows.firstIndex(of: id) else { return (rows.first { $0 != id }, false) }
        return (at + 1 < rows.count ? rows[at + 1] : at > 0 ? rows[at - 1] : nil, true)
    }

    /// Whether this list still has it.
    func lists(_ id: MatterID) throws -> Bool { try around(id).isListed }
}
