import Basics
import Catalog
import Foundation
import Store
import Synchronization

/// Who may, who must: the engine of units, posts, holders, remits, rights and sign-in.
package final class Posts: Sendable {
    package let catalog: LiveCatalog
    package let time: TimeSource
    private struct Known {
        let token: String
        let catalog: ObjectIdentifier
        let book: PostBook
    }
    private let known = Mutex<Known?>(nil)
    private let knownSecret = Mutex<ServerSecret?>(nil)
    let knownClients = Mutex<KnownClients?>(nil)
    let stretching = KeyStretching()
    let rates = RateBuckets()

    package init(catalog: LiveCatalog, time: TimeSource = .system) {
        self.catalog = catalog
        self.time = time
    }

    /// The platform's own zone; days of posts and remits begin at its midnight.
    package var zone: TimeZone { catalog.current.platform.zone }

    package func roles() throws -> Roles { try catalog.current.once { Roles($0) } }

    // MARK: The book

    /// Units, posts, holdings and remits as this transaction sees them: one small query when nothing changed since the last time.
    package func book(in tx: Transaction) throws -> PostBook { try tx.once("posts.book") { try present(in: tx) } }

    private func present(in tx: Transaction) throws -> PostBook {
        let token = try tx.meta(Posts.tokenKey) ?? ""
        let catalog = catalog.current
        if let known = known.withLock({ $0 }), known.token == token, known.catalog == ObjectIdentifier(catalog) { return known.book }
        let roles = try catalog.once { Roles($0) }
        let book = try PostBook.load(roles: roles, zone: catalog.platform.zone, since: time.now - .days(30), in: tx)
        known.withLock { $0 = Known(token: token, catalog: ObjectIdentifier(catalog), book: book) }
        return book
    }

    private static let tokenKey = "posts"

    /// Every change of units, posts, holdings or remits ends with this, so that no book read before is taken for the present one.
    ///
    /// NB: the token is random although writes may run again: a number would come twice after a rollback, with other content.
    func changed(in tx: Transaction) throws {
        try tx.setMeta(Posts.tokenKey, Secret.token(bytes: 12))
    }

    // MARK: The secret

    /// The server's secret, made at bootstrap.
    package func secret(in tx: Transaction) throws -> ServerSecret {
        if let known = knownSecret.withLock({ $0 }) { return known }
        let secret = try ServerSecret.load(in: tx)
        knownSecret.withLock { $0 = secret }
        return secret
    }
}
