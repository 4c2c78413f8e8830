import Basics
import Matters
import Posts
import Store

/// One act taken in from any page: what was filled in goes to the engine, its photos after it.
enum ActPress {
    /// The act's id as the form carries it. A form without one is still one act, only not a repeatable one.
    static func id(_ call: Call) -> UUIDv7 { UUIDv7(call.form["act"]) ?? UUIDv7(at: call.now) }

    /// Looking for a grid to choose, with its button or with Enter: nothing is done yet.
    static func isLooking(_ form: Form) -> Bool { form.has("find") || form["find_grid"] != form["was_find_grid"] }

    /// - Returns: true when a photo that came with it could not be kept.
    /// - Throws: *not found* for a matter that is not the reader's to see as staff; else what the engine refuses.
    static func perform(_ call: Call, _ verb: String, on id: MatterID, as actID: UUIDv7) async throws -> Bool {
        guard let session = call.session else { throw Permission.refusal }
        let (house, form, now) = (call.house, call.form, call.now)
        let act = Act(id: actID, at: now, actor: session.actor)
        let files = form.files("photo")
        let photos = files.indices.map { PhotoID(actID.derived("photo \($0)")) }
        try await house.database.read { tx in
            guard let matter = try house.matters.matter(id, in: tx), !session.actor.heldPosts.isEmpty,
                try house.matters.sees(session.actor, matter, at: now, in: tx)
            else { throw Call.missing }
        }
        let input = try ActInput(form, photos: photos, other: try await number(form["number"], call))
        let performed = try await house.database.write { tx in try house.matters.perform(verb, on: id, input: input, act: act, in: tx) }
        var photoRefused = form.hasTooLarge
        guard !performed.repeated else { return photoRefused }
        for (photo, file) in zip(photos, files) {
            if try await PhotoDoor(call: call).take(file.path, as: photo, actor: session.actor) != nil { photoRefused = true }
        }
        return photoRefused
    }

    /// A matter named by its number; nil when none is named.
    private static func number(_ number: String, _ call: Call) async throws -> MatterID? {
        guard !number.isEmpty, let actor = call.session?.actor else { return nil }
        let (now, matters) = (call.now, call.house.matters)
        let found = try await call.house.database.read { tx -> MatterID? in
            guard let matter = try matters.matter(number: String(number.prefix(40)), in: tx) else { return nil }
            return try matters.sees(actor, matter, at: now, in: tx) ? matter.id : nil
        }
        guard let found else { throw MatterRefusal.unknown }
        return found
    }
}
