import Basics
import Matters
import Posts

extension MatterPane {
    /// Whistled departments, milestones, reports.
    func shares(_ view: inout View) throws {
        let asked = seen.parts.filter { $0.ask != nil }
        view["asked"] = asked.map(share)
        view["anyAsked"] = !asked.isEmpty
        let today = room.now.day(in: room.house.zone)
        let reach = seen.actions.first { $0.does == .reachMilestone }
        view["milestones"] = seen.milestones.map { milestone -> View in
            var line: View = ["name": milestone.name, "due": room.times.date(milestone.due)]
            if let reached = milestone.reachedAt {
                line["reached"] = room.say("desk.milestone.reached", ["moment": room.times.moment(reached)])
                line["class"] = "good"
            } else {
                line["class"] = milestone.due < today ? "bad" : "next"
                if milestone.due < today { line["late"] = room.say("desk.milestone.late", ["count": String(today - milestone.due)]) }
                if let reach {
                    line["act"] =
                        [
                            "href": Paths.deskAct(matter.id, reach.id), "name": room.say(reach.nameKey),
                            "milestone": milestone.id.description,
                            "act": UUIDv7(at: room.now).description, "list": room.list.query,
                        ] as View
                }
            }
            return line
        }
        view["anyMilestone"] = !seen.milestones.isEmpty
        view["reports"] = seen.reports.prefix(8).map { report -> View in
            var line: View = ["channel": room.channel(report.source), "moment": room.times.moment(report.at)]
            if !report.words.isEmpty, report.words != matter.words { line["said"] = String(report.words.prefix(300)) }
            if let confirmed = report.confirmed { line["confirmed"] = room.say("confirmed.\(confirmed.rawValue)") }
            if let rating = report.rating { line["rated"] = room.say("desk.rating.\(rating)") }
            return line
        }
        view["reportCount"] = room.say("desk.reports", ["count": String(seen.reports.count)])
        let ahead = ahead()
        view["ahead"] = ahead
        view["anyAhead"] = !ahead.isEmpty
    }

    /// One whistled department: when it signed in, what it answered, how both rated.
    private func share(_ part: Part) -> View {
        var line: View = [
            "department": room.worker(part.post), "state": room.say("desk.part.\(part.state.rawValue)"),
            "given": room.times.moment(part.offeredAt),
        ]
        if part.lead { line["lead"] = room.say("desk.part.lead") }
        if let taken = part.takenAt {
            line["signed"] = room.times.moment(taken)
            if let late = part.takenLate { line["signedLate"] = room.say("desk.part.late", ["span": room.times.span(late)]) }
        } else if let by = part.takeBy, part.isOpen {
            line["signed"] = room.say("desk.part.by", ["moment": room.times.moment(by)])
            if by < room.now { line["signedLate"] = room.times.left(by) }
        }
        if let words = part.words { line["answer"] = words }
        line["rating"] = rate(part, part.rating, by: .rateAnswer, key: "desk.part.rating")
        line["ratingBack"] = rate(part, part.ratingBack, by: .rateAsk, key: "desk.part.rating_back")
        let photos = seen.photos.filter { $0.part == part.id && $0.state == .here }
        line["pictures"] = photos.prefix(3).map {
            ["src": Paths.photo($0.small ?? $0.digest ?? ""), "href": Paths.photo($0.digest ?? "")] as View
        }
        return line
    }

    private func rate(_ part: Part, _ given: Int?, by mechanism: Mechanism, key: String) -> View {
        var view: View = [:]
        if let given { view["words"] = room.say(key, ["rating": room.say("desk.rating.\(given)")]) }
        let isMine =
            mechanism == .rateAnswer
            ? part.askedBy.map(room.mine.contains) ?? false && part.state == .done : room.mine.contains(part.post) && part.state != .offered
        if given == nil, isMine, let action = seen.actions.first(where: { $0.does == mechanism }) {
            view["act"] =
                [
                    "href": room.list.beside(Paths.deskAct(matter.id, action.id), [("part", part.id.description)]),
                    "name": room.say(action.nameKey),
                ] as View
        }
        return view
    }
}
