import Basics
import Catalog
import Grids
import Store

/// A person, an account, a post and a holding in one: the first users of a folder, and the demo's.
package struct NewUser: Sendable {
    package let person: Person
    package let accountName: String
    /// From `KeyStretching.record(of:)`.
    package let passwordRecord: String
    package let role: RoleID
    /// The code of the grid, or the code or name of the unit, where the post sits; nil for roles of the root.
    package let at: String?

    package init(person: Person, accountName: String, passwordRecord: String, role: RoleID, at: String? = nil) {
        self.person = person
        self.accountName = accountName
        self.passwordRecord = passwordRecord
        self.role = role
        self.at = at
    }
}

extension Posts {
    /// Puts the person on a post of the role with a free seat, which is made if there is none.
    /// - Throws: `PostsRefusal.unknownRole`, `.unknownGrid`, `.unknownUnit`, `.nameTaken`.
    @discardableResult
    package func addUser(_ new: NewUser, act: Act, in tx: Transaction) throws -> PostID {
        let catalog = catalog.current
        guard let role = catalog.role(new.role) else { throw PostsRefusal.unknownRole }
        try addPerson(new.person, act: act, in: tx)
        try addAccount(of: new.person.id, name: new.accountName, record: new.passwordRecord, act: act, in: tx)
        let seat = try seat(of: role, at: new.at, in: tx)
        let post =
            try freePost(role, at: seat, person: new.person.id, on: act.at, in: tx) ?? PostID(act.derived("post of \(new.person.id)"))
        let language = catalog.platform.languages.first ?? .chinese
        try addPost(NewPost(id: post, role: role.id, name: catalog.strings.text(role.nameKey, language), seat: seat), act: act, in: tx)
        let id = HoldingID(act.derived("holding of \(new.person.id)"))
        if try !tx.exists("SELECT 1 FROM holding WHERE post_id = \(post) AND person_id = \(new.person.id) AND to_at IS NULL") {
            try beginHolding(Holding(id: id, post: post, person: new.person.id, from: act.at), act: act, in: tx)
        }
        return post
    }

    private func seat(of role: Role, at code: String?, in tx: Transaction) throws -> Seat {
        switch role.seat {
        case .grid(let level):
            let found =
                if let level {
                    try tx.first("SELECT id FROM grid WHERE level = \(level) AND code = \(code ?? "") AND to_day = \(Day.end)") {
                        try $0[0] as GridID
                    }
                } else {
                    try tx.first("SELECT id FROM grid WHERE level = \(Level.root)") { try $0[0] as GridID }
                }
            guard let found else { throw PostsRefusal.unknownGrid }
            return .grid(found)
        case .unit(let unitClass):
            let name = code ?? ""
            let found = try tx.first(
                "SELECT id FROM unit WHERE class = \(unitClass) AND (code = \(name) OR name = \(name)) AND to_day = \(Day.end) ORDER BY id LIMIT 1"
            ) { try $0[0] as UnitID }
            guard let found else { throw PostsRefusal.unknownUnit }
            return .unit(found)
        case .place:
            guard let code, let id = UUIDv7(code) else { throw PostsRefusal.wrongSeat }
            return .place(id)
        }
    }

    private func freePost(_ role: Role, at seat: Seat, person: PersonID, on now: Instant, in tx: Transaction) throws -> PostID? {
        let book = try book(in: tx)
        let posts: [Post] =
            switch seat {
            case .grid(let id): book.posts.values.filter { $0.grid == id && book.isInForce($0, at: now) }
            case .unit(let id): book.posts(atUnit: id, at: now)
            case .place(let id): book.posts(atPlace: id, at: now)
            }
        let own = posts.filter { $0.role == role.id }.sorted { $0.id < $1.id }
        return
            (own.first { book.holders(of: $0.id, at: now).contains { $0.person == person } }
            ?? own.first { $0.seats == .many || !book.isFilled($0, at: now) })?.id
    }
}
