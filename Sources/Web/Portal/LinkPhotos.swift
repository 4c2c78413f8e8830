import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// Photos to and from a private link.
enum LinkPhotos {
    /// One more photo of the report; the modules send it with its slot, a plain form without.
    static func take(_ call: Call) async throws -> Response {
        try call.spend(call.house.limits.photo)
        let link = try await Link.open(call)
        let wantsJSON = call.request.headers[.accept]?.contains("json") ?? false
        let open = link.view.photos.filter { $0.report == link.report && $0.state != .here }.map(\.id).sorted()
        let wanted = Int(call.form["slot"]).map { Taking.photo(link.report, $0) }
        // What has arrived already is answered as if it had just come: the phone may not have heard the first answer.
        if let wanted, link.view.photos.contains(where: { $0.id == wanted && $0.state == .here }) { return answer(call, link, wantsJSON) }
        guard let photo = wanted.flatMap({ open.contains($0) ? $0 : nil }) ?? open.first else { throw MatterRefusal.nothingOpen }
        if call.form.hasTooLarge {
            // The phone gives it up, so the page must not go on waiting for it.
            let (house, act) = (call.house, Act(id: photo.uuid.derived("large"), at: call.now, actor: link.actor))
            _ = try await house.database.write { tx in try house.matters.photoRefused(photo, act: act, in: tx) }
            throw PhotoRefusal.tooLarge
        }
        guard let file = call.form.files("photo").first else { throw PhotoRefusal.notAPhoto }
        if let refusal = try await PhotoDoor(call: call).take(file.path, as: photo, actor: link.actor) {
            guard wantsJSON else { return try ProgressPage.page(call, try await Link.open(call), refused: refusal) }
            throw refusal
        }
        return answer(call, link, wantsJSON)
    }

    private static func answer(_ call: Call, _ link: Link, _ wantsJSON: Bool) -> Response {
        wantsJSON ? call.json(["state": "here"]) : call.redirect(to: Paths.progress(link.token))
    }

    static func show(_ call: Call) async throws -> Response {
        let link = try await Link.open(call)
        let digest = try call.parameter("digest")
        guard link.view.photos.contains(where: { $0.state == .here && ($0.digest == digest || $0.small == digest) }) else {
            throw Call.missing
        }
        return try PhotoFile.answer(call, digest)
    }
}

/// A stored picture, for whoever may see a matter it belongs to.
enum PhotoFile {
    static func show(_ call: Call) async throws -> Response {
        let (house, now, actor) = (call.house, call.now, call.session?.actor ?? .stranger)
        let digest = try call.parameter("digest")
        let visible = try await house.database.read { tx in try house.matters.photoIsVisible(digest, to: actor, at: now, in: tx) }
        guard visible else { throw Call.missing }
        return try answer(call, digest)
    }

    static func answer(_ call: Call, _ digest: String) throws -> Response {
        let tag = "\"\(digest.prefix(32))\""
        let headers: HTTPFields = [.contentType: "image/jpeg", .cacheControl: "private, max-age=3600", .eTag: tag]
        if call.request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        guard let data = call.house.database.files.read(digest) else { throw Call.missing }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }
}
