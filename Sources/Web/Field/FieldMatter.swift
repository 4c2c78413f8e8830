import Basics
import Foundation
import Geo
import Hummingbird
import HummingbirdCore
import Matters
import Posts
import Store

/// One matter on the phone: photos, place, what I can do now, every step.
enum FieldMatter {
    static func show(_ call: Call) async throws -> Response { try await page(call, try call.id("matter")) }

    static func act(_ call: Call) async throws -> Response {
        guard let session = call.session else { throw Permission.refusal }
        let (id, verb, house, now) = (try call.id("matter", as: MatterID.self), try call.parameter("verb"), call.house, call.now)
        let act = Act(id: UUIDv7(call.form["act"]) ?? UUIDv7(at: now), at: now, actor: session.actor)
        let files = call.form.files("photo")
        let photos = files.indices.map { PhotoID(act.derived("photo \($0)")) }
        do {
            let input = try ActDoor.input(call.form, photos: photos, other: nil)
            let did = try await house.database.write { tx in
                guard let view = try house.matters.view(id, for: session.actor, at: now, in: tx), !view.outside else { throw Call.missing }
                return try house.matters.perform(verb, on: id, input: input, act: act, in: tx)
            }
            if !did.repeated {
                for (photo, file) in zip(photos, files) { try await PhotoDoor(call: call).take(file.path, as: photo, actor: session.actor) }
            }
            return call.redirect(to: Paths.fieldMatter(id) + "?did=" + URLEncoded.encoded(verb))
        } catch let refusal as any Refusal where !(refusal is PlainRefusal && refusal.sort == .missing) {
            return try await page(call, id, refused: refusal)
        }
    }

    private static func page(_ call: Call, _ id: MatterID, refused: (any Refusal)? = nil) async throws -> Response {
        let (now, isSpot, did) = (call.now, call.query("spot") == "1", call.query("did"))
        let found: (String, View) = try await call.house.database.read { tx in
            let room = try DeskRoom(call, list: DeskList("", zone: call.house.zone), at: now, in: tx)
            let seen = try room.open(id)
            return (call.title(of: seen.matter), try FieldMatterView(room: room, seen: seen, isSpot: isSpot, did: did).view())
        }
        var view = found.1
        if let refused { view["refused"] = call.say(refused) }
        return try call.page("field/matter", title: found.0, view, status: refused?.sort.status ?? .ok)
    }
}

struct FieldMatterView {
    let room: DeskRoom
    let seen: MatterView
    /// The worker said that he fixes it now: the after-photo is the next step.
    let isSpot: Bool
    /// The action that was just done.
    let did: String

    private var call: Call { room.call }
    private var matter: Matter { seen.matter }

    func view() throws -> View {
        var view: View = [
            "number": matter.number, "name": call.title(of: matter), "place": room.place(matter), "act": UUIDv7(at: room.now).description,
            "people": room.say("field.matter.people", ["count": String(matter.reporters)]),
            "steps": try StepsView(room: room, seen: seen).view(),
            "due": matter.dueAt.map { room.times.moment($0) } ?? "—",
            "holder": seen.parts.filter { $0.isOpen && $0.ask == nil }.map { room.worker($0.post) }.joined(separator: room.say("desk.and")),
        ]
        call.mark(matter, &view)
        if !matter.words.isEmpty { view["words"] = matter.words }
        if matter.isLate(at: room.now), let due = matter.dueAt {
            view["late"] = room.say("field.late.seen", ["late": room.times.left(due)])
        }
        photos(&view)
        actions(&view)
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

    /// What one thumb can do here; what needs lists and choices is on the desk.
    private func actions(_ view: inout View) {
        let spot = seen.actions.first { $0.does == .finish && $0.spot }
        if isSpot, let spot {
            view["spot"] = ["href": Paths.fieldAct(matter.id, spot.id), "reasons": reasons(spot)] as View
        }
        // While the after-photo is asked for, nothing else is.
        let shown = isSpot && spot != nil ? [] : seen.actions.filter(isForThumb).sorted { (turn($0), $0.id) < (turn($1), $1.id) }
        var acts = shown.map(act)
        if !isSpot, !acts.isEmpty { acts[0]["main"] = true }
        view["acts"] = acts
        let others = seen.actions.contains { !isForThumb($0) && !$0.by.contains(.reporter) }
        if others, !isSpot, call.session?.opens(.desk) == true { view["deskHref"] = Paths.deskMatter(matter.id) }
        view["hasActs"] = !acts.isEmpty || view["deskHref"] != nil
        guard let done = seen.kind.action(did) else { return }
        var toast: View = ["said": room.say("field.act.done", ["action": room.say(done.nameKey)])]
        if done.undoneBy != nil, let back = seen.actions.first(where: { $0.does == done.undoneBy }) {
            toast["undo"] = Paths.fieldAct(matter.id, back.id)
        }
        view["toast"] = toast
    }

    private func isForThumb(_ action: Action) -> Bool {
        switch action.does {
        case .take, .finish, .answer, .takeBack, .question, .note, .returnPart: true
        case .handOn: action.to != .chosen
        default: false
        }
    }

    /// On the phone what one does oneself comes before passing it on.
    private func turn(_ action: Action) -> Int {
        switch action.does {
        case .take: 0
        case .answer: 1
        case .finish: action.spot ? 2 : 3
        case .handOn: action.to == .above ? 4 : 5
        default: 10 + action.turn
        }
    }

    private func act(_ action: Action) -> View {
        var view: View = ["href": Paths.fieldAct(matter.id, action.id), "label": room.say(action.nameKey), "icon": action.icon]
        let isSimple = action.needs.isEmpty && action.photo == nil && action.does != .answer
        view["simple"] = isSimple
        if action.spot { view["yellow"] = true }
        if !isSimple {
            if action.photo != nil { view["photo"] = true }
            let reasons = reasons(action)
            view["hasReasons"] = !reasons.isEmpty
            view["reasons"] = reasons
            view["words"] = true
        }
        return view
    }

    private func reasons(_ action: Action) -> [View] {
        (action.photo?.reasons ?? []).map { ["id": $0, "label": room.say("reason.\($0)")] }
    }
}
