import Basics
import Catalog
import Store

/// What an actor may reach with one group of verbs: one value from which lists take their SQL and the live parts their filter.
///
/// Source: model.md §2. Privacy cuts reach: open and inside rows by land, remit, part, all and mine; confidential ones by part and mine.
package struct Scope: Sendable, Hashable {
    /// All below a path, by a post.
    struct Land: Sendable, Hashable {
        let path: Path
        let post: PostID
    }

    /// Some categories below a path, by a post; nil is every category.
    struct Task: Sendable, Hashable {
        let categories: [String]?
        let path: Path
        let post: PostID
    }

    /// The platform itself: every row.
    var everything = false
    /// Open rows only, wherever they are (clients with sight).
    var openRows = false
    /// Every open and inside row, reading only; the post that gives it.
    var all: PostID?
    var land: [Land] = []
    var tasks: [Task] = []
    /// Post with the part → the held post by which the actor reaches it.
    var parts: [PostID: PostID] = [:]
    var mine: PersonID?
    var subject: PassSubject?

    package static let nothing = Scope()
    package static let system: Scope = {
        var scope = Scope()
        scope.everything = true
        return scope
    }()

    package var isNothing: Bool { self == .nothing }

    /// The paths below which everything open or inside is reached, without those that lie in another of them.
    package var prefixes: [Path] {
        if everything || all != nil { return [.root] }
        return Self.outermost(Set(land.map(\.path)))
    }

    /// Those that lie in no other; in order, each is followed by what lies in it.
    private static func outermost(_ paths: Set<Path>) -> [Path] {
        paths.sorted().reduce(into: []) { kept, path in if !(kept.last?.covers(path) ?? false) { kept.append(path) } }
    }

    /// The lands of posts and of remits, without those that lie in another of them.
    package var outermostLands: [Path] { Self.outermost(Set(land.map(\.path) + tasks.map(\.path))) }

    /// What is reached by remits: below a path, some categories, or all when nil.
    package var remitted: [(path: Path, categories: [String]?)] { tasks.map { ($0.path, $0.categories) } }

    /// The posts whose parts are reached.
    package var partPosts: [PostID] { parts.keys.sorted() }

    /// What all that is reached has to do with, one or another of these.
    /// - Returns: nil when it may be anything.
    package func whereabouts(_ book: PostBook) -> Set<SearchMark>? {
        guard !everything, !openRows, all == nil, subject == nil else { return nil }
        var marks: Set<SearchMark> = Set(mine.map { [.person($0.uuid)] } ?? [])
        var paths = Set(land.map(\.path))
        for task in tasks {
            // Of the whole city only some categories.
            if task.path == .root, let categories = task.categories {
                marks.formUnion(categories.map { .category($0) })
            } else {
                paths.insert(task.path)
            }
        }
        for post in parts.keys {
            guard let path = book.posts[post]?.path else { return nil }
            if case .land(let land) = SearchMark.part(of: post.uuid, at: path) {
                paths.insert(land)
            } else {
                marks.insert(.post(post.uuid))
            }
        }
        guard !paths.contains(.root) else { return nil }
        marks.formUnion(Self.outermost(paths).map { .land($0) })
        return marks.isEmpty ? nil : marks
    }

    /// The same for every actor with the same reach: keys cached tiles and figures.
    package var key: String {
        var text = "\(everything) \(openRows) \(all != nil)"
        text += prefixes.map(\.text).joined(separator: ",") + "|"
        text += tasks.map { "\($0.path.text):\($0.categories?.joined(separator: "+") ?? "*")" }.sorted().joined(separator: ",") + "|"
        text += partPosts.map(\.description).joined(separator: ",") + "|\(mine?.description ?? "")|\(subject?.id.description ?? "")"
        return Secret.hex(Secret.digest(text).prefix(12))
    }
}

/// A row as the in-memory side of a scope sees it.
package struct ScopeRow: Sendable {
    package var id: UUIDv7?
    package var path: Path
    /// The land on the other side when the place is on a border.
    package var border: Path?
    package var privacy: Privacy
    package var category: String?
    /// Posts with a part in it.
    package var posts: [PostID]
    /// Persons who reported it, and the ids of their reports.
    package var reporters: [PersonID]
    package var reports: [UUIDv7]

    package init(
        id: UUIDv7? = nil, path: Path, border: Path? = nil, privacy: Privacy, category: String? = nil, posts: [PostID] = [],
        reporters: [PersonID] = [], reports: [UUIDv7] = []
    ) {
        self.id = id
        self.path = path
        self.border = border
        self.privacy = privacy
        self.category = category
        self.posts = posts
        self.reporters = reporters
        self.reports = reports
    }
}

/// Why a row is reached.
package struct Permission: Sendable, Hashable {
    package let reach: Reach
    /// The held post that allows it; nil for what is one's own, passes and the system.
    package let post: PostID?

    package init(reach: Reach, post: PostID?) {
        self.reach = reach
        self.post = post
    }
}

extension Scope {
    /// Part before land before remit before all, so that the entry names the post that has the work.
    /// - Parameter preferred: the post acted as, taken when it allows.
    package func permission(for row: ScopeRow, preferred: PostID? = nil) -> Permission? {
        if everything { return Permission(reach: .all, post: nil) }
        var found: [Permission] = row.posts.compactMap { parts[$0].map { Permission(reach: .part, post: $0) } }
        if row.privacy != .confidential {
            for land in land where land.path.covers(row.path) || row.border.map({ land.path.covers($0) }) ?? false {
                found.append(Permission(reach: .land, post: land.post))
            }
            for task in tasks where task.path.covers(row.path) && (task.categories.map { $0.contains(row.category ?? "") } ?? true) {
                found.append(Permission(reach: .remit, post: task.post))
            }
            if let all { found.append(Permission(reach: .all, post: all)) }
        }
        if let preferred, let match = found.first(where: { $0.post == preferred }) { return match }
        if let first = found.first { return first }
        if let mine, row.reporters.contains(mine) { return Permission(reach: .mine, post: nil) }
        if let subject, subject.id == row.id || row.reports.contains(subject.id) { return Permission(reach: .mine, post: nil) }
        if openRows, row.privacy == .open { return Permission(reach: .all, post: nil) }
        return nil
    }

    package func admits(_ row: ScopeRow) -> Bool { permission(for: row) != nil }

    /// May the land itself be reached, no row in question: grids, posts, figures, opening a matter there.
    package func admits(land path: Path) -> Bool { everything || all != nil || land.contains { $0.path.covers(path) } }
}
