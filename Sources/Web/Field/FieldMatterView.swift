import Basics
import Geo
import Matters
import Posts

/// What the phone shows of one matter.
struct FieldMatterView {
    let room: DeskRoom
    let seen: MatterView
    /// The action that is being filled in, in place of the buttons.
    let asked: AskedAct?
    /// The action that was just done.
    let did: String
    let photoRefused: Bool

    /// Buttons in sight of the thumb; the others wait under *more*.
    private static let inSight = 6

    private var call: Call { room.call }
    private var matter: Matter { seen.matter }

    func view() throws -> View {
        var view: View = [
            "number": matter.number, "name": call.title(of: matter), "place": room.place(matter), "act": UUIDv7(at: room.now).description,
            "people": room.say("field.matter.people", ["count": String(matter.reporters)]),
            "steps": try StepsView(room: room, seen: seen).view(),
            "hasHolder": seen.parts.contains { $0.isOpen && $0.ask == nil },
            "holder": seen.parts.filter { $0.isOpen && $0.ask == nil }.map { room.worker($0.post) }.joined(separator: room.say("desk.and")),
        ]
        call.mark(matter, &view)
        if let due = matter.dueAt { view["due"] = room.times.moment(due) }
        if !matter.words.isEmpty { view["words"] = matter.words }
        if let border = room.border(of: matter) { view["border"] = border }
        if matter.isLate(at: room.now), let due = matter.dueAt {
            view["late"] = room.say("field.late.seen", ["late": room.times.left(due)])
        }
        if photoRefused { view["refused"] = room.say("desk.did.photo") }
        photos(&view)
        asks(&view)
        try form(&view)
        if view["form"] == nil { actions(&view) }
        toast(&view)
        if let point = matter.point {
            let frame = MapFrame(center: point, zoom: 2)
            view["map"] = try MapSVG.picture(room.house, frame, pin: point, at: room.now, in: room.tx).svg(
                title: room.say("field.matter.whereabouts"))
        }
        return view
    }

    private func photos(_ view: inout View) {
        let here = seen.photos.filter { $0.state == .here }
        let before = here.first { $0.role == .before }
        let after = here.last { $0.role != .before }
        let shown = [before, after].compactMap(\.self)
        view["hasPhotos"] = !shown.isEmpty
        view["photos"] = shown.map { photo -> View in
            [
                "src": Paths.photo(photo.digest ?? ""),
                "caption": room.say("field.caption.\(photo.role.rawValue)", ["moment": room.times.moment(photo.at)]),
            ]
        }
    }

    /// Whistled departments, and how far each is.
    private func asks(_ view: inout View) {
        let asked = seen.parts.filter { $0.ask != nil }
        view["anyAsked"] = !asked.isEmpty
        view["asked"] = asked.map { part -> View in
            var line: View = ["department": room.worker(part.post), "state": room.say("desk.part.\(part.state.rawValue)")]
            if part.state == .offered, let by = part.takeBy {
                line[by < room.now ? "late" : "by"] =
                    by < room.now ? room.times.left(by) : room.say("desk.part.by", ["moment": room.times.moment(by)])
            }
            if let words = part.words { line["answer"] = words }
            if let rate = seen.actions.first(where: { $0.does == .rateAnswer }), part.state == .done, part.rating == nil,
                part.askedBy.map(room.mine.contains) ?? false
            {
                line["rate"] =
                    ["href": Paths.fieldAct(matter.id, rate.id) + "?part=\(part.id)", "name": room.say(rate.nameKey)] as View
            }
            return line
        }
    }

    private func form(_ view: inout View) throws {
        guard let asked else { return }
        if let refused = asked.refused { view["refused"] = call.say(refused) }
        guard let action = seen.actions.first(where: { $0.id == asked.verb }) else {
            // Somebody was faster: what happened is said, and what was typed is not lost.
            view["refused"] = try room.overtaken(seen, asked)
            if let words = asked.typed.all("words").first, !words.isEmpty { view["kept"] = words }
            return
        }
        guard !action.isOneClick else { return }
        var form = try ActForm(room: room, seen: seen, action: action, asked: asked, door: .field).view()
        if action.spot { form["name"] = room.say("field.spot.title") }
        form["button"] = room.say(action.nameKey)
        // The photo alone ends it: it goes off as soon as it is there.
        form["atOnce"] = action.does == .finish && action.photo != nil
        if action.spot { form["spot"] = true }
        view["form"] = form
        view["formOpen"] = true
    }

    // MARK: Buttons

    private func actions(_ view: inout View) {
        let shown = seen.actions.filter { !$0.isOfLine && !$0.by.allSatisfy { $0 == .reporter } && !isDownFromBottom($0) }.enumerated()
            .sorted { (turn($0.element), $0.offset) < (turn($1.element), $1.offset) }.map { button($0.element) }
        var buttons = shown
        // After an ending the next thing is another one, not to take it back.
        if !buttons.isEmpty, matter.state == .open { buttons[0]["main"] = true }
        view["acts"] = Array(buttons.prefix(Self.inSight))
        view["more"] = Array(buttons.dropFirst(Self.inSight))
        view["anyMore"] = buttons.count > Self.inSight
        view["hasActs"] = !buttons.isEmpty
    }

    /// Nobody works below a micro-grid: departments are whistled.
    private func isDownFromBottom(_ action: Action) -> Bool {
        action.does == .handOn && action.to == .chosen && room.actor.heldPosts.allSatisfy { room.land.inside($0.path).isEmpty }
    }

    private func button(_ action: Action) -> View {
        var view: View = ["href": Paths.fieldAct(matter.id, action.id), "label": room.say(action.nameKey), "icon": action.icon]
        view["simple"] = action.isOneClick || isPlainHandOn(action)
        if action.spot { view["yellow"] = true }
        return view
    }

    /// Passing it up asks for nothing on the phone; at the desk a word may go along.
    private func isPlainHandOn(_ action: Action) -> Bool {
        action.does == .handOn && action.to == .above && action.needs.isEmpty && action.photo == nil
    }

    /// On the phone what one does oneself comes before passing it on.
    private func turn(_ action: Action) -> Int {
        switch action.does {
        case .take: 0
        case .answer: 1
        case .finish: action.spot ? 2 : 3
        case .takeBack: 3
        case .handOn: action.to == .above ? 4 : action.to == .chosen ? 7 : 6
        case .ask: 5
        case .rateAnswer: 5
        default: 10 + action.turn
        }
    }

    private func toast(_ view: inout View) {
        guard let done = seen.kind.action(did) else { return }
        var toast: View = ["said": room.say("field.act.done", ["action": room.say(done.nameKey)])]
        if done.undoneBy != nil, let back = seen.actions.first(where: { $0.does == done.undoneBy }) {
            toast["undo"] = Paths.fieldAct(matter.id, back.id)
        }
        if done.does == .finish { toast["again"] = true }
        view["toast"] = toast
    }
}
