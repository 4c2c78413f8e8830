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
        call.mark(link.matter, &view)
        if let refused { view["refused"] = call.say(refused) }
        photos(call, link, &view)
        if let words = link.view.own?.words, !words.isEmpty { view["mine"] = words }
        if let answer = link.view.steps.last(where: { $0.mechanism == .finish || $0.mechanism == .close })?.words {
            view["answer"] = answer
        }
        ask(call, link, &view)
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
        if link.view.own?.confirmed == nil || link.matter.state == .done, yes != nil || no != nil {
            var ask: View = [:]
            if let yes { ask["yes"] = ["href": link.href(yes)] as View }
            if let no { ask["no"] = ["href": link.href(no)] as View }
            if let until = link.view.clocks.last(where: { $0.stoppedAt == nil && link.view.kind.clocks[$0.name]?.closes == true })?.dueAt {
                ask["until"] = call.say("progress.ask.until", ["day": call.times.date(until.day(in: call.house.zone))])
            }
            view["ask"] = ask
        }
        if let said = link.view.own?.confirmed, link.matter.state != .open {
            view["said"] = call.say(said == .yes ? "progress.confirmed.yes" : "progress.confirmed.no")
        }
        if let rating = link.view.own?.rating {
            view["rated"] = call.say("progress.rated", ["rating": call.say("progress.rate.\(rating)")])
        } else if let rate = link.action(.rate) {
            view["rate"] =
                [
                    "href": link.href(rate),
                    "stars": (1...5).map { ["value": String($0), "label": call.say("progress.rate.\($0)")] as View },
                ] as View
        }
        if let reply = link.action(.reply) {
            var form: View = ["href": link.href(reply), "kept": call.form["words"]]
            if let question = link.view.steps.last(where: { $0.mechanism == .question })?.words { form["question"] = question }
            if let part = link.view.parts.last(where: \.isOpen) {
                form["goes"] = call.say("progress.reply.goes", ["post": link.post(part.post)])
            }
            view["reply"] = form
        }
        if let withdraw = link.action(.withdraw) { view["withdraw"] = ["href": link.href(withdraw)] as View }
    }
}

/// The steps, newest first: what is now on top.
struct LinkSteps {
    let call: Call
    let link: Link

    var all: [View] { now + link.view.steps.reversed().map(past) }

    private var now: [View] {
        let matter = link.matter
        switch matter.state {
        case .open:
            let open = link.view.parts.filter(\.isOpen)
            var views: [View] = open.filter { $0.ask == nil }.map { part in
                let key = part.state == .offered ? "progress.now.offered" : "progress.now.holds"
                var lines: [String] = []
                if part.state == .offered, let by = part.takeBy {
                    lines.append(call.say("report.who.by", ["moment": call.times.moment(by)]))
                }
                lines += due
                return ["class": "now", "title": call.say(key, ["post": link.post(part.post)]), "lines": lines]
            }
            if link.action(.reply) != nil {
                views.insert(["class": "now", "title": call.say("progress.now.question"), "lines": [String]()], at: 0)
            }
            return views
        case .done where link.action(.confirm) != nil:
            return [["class": "now", "title": call.say("progress.now.confirm"), "lines": [String]()]]
        default: return []
        }
    }

    private var due: [String] {
        guard let due = link.matter.dueAt else { return [] }
        let provisional = link.view.clocks.contains { $0.stoppedAt == nil && $0.provisional && $0.dueAt == due }
        let limit = call.say(provisional ? "progress.now.provisional" : "progress.now.due", ["moment": call.times.moment(due)])
        return due < call.now ? [limit, call.say("progress.late", ["span": call.times.left(due)])] : [limit]
    }

    private func past(_ step: Step) -> View {
        var lines = [step.post.map(link.post), call.times.moment(step.at)].compactMap { $0?.isEmpty == false ? $0 : nil }
        lines = [lines.joined(separator: call.say("web.between"))]
        if isFirst(step), link.matter.reporters > 1 {
            lines.append(call.say("progress.others", ["count": String(link.matter.reporters - 1)]))
        }
        var view: View = ["class": tone(step), "title": title(step), "lines": lines]
        if let words = step.words, step.mechanism != .finish { view["words"] = words }
        return view
    }

    private func isFirst(_ step: Step) -> Bool { step.id == link.view.steps.first?.id }

    private func title(_ step: Step) -> String {
        let values = ["post": step.detail["post"].flatMap { PostID($0) }.map(link.post) ?? ""]
        let mine = step.detail["report"] == link.report.description || step.actor == .pass && step.detail["report"] == nil
        if mine, let own = call.house.wording.find("step.\(step.verb).you", call.language, values) { return own }
        return call.say("step.\(step.verb)", values)
    }

    private func tone(_ step: Step) -> String {
        switch step.mechanism {
        case .finish: return "good"
        case .confirm: return step.detail["answer"] == Matter.Answer.yes.rawValue ? "good" : "bad"
        case .close: return "bad"
        default: return step.verb == "late" ? "bad" : ""
        }
    }
}
