import Basics
import Catalog
import Store

extension Posts {
    /// What the actor reaches with a group of verbs at an instant.
    package func scope(of actor: Actor, _ group: VerbGroup, at instant: Instant, in tx: Transaction) throws -> Scope {
        scope(of: actor, group, at: instant, book: try book(in: tx))
    }

    package func scope(of actor: Actor, _ group: VerbGroup, at instant: Instant, book: PostBook) -> Scope {
        var scope = Scope()
        switch actor {
        case .system:
            return .system
        case .stranger:
            return .nothing
        case .client(_, let verbs):
            scope.openRows = group == .see && verbs.contains(group.rawValue)
        case .pass(_, let subject, let verbs):
            if group == .see || verbs.contains(group.rawValue) { scope.subject = subject }
        case .wall(_, let post, let land):
            if group == .see || group == .figures { scope.land.append(Scope.Land(path: land, post: post)) }
        case .person(let person, let posts):
            if group == .see { scope.mine = person }
            for held in posts { add(held, group, at: instant, book: book, to: &scope) }
        }
        return scope
    }

    private func add(_ held: HeldPost, _ group: VerbGroup, at instant: Instant, book: PostBook, to scope: inout Scope) {
        let reaches = book.roles.reaches(held.role, group)
        guard let post = book.posts[held.post] else { return }
        if reaches.contains(.part) {
            for answered in book.answeredPosts(of: [held.post], at: instant) where scope.parts[answered] == nil {
                scope.parts[answered] = held.post
            }
            // Colleagues see what their unit has; acting on it stays with the post.
            if group == .see, let unit = held.unit {
                for colleague in book.atUnit[unit] ?? [] where scope.parts[colleague] == nil { scope.parts[colleague] = held.post }
            }
        }
        guard held.inside else { return }
        if reaches.contains(.land) { scope.land.append(Scope.Land(path: post.path, post: held.post)) }
        if reaches.contains(.remit) {
            for remit in book.remits(of: post, on: instant) {
                scope.tasks.append(
                    Scope.Task(
                        categories: remit.subject == Remit.anySubject ? nil : book.roles.categories(of: remit.subject), path: remit.path,
                        post: held.post))
            }
        }
        // Reading only: whoever reaches all sees and counts, and acts through parts.
        if reaches.contains(.all), [.see, .figures, .audit, .export].contains(group) { scope.all = held.post }
    }

    /// May the actor use the group on this row? Which post allows it goes into the entry.
    package func permission(
        of actor: Actor, _ group: VerbGroup, on row: ScopeRow, at instant: Instant, as post: PostID? = nil, in tx: Transaction
    ) throws -> Permission? {
        try scope(of: actor, group, at: instant, in: tx).permission(for: row, preferred: post)
    }

    /// May the actor use the group on this land?
    package func may(_ actor: Actor, _ group: VerbGroup, on path: Path, at instant: Instant, in tx: Transaction) throws -> Bool {
        try scope(of: actor, group, at: instant, in: tx).admits(land: path)
    }
}
