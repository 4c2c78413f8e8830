import Basics
import Catalog
import Grids
import Store

extension Posts {
    /// Gives a new folder its secret, its first unit and its first post at the root, so that reports can arrive before there is any user.
    ///
    /// Runs after `Grids.bootstrap`; again, on a folder that has them, it changes nothing. Role and class are those that the catalog marks `first`.
    package func bootstrap(at now: Instant, in tx: Transaction) throws {
        try ServerSecret.make(in: tx)
        let catalog = catalog.current
        guard let role = catalog.firstRole, let unitClass = catalog.firstUnitClass,
            let root = try tx.first("SELECT id FROM grid WHERE level = \(Level.root)", { try $0[0] as GridID })
        else { throw PostsFailure.notBootstrapped }
        if try tx.exists("SELECT 1 FROM post WHERE role = \(role.id)") { return }
        let act = Act.system("bootstrap", id: root.uuid.derived("posts"), at: now)
        let language = catalog.platform.languages.first ?? .chinese
        let unit = WorkUnit(
            id: UnitID(act.derived("unit")), name: catalog.strings.text(unitClass.nameKey, language), unitClass: unitClass.id,
            inside: unitClass.inside, grid: root)
        try addUnit(unit, act: act, in: tx)
        let seat: Seat = if case .unit = role.seat { .unit(unit.id) } else { .grid(root) }
        try addPost(
            NewPost(id: PostID(act.derived("post")), role: role.id, name: catalog.strings.text(role.nameKey, language), seat: seat),
            act: act, in: tx)
    }
}
