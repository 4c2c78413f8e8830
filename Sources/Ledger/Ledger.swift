import Basics
import Catalog
import Posts
import Store
import Synchronization

/// Who and what is here: the engine of registers, records, their facts and links.
package final class Ledger: Sendable {
    package let catalog: LiveCatalog
    package let posts: Posts
    let streets = Mutex<LineIndex?>(nil)

    package init(catalog: LiveCatalog, posts: Posts) {
        self.catalog = catalog
        self.posts = posts
    }

    package func registers() throws -> Registers { try catalog.current.once { try Registers($0) } }

    /// - Throws: `LedgerRefusal.unknownRegister`.
    package func register(_ id: String) throws -> Register {
        guard let register = try registers()[id] else { throw LedgerRefusal.unknownRegister }
        return register
    }

    func require(on path: Path, act: Act, in tx: Transaction) throws {
        if act.actor.isSystem { return }
        guard try posts.may(act.actor, .ledger, on: path, at: act.at, in: tx) else { throw LedgerRefusal.notAllowed }
    }
}
