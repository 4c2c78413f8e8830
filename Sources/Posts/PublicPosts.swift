import Basics
import Catalog
import Store

/// What everybody may know of a post. Who holds it, and the telephone of service, only where the role's `public` says so.
package struct PublicPost: Sendable {
    package let post: Post
    package let role: Role?
    /// Nobody holds it now; the level above answers.
    package let vacant: Bool
    package let names: [String]
    package let phones: [String]
}

extension Posts {
    package func publicPosts(of posts: [Post], at now: Instant, in tx: Transaction) throws -> [PublicPost] {
        let book = try book(in: tx)
        let known = posts.map { post in (post: post, role: book.roles[post.role], holders: book.holders(of: post.id, at: now).map(\.person))
        }
        let told = known.filter { !($0.role?.shown ?? []).isEmpty }.flatMap(\.holders)
        let persons = told.isEmpty ? [:] : try self.persons(told, in: tx)
        return known.map { post, role, holders in
            let shown = role?.shown ?? []
            let people = holders.compactMap { persons[$0] }
            return PublicPost(
                post: post, role: role, vacant: holders.isEmpty, names: shown.contains(.name) ? people.map(\.name) : [],
                phones: shown.contains(.phone) ? people.compactMap(\.phone) : [])
        }
    }
}
