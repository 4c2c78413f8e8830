import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// What the holder of a private link sees: one report, its matter, every step. The token is the whole authority.
struct Link: Sendable {
    let token: String
    let report: ReportID
    let actor: Actor
    let view: MatterView
    let book: PostBook

    /// - Throws: *not found* for a token that opens nothing (any more).
    static func open(_ call: Call) async throws -> Link {
        let token = try call.parameter("token")
        let (house, now) = (call.house, call.now)
        let found: Link? = try await house.database.read { tx in
            guard let pass = try house.posts.pass(token, at: now, in: tx),
                let report = try house.matters.report(ReportID(pass.subject.id), in: tx),
                let view = try house.matters.view(report.matter, for: pass.actor, at: now, in: tx)
            else { return nil }
            return Link(token: token, report: report.id, actor: pass.actor, view: view, book: try house.posts.book(in: tx))
        }
        guard let found else { throw PlainRefusal("portal.no_such_report", sort: .missing) }
        return found
    }

    var matter: Matter { view.matter }
    func post(_ id: PostID) -> String { book.posts[id]?.name ?? "" }

    /// The reporter's action of a sort, if it is open now.
    func action(_ does: Mechanism, answer: Bool? = nil) -> Action? {
        view.actions.first { $0.does == does && $0.by.contains(.reporter) && (answer == nil || $0.answer == answer) }
    }

    func href(_ action: Action) -> String { Paths.linkAct(token, action.id) }

    /// What the page says about photos that are not here.
    func photoState(_ call: Call, _ view: inout View) {
        view["report"] = report.description
        view["photoHref"] = Paths.linkPhoto(token)
        let own = self.view.photos.filter { $0.report == report }
        if own.contains(where: { $0.state == .awaited }) {
            view["awaited"] = true
        } else if own.contains(where: { $0.state == .refused }), !own.contains(where: { $0.state == .here }) {
            view["photoRefused"] = call.say("photo.refused")
        }
    }
}

/// The page after sending: number, query code, private link with its QR code.
enum ReceiptPage {
    static func show(_ call: Call) async throws -> Response {
        let link = try await Link.open(call)
        let url = call.house.settings.publicURL + Paths.progress(link.token)
        var view: View = [
            "number": link.matter.number, "code": link.view.own?.queryCode ?? "", "href": Paths.progress(link.token), "link": url,
            "qr": QRPicture.svg(url, label: call.say("receipt.qr")) ?? "", "anotherHref": Paths.report,
        ]
        if link.matter.reporters > 1 { view["joined"] = true }
        if let part = link.view.parts.last(where: { $0.isOpen && $0.ask == nil }) {
            view["who"] = call.say("report.who", ["post": link.post(part.post)])
            if let by = part.takeBy { view["whoBy"] = call.say("report.who.by", ["moment": call.times.moment(by)]) }
        }
        link.photoState(call, &view)
        return try call.page("portal/receipt", title: call.say("receipt.title"), view)
    }
}

/// What the holder of the link does: confirm, rate, reply, withdraw. Each is an action of the matter's kind; reading never acts.
enum LinkActs {
    static func act(_ call: Call) async throws -> Response {
        let link = try await Link.open(call)
        let verb = try call.parameter("verb")
        var filled = ActInput()
        filled.words = call.form["words"].isEmpty ? nil : call.form["words"]
        filled.rating = Int(call.form["rating"])
        filled.report = link.report
        let (house, now, input) = (call.house, call.now, filled)
        // The form carries the id of the act, so a second press is the same act.
        let act = Act(id: UUIDv7(call.form["act"]) ?? UUIDv7(at: now), at: now, actor: link.actor)
        do {
            try call.spend(house.limits.report)
            guard link.view.kind.action(verb)?.by.contains(.reporter) == true else { throw MatterRefusal.noSuchAction(verb) }
            try await house.database.write { tx in try house.matters.perform(verb, on: link.matter.id, input: input, act: act, in: tx) }
            return call.redirect(to: Paths.progress(link.token))
        } catch let refusal as any Refusal {
            return try ProgressPage.page(call, try await Link.open(call), refused: refusal)
        }
    }
}

/// Photos to and from a private link.
enum LinkPhotos {
    /// One more photo of the report; the modules send it with its slot, a plain form without.
    static func take(_ call: Call) async throws -> Response {
        try call.spend(call.house.limits.photo)
        let link = try await Link.open(call)
        let wantsJSON = call.request.headers[.accept]?.contains("json") ?? false
        if call.form.hasTooLarge { throw PhotoRefusal.tooLarge }
        guard let file = call.form.files("photo").first else { throw PhotoRefusal.notAPhoto }
        let open = link.view.photos.filter { $0.report == link.report && $0.state != .here }.map(\.id).sorted()
        let wanted = Int(call.form["slot"]).map { Taking.photo(link.report, $0) }
        // What has arrived already is answered as if it had just come: the phone may not have heard the first answer.
        if let wanted, link.view.photos.contains(where: { $0.id == wanted && $0.state == .here }) { return answer(call, link, wantsJSON) }
        guard let photo = wanted.flatMap({ open.contains($0) ? $0 : nil }) ?? open.first else { throw MatterRefusal.nothingOpen }
        if let refusal = try await PhotoDoor(call: call).take(file.path, as: photo, actor: link.actor) { throw refusal }
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
