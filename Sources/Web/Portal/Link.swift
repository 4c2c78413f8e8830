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
    /// The matter it was reported as, where it has been merged since.
    var first: Matter?
    /// Whom to call, and where.
    var phone: (post: String, number: String)?

    /// - Throws: *not found* for a token that opens nothing (any more).
    static func open(_ call: Call) async throws -> Link {
        let token = try call.parameter("token")
        let (house, now) = (call.house, call.now)
        let found: Link? = try await house.database.read { tx in
            guard let pass = try house.posts.pass(token, at: now, in: tx),
                let report = try house.matters.report(ReportID(pass.subject.id), in: tx),
                let view = try house.matters.view(report.matter, for: pass.actor, at: now, in: tx)
            else { return nil }
            var link = Link(token: token, report: report.id, actor: pass.actor, view: view, book: try house.posts.book(in: tx))
            if report.matter != report.firstMatter { link.first = try house.matters.matter(report.firstMatter, in: tx) }
            if let held = link.held?.post, let post = link.book.posts[held], link.matter.state == .open {
                let upward = [post] + [link.book.above(held, at: now).flatMap { link.book.posts[$0] }].compactMap(\.self)
                link.phone = try house.posts.publicPosts(of: upward, at: now, in: tx).lazy.compactMap { face in
                    face.phones.first.map { (face.post.name, $0) }
                }.first
            }
            return link
        }
        guard let found else { throw PlainRefusal("portal.no_such_report", sort: .missing) }
        return found
    }

    var matter: Matter { view.matter }
    func post(_ id: PostID) -> String { book.posts[id]?.name ?? "" }
    /// The whole limit of the matter, not that of the next step.
    var finishBy: RunningClock? {
        view.clocks.last { $0.part == nil && $0.stoppedAt == nil && !$0.isPaused && view.kind.clocks[$0.name]?.closes == false }
    }
    /// Who has it now: the land's part, not those asked to help.
    var held: Part? { view.parts.last { $0.isOpen && $0.ask == nil } }

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
        if let part = link.held {
            let key = part.state == .offered ? "report.who" : "progress.now.holds"
            view["who"] = call.say(key, ["post": link.post(link.book.answering(for: part.post, at: call.now) ?? part.post)])
            var by: [String] = []
            if part.state == .offered, let take = part.takeBy { by.append(call.say("report.who.by", ["moment": call.times.moment(take)])) }
            if let due = link.finishBy?.dueAt { by.append(call.say("receipt.finish", ["moment": call.times.moment(due)])) }
            view["whoBy"] = by
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
            _ = try await house.database.write { tx in try house.matters.perform(verb, on: link.matter.id, input: input, act: act, in: tx) }
            return call.redirect(to: Paths.progress(link.token))
        } catch let refusal as any Refusal {
            return try ProgressPage.page(call, try await Link.open(call), refused: refusal)
        }
    }
}
