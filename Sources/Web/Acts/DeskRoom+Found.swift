import Matters
import Posts

extension DeskRoom {
    /// Open ones nearby that the reader may see.
    func twins(of matter: Matter) throws -> [Twin] {
        guard matter.state == .open, let point = matter.point else { return [] }
        return try seen(
            matters.twins(near: point, category: matter.category, except: matter.id, meters: 150, publicOnly: false, in: tx))
    }

    /// Whom the routing table names.
    func named(for matter: Matter) -> Responsible? {
        matters.responsible(for: matter.category, at: matter.path, on: now, book: book)
    }
}
