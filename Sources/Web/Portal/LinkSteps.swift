import Basics
import Catalog
import Matters
import Posts
import Store

/// The steps, newest first: what is now on top.
struct LinkSteps {
    let call: Call
    let link: Link

    var all: [View] { now + link.view.steps.reversed().map(past) }

    private var now: [View] {
        let matter = link.matter
        switch matter.state {
        case .open:
            var views: [View] =
                link.held.map { part -> [View] in
                    // A vacant post is answered for by the one above, and that is who does something.
                    let by = link.book.answering(for: part.post, at: call.now) ?? part.post
                    let key = part.state == .offered ? "progress.now.offered" : "progress.now.holds"
                    var lines: [String] = []
                    if part.state == .offered, let take = part.takeBy {
                        lines.append(call.say("report.who.by", ["moment": call.times.moment(take)]))
                    }
                    return [["class": "now", "title": call.say(key, ["post": link.post(by)]), "lines": lines + due + asked]]
                } ?? []
            if link.action(.reply) != nil {
                views.insert(["class": "now", "title": call.say("progress.now.question"), "lines": [String]()], at: 0)
            }
            return views
        case .done where link.action(.confirm) != nil:
            return [["class": "now", "title": call.say("progress.now.confirm"), "lines": [String]()]]
        default: return []
        }
    }

    /// Those called in to help, and how far each is.
    private var asked: [String] {
        link.view.parts.filter { $0.ask != nil && $0.state != .recalled && $0.state != .returned }.map { part in
            let post = ["post": link.post(part.post)]
            switch part.state {
            case .offered:
                return call.say("progress.asked.offered", post.merging(["moment": part.takeBy.map(call.times.moment) ?? ""]) { $1 })
            case .done: return call.say("progress.asked.done", post)
            default: return call.say("progress.asked.doing", post)
            }
        }
    }

    private var due: [String] {
        guard let clock = link.finishBy else { return [] }
        let limit = call.say(
            clock.provisional ? "progress.now.provisional" : "progress.now.due", ["moment": call.times.moment(clock.dueAt)])
        return [limit]
    }

    private func past(_ step: Step) -> View {
        var lines = [step.post.map(link.post), call.times.moment(step.at)].compactMap { $0?.isEmpty == false ? $0 : nil }
        lines = [lines.joined(separator: call.say("web.between"))]
        if let to = step.detail["to"].flatMap({ PostID($0) }) { lines.append(call.say("progress.step.to", ["post": link.post(to)])) }
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
        if link.matter.state != .done, step.mechanism == .finish,
            let ended = call.house.wording.find("step.\(step.verb).ended", call.language, values)
        {
            return ended
        }
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
