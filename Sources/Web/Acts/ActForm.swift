import Basics
import Catalog
import Matters
import Posts
import Store

/// The small form of one action; every page that acts on matters lays it out its own way.
struct ActForm {
    let room: DeskRoom
    let seen: MatterView
    let action: Action
    let asked: AskedAct
    let door: Doorway

    var matter: Matter { seen.matter }
    var typed: Form { asked.typed }

    func view() throws -> View {
        var view: View = [
            "name": room.say(action.nameKey), "icon": action.icon, "href": door.act(matter.id, action.id), "act": asked.act.description,
            "list": room.list.query, "back": room.list.beside(door.matter(matter.id)), "part": typed["part"],
            "milestone": typed["milestone"],
        ]
        switch action.does {
        case .handOn where action.to == .chosen: try places(&view)
        case .ask: units(&view)
        case .merge: try others(&view)
        case .classify: try judgement(&view)
        case .close:
            view["outcomes"] = choices(action.outcomes, name: "outcome", first: true) { room.say("outcome.\($0)") }
        case .setMilestones: milestones(&view)
        default: break
        }
        if action.needs.contains(.date) || action.does == .classify { view["date"] = date() }
        if action.needs.contains(.rating) {
            view["ratings"] = choices(["5", "4", "3", "2", "1"], name: "rating", first: false) { room.say("desk.rating.\($0)") }
        }
        view["reasons"] = oneTapReasons.map { ["value": $0, "label": room.say("reason.\($0)")] as View }
        if let wish = action.photo {
            view["photo"] = ["reasons": choices(wish.reasons, name: "reason", first: false) { room.say("reason.\($0)") }] as View
        }
        if !action.isOneClick, action.does != .reachMilestone {
            view["words"] =
                [
                    "label": room.say(wordsKey), "typed": typed.all("words").first ?? "",
                    "hint": room.say(action.isHeardOutside ? "desk.form.heard" : "desk.form.inside"),
                ] as View
        }
        return view
    }

    /// Reasons that need no words; that it lies outside the duty list only where the category says so.
    private var oneTapReasons: [String] {
        let isOutside = matter.category.flatMap(room.house.catalog.category)?.outsideList ?? false
        return action.reasons.filter { $0 != Category.outsideReason || isOutside }
    }

    private var wordsKey: String {
        if action.needs.contains(.words) || action.needs.contains(.reason) {
            return switch action.does {
            case .question: "desk.form.question"
            case .note: "desk.form.note"
            default: "desk.form.reason"
            }
        }
        return action.does == .answer || action.does == .finish ? "desk.form.done" : "desk.form.words"
    }

    private func choices(_ values: [String], name: String, first: Bool, label: (String) -> String) -> [View] {
        let wanted = typed[name]
        return values.enumerated().map { index, value in
            var view: View = ["value": value, "label": label(value)]
            if value == wanted || (first && wanted.isEmpty && index == 0) { view["checked"] = true }
            return view
        }
    }

    // MARK: What it is

    private func others(_ view: inout View) throws {
        let wanted = typed["other"]
        view["others"] = try room.twins(of: matter).map { twin -> View in
            var choice = room.choice(twin)
            if twin.matter.id.description == wanted { choice["checked"] = true }
            return choice
        }
        view["otherNumber"] = ["typed": typed["number"]] as View
    }

    private func judgement(_ view: inout View) throws {
        let catalog = room.house.catalog
        let category = typed.has("category") ? typed["category"] : matter.category ?? ""
        let likely = try room.matters.suggest(words: matter.words, at: matter.path).map(\.category)
        func option(_ id: String) -> View {
            var option: View = ["value": id, "label": room.say("category.\(id)")]
            if id == category { option["selected"] = true }
            return option
        }
        var groups: [View] = []
        if !likely.isEmpty {
            groups.append(["group": room.say("desk.form.likely"), "options": likely.filter { $0 != category }.map(option)])
        }
        for group in catalog.groups {
            let members = catalog.categories.filter { $0.group == group && (!$0.retired || $0.id == category) }
            groups.append(["group": room.say("category_group.\(group)"), "options": members.map { option($0.id) }])
        }
        let chosenClass = typed.has("class") ? typed["class"] : matter.class ?? ""
        let chosenUrgency = typed.has("urgency") ? typed["urgency"] : matter.urgency
        view["judge"] =
            [
                "groups": groups, "noCategory": category.isEmpty,
                "classes": catalog.classes.map { selectable($0.id, room.say($0.nameKey), chosenClass) },
                "urgencies": catalog.urgencies.map { selectable($0.id, room.say($0.nameKey), chosenUrgency) },
                "wasClass": matter.class ?? "", "wasUrgency": matter.urgency, "wasCategory": matter.category ?? "",
            ] as View
    }

    /// The day it is to be finished by; a classification may leave it to the table of limits.
    private func date() -> View {
        var view: View = ["typed": typed["due"], "least": room.now.day(in: room.house.zone).description]
        if action.does == .classify { view["hint"] = room.say("desk.form.due.hint") }
        return view
    }

    private func selectable(_ id: String, _ label: String, _ chosen: String) -> View {
        var view: View = ["value": id, "label": label]
        if id == chosen { view["checked"] = true }
        return view
    }

    private func milestones(_ view: inout View) {
        let names = typed.all("milestone_name")
        let days = typed.all("milestone_day")
        var rows: [View] = []
        if names.isEmpty {
            rows = seen.milestones.filter { $0.reachedAt == nil }.map { ["name": $0.name, "day": $0.due.description] }
        } else {
            rows = names.enumerated().map { ["name": $0.element, "day": $0.offset < days.count ? days[$0.offset] : ""] }
        }
        while rows.count < 5 { rows.append(["name": "", "day": ""]) }
        view["rows"] = rows
        view["milestoneRows"] = true
    }
}
