import Basics
import Matters
import Posts

extension DeskRoom {
    /// Open ones nearby that the reader may see.
    func twins(of matter: Matter) throws -> [Twin] {
        guard matter.state == .open, let point = matter.point else { return [] }
        return try seen(
            matters.twins(near: point, category: matter.category, except: matter.id, meters: 150, publicOnly: false, in: tx))
    }

    /// An open one nearby as something to choose: what, where, how far, since when.
    func choice(_ twin: Twin) -> View {
        let (away, moment) = (String(Int(twin.meters.rounded())), times.moment(twin.matter.openedAt))
        return [
            "value": twin.matter.id.description, "label": call.title(of: twin.matter),
            "note": [place(twin.matter), say("desk.near.away", ["meters": away, "moment": moment])].joined(separator: " "),
        ]
    }

    /// Whom the routing table names.
    func named(for matter: Matter) -> Responsible? {
        matters.responsible(for: matter.category, at: matter.path, on: now, book: book)
    }
}
