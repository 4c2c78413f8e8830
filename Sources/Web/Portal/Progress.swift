import Basics
import Catalog
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// How far it is, in one sentence, then every step: who did what when, who does what by when.
enum ProgressPage {
    static func show(_ call: Call) async throws -> Response {
        try page(call, try await Link.open(call))
    }

    static func page(_ call: Call, _ link: Link, refused: (any Refusal)? = nil) throws -> Response {
        let headline = headline(call, link)
        var view: View = [
            "under": call.say("progress.private"), "number": link.matter.number, "headline": headline, "place": link.matter.place,
            "steps": LinkSteps(call: call, link: link).all, "act": UUIDv7(at: call.now).description,
        ]
        // A green tick over what was not solved would say the contrary of the words.
        let unsolved = link.matter.state == .closed && link.matter.outcome != .solved
        if !unsolved { call.mark(link.matter, &view) }
        if let refused { view["refused"] = call.say(refused) }
        if let late = link.matter.dueAt, link.matter.isLate(at: call.now) {
            view["late"] = call.say("progress.late", ["span": call.times.left(late)])
        }
        merged(call, link, &view)
        photos(call, link, &view)
        if let words = link.view.own?.words, !words.isEmpty { view["mine"] = words }
        // What was said to an end that was taken back or not accepted stands in the history, not on top.
        if link.matter.state != .open,
            let answer = link.view.steps.last(where: { $0.mechanism == .finish || $0.mechanism == .close })?.words
        {
            view[unsolved ? "reason" : "answer"] = answer
        }
        milestones(call, link, &view)
        ask(call, link, &view)
        phone(call, link, &view)
        link.photoState(call, &view)
        return try call.page("portal/progress", title: headline, view, status: refused?.sort.status ?? .ok)
    }

    /// The one sentence on top, in plain words.
    static func headline(_ call: Call, _ link: Link) -> String {
        let matter = link.matter
        let key =
            switch matter.state {
            case .void: "void"
            case .open: link.view.parts.contains { $0.isOpen && $0.state == .doing } ? "open" : "waiting"
            case .done: "done"
            case .merged: "open"
            case .closed:
                switch matter.outcome {
                case .notSolved: "not_solved"
                case .notOurs: "not_ours"
                case .withdrawn: "withdrawn"
                default: matter.confirmed == .yes ? "solved" : "closed"
                }
            }
        return call.say("progress.state.\(key)", ["title": call.title(of: matter)])
    }

    /// The reporter's own number still leads here, and the page says why another one stands on it.
    private static func merged(_ call: Call, _ link: Link, _ view: inout View) {
        guard let own = link.view.own, own.matter != own.firstMatter, let first = link.first else { return }
        view["merged"] = call.say("progress.merged", ["number": first.number, "other": link.matter.number])
    }

    private static func milestones(_ call: Call, _ link: Link, _ view: inout View) {
        view["milestones"] = link.view.milestones.map { milestone -> View in
            let day = call.times.date(milestone.reachedAt?.day(in: call.house.zone) ?? milestone.due)
            let late = milestone.reachedAt == nil && milestone.due < call.now.day(in: call.house.zone)
            return [
                "name": milestone.name, "class": milestone.reachedAt != nil ? "good" : late ? "bad" : "next",
                "when": call.say(
                    milestone.reachedAt != nil ? "progress.milestone.done" : late ? "progress.milestone.late" : "progress.milestone.due",
                    ["day": day]),
            ]
        }
        view["hasMilestones"] = !link.view.milestones.isEmpty
    }

    /// To call whoever has it, where the number of that post is for everybody; else whoever answers above it.
    private static func phone(_ call: Call, _ link: Link, _ view: inout View) {
        guard let phone = link.phone else { return }
        view["call"] = ["tel": Cards.dialled(phone.number), "label": call.say("progress.call", ["post": phone.post])] as View
    }

    private static func photos(_ call: Call, _ link: Link, _ view: inout View) {
        let here = link.view.photos.filter { $0.state == .here }
        let before = here.first { $0.report == link.report } ?? here.first { $0.role == .before }
        let after = here.last { $0.role == .after } ?? here.last { $0.role == .answer }
        let shown = [before, after].compactMap(\.self)
        view["hasPhotos"] = !shown.isEmpty
        view["photos"] = shown.map { photo -> View in
            let day = call.times.day(photo.at.day(in: call.house.zone))
            let caption =
                switch photo.role {
                case .before: call.say(photo.report == link.report ? "photo.yours" : "photo.before", ["day": day])
                case .after: call.say("photo.after", ["moment": call.times.moment(photo.at)])
                case .answer: call.say("photo.answer", ["moment": call.times.moment(photo.at)])
                }
            let digest = photo.digest ?? ""
            return ["src": Paths.linkFile(link.token, digest), "href": Paths.linkFile(link.token, digest), "caption": caption]
        }
    }

    /// The questions to the reporter, before the history.
    private static func ask(_ call: Call, _ link: Link, _ view: inout View) {
        let (yes, no) = (link.action(.confirm, answer: true), link.action(.confirm, answer: false))
        let ended = link.matter.state == .done || link.matter.outcome == .solved
        let pending = (link.view.own?.confirmed == nil || link.matter.state == .done) && (yes != nil || no != nil)
        if pending {
            var ask: View = ["question": call.say(ended ? "progress.ask" : "progress.ask.refused")]
            if ended, let yes { ask["yes"] = ["href": link.href(yes)] as View }
            if let no { ask["no"] = ["href": link.href(no), "label": call.say(ended ? "progress.no" : "progress.no.again")] as View }
            if !ended {
                ask["until"] = call.say("progress.ask.again")
            } else if let until = link.view.clocks.last(where: { $0.stoppedAt == nil && link.view.kind.clocks[$0.name]?.closes == true })?
                .dueAt
            {
                ask["until"] = call.say("progress.ask.until", ["day": call.times.date(until.day(in: call.house.zone))])
            } else {
                ask["until"] = call.say("progress.ask.closed")
            }
            view["ask"] = ask
        }
        if let said = link.view.own?.confirmed, link.matter.state != .open {
            view["said"] = call.say(said == .yes ? "progress.confirmed.yes" : "progress.confirmed.no")
        }
        if let rating = link.view.own?.rating {
            view["rated"] = call.say("progress.rated", ["rating": call.say("progress.rate.\(rating)")])
        } else if !pending, let rate = link.action(.rate) {
            view["rate"] =
                [
                    "href": link.href(rate),
                    "stars": (1...5).map { ["value": String($0), "label": call.say("progress.rate.\($0)")] as View },
                ] as View
        }
        if let reply = link.action(.reply) {
            var form: View = ["href": link.href(reply), "kept": call.form["words"]]
            if let question = link.view.steps.last(where: { $0.mechanism == .question })?.words { form["question"] = question }
            if let part = link.held {
                form["goes"] = call.say("progress.reply.goes", ["post": link.post(part.post)])
            }
            view["reply"] = form
        }
        if let withdraw = link.action(.withdraw) { view["withdraw"] = ["href": link.href(withdraw)] as View }
    }
}
