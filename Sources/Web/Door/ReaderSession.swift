import Basics
import Catalog
import Posts
import Store

/// Who is signed in, as far as a page needs it.
package struct ReaderSession: Sendable {
    let token: String
    let session: Session
    package let person: Person
    package let actor: Actor
    let typeSize: Settings.TypeSize
    /// What the posts held now open.
    let groups: Set<VerbGroup>
    /// Where this person's day begins: the page of the first post that names one.
    let home: String?

    var csrf: String { session.csrf }

    func opens(_ need: Need) -> Bool {
        switch need {
        case .anyone, .link, .account, .client: true
        case .field: !groups.isDisjoint(with: [.act, .report])
        case .desk: groups.contains(.act)
        case .command: groups.contains(.figures)
        case .audit: groups.contains(.audit)
        case .walls: groups.contains(.publish)
        case .admin: !groups.isDisjoint(with: [.administer, .security, .audit])
        }
    }
}

extension House {
    /// Who holds this session token, if it is good.
    func session(_ token: String) async throws -> ReaderSession? {
        let now = time.now
        let (found, isOver): (ReaderSession?, Bool) = try await database.read { [posts] tx in
            guard let session = try posts.session(token, at: now, in: tx) else { return (nil, try posts.isOver(token, at: now, in: tx)) }
            let book = try posts.book(in: tx)
            let actor = book.actor(session.person, at: now)
            let roles = actor.heldPosts.map(\.role)
            let groups = VerbGroup.allCases.filter { group in roles.contains { !book.roles.reaches($0, group).isEmpty } }
            let reader = ReaderSession(
                token: token, session: session, person: try posts.person(session.person, in: tx), actor: actor,
                typeSize: try posts.account(of: session.person, in: tx)?.settings.typeSize ?? .usual, groups: Set(groups),
                home: roles.lazy.compactMap { book.roles[$0]?.home }.first)
            return (reader, false)
        }
        if isOver { try await database.write { [posts] tx in try posts.putAway(token, at: now, in: tx) } }
        if let found, posts.wantsTouch(found.session, at: now) {
            try await database.write { [posts] tx in try posts.touch(token, at: now, in: tx) }
        }
        return found
    }
}
