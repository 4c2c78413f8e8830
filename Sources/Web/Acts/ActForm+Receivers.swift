import Basics
import Grids
import Matters
import Posts
import Store

// Who gets it: the posts of the place from the nearest up, other grids below, departments.
extension ActForm {
    private static let mostPosts = 12
    private static let mostGrids = 24

    /// The land on which this reader gives work out.
    private var own: [Path] { room.actor.heldPosts.map(\.path) }
    private var holder: PostID? { seen.parts.last { $0.isOpen && $0.ask == nil }?.post }

    func places(_ view: inout View) {
        var posts: [View] = []
        var path: Path? = matter.path
        while let here = path, own.contains(where: { $0.covers(here) }) {
            for post in room.book.posts(atPath: here, at: room.now) where post.id != holder && room.book.roles.turn(post.role) != nil {
                posts.append(choice(post))
            }
            path = here.parent
        }
        if typed["posts"].isEmpty, typed["units"].isEmpty, !posts.isEmpty { posts[0]["checked"] = true }
        view["posts"] = Array(posts.prefix(Self.mostPosts))
        view["anyPost"] = !posts.isEmpty
        below(&view)
        view["unitList"] = room.matters.departments(at: matter.path, on: room.now, book: room.book).map { unit in
            var choice: View = ["value": unit.id.description, "label": unit.name]
            if unit.id.description == typed["units"] { choice["checked"] = true }
            return choice
        }
    }

    private func choice(_ post: Post) -> View {
        var choice: View = ["value": post.id.description, "label": post.name]
        let answering = room.book.answering(post: post.id, at: room.now)
        if answering.isVacant { choice["note"] = room.say("desk.form.vacant", ["post": room.postName(answering.by)]) }
        if post.id.description == typed["posts"] { choice["checked"] = true }
        return choice
    }

    /// Every other grid of the reader's land that has a post, the large ones first, narrowed by name, code or first letters.
    private func below(_ view: inout View) {
        let wanted = String(typed["find_grid"].prefix(40)).lowercased()
        let land = room.land.today
        var seen: Set<GridID> = []
        var found: [(rank: Int, path: Path, post: Post)] = []
        for path in own {
            for grid in land.subtree(path) where !grid.path.covers(matter.path) && seen.insert(grid.id).inserted {
                guard let post = room.book.posts(atPath: grid.path, at: room.now).first(where: { room.book.roles.turn($0.role) != nil }),
                    wanted.isEmpty || grid.name.lowercased().contains(wanted) || grid.code.lowercased().hasPrefix(wanted)
                        || Pinyin.initials(grid.name).contains(wanted)
                else { continue }
                found.append((grid.rank, grid.path, post))
            }
        }
        guard !found.isEmpty || !wanted.isEmpty else { return }
        found.sort { ($0.rank, $0.path) < ($1.rank, $1.path) }
        var below: View = ["typed": typed["find_grid"], "posts": found.prefix(Self.mostGrids).map { choice($0.post) }]
        if found.isEmpty { below["none"] = room.say("desk.form.grid.none") }
        if found.count > Self.mostGrids {
            below["more"] = room.say("desk.form.grid.more", ["count": String(found.count - Self.mostGrids)])
        }
        if !wanted.isEmpty || found.contains(where: { $0.post.id.description == typed["posts"] }) { below["open"] = true }
        view["below"] = below
    }

    /// Departments to whistle in: the responsible one is ticked.
    func units(_ view: inout View) {
        let named = room.named(for: matter)?.unit
        let chosen = typed.all("units")
        let busy = Set(seen.parts.filter { $0.ask != nil && $0.isOpen }.compactMap { room.book.posts[$0.post]?.unit })
        var units = room.matters.departments(at: matter.path, on: room.now, book: room.book).filter { !busy.contains($0.id) }
        units.sort { a, b in a.id == named && b.id != named }
        let list: [View] = units.map { unit in
            var choice: View = ["value": unit.id.description, "label": unit.name]
            if unit.id == named { choice["note"] = room.say("desk.form.responsible") }
            if chosen.isEmpty ? unit.id == named : chosen.contains(unit.id.description) { choice["checked"] = true }
            return choice
        }
        view["units"] = list
        view["noUnit"] = list.isEmpty
    }
}
