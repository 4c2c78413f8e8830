import Basics
import Store

/// Who acts now.
package enum Actor: Sendable, Equatable {
    /// With the posts held at the instant of the act.
    case person(PersonID, posts: [HeldPost])
    /// Whoever holds the link: one subject, listed verbs.
    case pass(PassID, subject: PassSubject, verbs: Set<String>)
    case client(ClientID, verbs: Set<String>)
    /// A screen on a wall: sees and counts on its land, by the right of the post that made it.
    case wall(WallID, post: PostID, land: Path)
    /// A follower, an import, the demo, a command.
    case system(String)
    /// A member of the public without any link.
    case stranger

    package var person: PersonID? { if case .person(let id, _) = self { id } else { nil } }
    package var heldPosts: [HeldPost] { if case .person(_, let posts) = self { posts } else { [] } }
    package var isSystem: Bool { if case .system = self { true } else { false } }

    /// As the journal keeps it.
    package var entryActor: EntryActor {
        switch self {
        case .person(let id, _): EntryActor(sort: .person, id: id.uuid)
        case .pass(let id, _, _): EntryActor(sort: .pass, id: id.uuid)
        case .client(let id, _): EntryActor(sort: .client, id: id.uuid)
        case .wall(let id, _, _): EntryActor(sort: .pass, id: id.uuid)
        case .system(let name): .system(name)
        case .stranger: EntryActor(sort: .pass)
        }
    }
}

/// A post as one of its holders sees it.
package struct HeldPost: Sendable, Hashable {
    package let post: PostID
    package let role: RoleID
    package let path: Path
    package let unit: UnitID?
    /// False for posts of outside units, which never have land, remit or search.
    package let inside: Bool
    package let sort: Holding.Sort

    package init(post: PostID, role: RoleID, path: Path, unit: UnitID?, inside: Bool, sort: Holding.Sort) {
        self.post = post
        self.role = role
        self.path = path
        self.unit = unit
        self.inside = inside
        self.sort = sort
    }
}

/// What a pass opens.
package struct PassSubject: Sendable, Hashable {
    /// `report`, `matter`, `part`, `record`…
    package let sort: String
    package let id: UUIDv7

    package init(sort: String, id: UUIDv7) {
        self.sort = sort
        self.id = id
    }
}
