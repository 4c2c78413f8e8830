import Basics
import Catalog
import Matters
import Posts
import Store
import Synchronization

/// What staff pages hear at once: follows the journal on this node, reads changed matters once, and gives each open stream only what its
/// person's scope admits.
package final class Feed: NodeFollower {
    package let name = "live"

    enum Item: Sendable {
        case event(name: String, id: String, data: String)
        case beat
        /// The session is over.
        case end
    }

    /// Who hears: a person by what his posts reach at the moment, a screen on a wall by its land.
    enum Ear: Sendable {
        case person(PersonID)
        case wall(WallID, Actor)

        var key: UUIDv7 {
            switch self {
            case .person(let id): id.uuid
            case .wall(let id, _): id.uuid
            }
        }

        func actor(_ book: PostBook, at now: Instant) -> Actor {
            switch self {
            case .person(let id): book.actor(id, at: now)
            case .wall(_, let actor): actor
            }
        }
    }

    /// One open stream.
    struct Listener {
        let ear: Ear
        /// Of the session that opened it; nil where a test listens.
        let token: String?
        let continuation: AsyncStream<Item>.Continuation
        /// Matters this stream has told of, so that it can say when one leaves its sight.
        var told: Set<MatterID> = []
    }

    private struct State {
        var next = 0
        var listeners: [Int: Listener] = [:]
    }

    /// A client that is so far behind is let go: it comes back and reads anew. More than one reading of the journal brings, since after an
    /// outage it brings much at once.
    static let waiting = 600
    private static let mostTold = 4000

    private let matters: Matters
    private let time: TimeSource
    private let state = Mutex(State())

    package init(matters: Matters, time: TimeSource = .system) {
        self.matters = matters
        self.time = time
    }

    package var count: Int { state.withLock { $0.listeners.count } }

    func open(_ person: PersonID, token: String? = nil) -> (number: Int, items: AsyncStream<Item>) { open(.person(person), token: token) }

    func open(_ ear: Ear, token: String? = nil) -> (number: Int, items: AsyncStream<Item>) {
        let (stream, continuation) = AsyncStream.makeStream(of: Item.self, bufferingPolicy: .bufferingOldest(Self.waiting))
        let number = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = Listener(ear: ear, token: token, continuation: continuation)
            return state.next
        }
        return (number, stream)
    }

    func close(_ number: Int) {
        let listener = state.withLock { $0.listeners.removeValue(forKey: number) }
        listener?.continuation.finish()
    }

    /// Something for certain people, on whatever streams they have open.
    func tell(_ persons: Set<PersonID>, _ item: Item) {
        guard !persons.isEmpty else { return }
        let numbers = state.withLock { $0.listeners.filter { persons.contains(PersonID($0.value.ear.key)) }.map(\.key) }
        for number in numbers { _ = send(item, to: number) }
    }

    /// Ends the streams of sessions that are over.
    func end(_ over: (String) -> Bool) {
        let ended = state.withLock { state in state.listeners.filter { $0.value.token.map(over) ?? false }.map(\.key) }
        for number in ended {
            _ = send(.end, to: number)
            close(number)
        }
    }

    /// Ends the streams of screens that are shown no more.
    private func end(walls: Set<UUIDv7>) {
        for number in state.withLock({ state in state.listeners.filter { walls.contains($0.value.ear.key) }.map(\.key) }) {
            _ = send(.end, to: number)
            close(number)
        }
    }

    /// A heartbeat for one stream. - Returns: false when the stream is gone.
    func beat(_ number: Int) -> Bool { send(.beat, to: number) }

    package func follow(_ entries: [Store.Entry], from database: Database) async throws {
        guard count > 0 else { return }
        end(walls: Set(entries.filter { $0.subject == "wall" }.map(\.subjectID)))
        try await calls(entries, from: database)
        var ids: Set<UUIDv7> = []
        for entry in entries {
            if entry.subject == "matter" { ids.insert(entry.subjectID) }
            if let id = entry.detail["matter"].flatMap({ UUIDv7($0) }) { ids.insert(id) }
        }
        guard !ids.isEmpty || entries.contains(where: { $0.subject == "account" }), let last = entries.last else { return }
        let (matters, now, wanted) = (matters, time.now, ids)
        let tokens = Set(state.withLock { $0.listeners.values.compactMap(\.token) })
        let (changed, book, good) = try await database.read { tx in
            (try matters.scoped(wanted, in: tx), try matters.posts.book(in: tx), try matters.posts.good(tokens, at: now, in: tx))
        }
        // Nobody hears anything more once a session is over, wherever it was ended.
        end { tokens.contains($0) && !good.contains($0) }
        let zone = matters.catalog.current.platform.zone
        let events = changed.map { (matter: $0.matter, row: $0.row, data: Self.data($0.matter, at: now, zone: zone)) }
        let mark = "\(last.cursor.turn)-\(last.cursor.seq)"
        var scopes: [UUIDv7: Scope] = [:]
        for (number, ear) in state.withLock({ $0.listeners.mapValues(\.ear) }).map({ ($0.key, $0.value) }) {
            let scope = scopes[ear.key] ?? matters.posts.scope(of: ear.actor(book, at: now), .see, at: now, book: book)
            scopes[ear.key] = scope
            let isWall = if case .wall = ear { true } else { false }
            for event in events {
                let admitted = scope.admits(event.row)
                let knew = state.withLock { state in
                    guard admitted else { return state.listeners[number]?.told.remove(event.matter.id) != nil }
                    if state.listeners[number]?.told.count ?? 0 > Self.mostTold { state.listeners[number]?.told.removeAll() }
                    return !(state.listeners[number]?.told.insert(event.matter.id).inserted ?? true)
                }
                if admitted {
                    _ = send(.event(name: "matter", id: mark, data: isWall ? Self.face(event.matter, at: now) : event.data), to: number)
                } else if knew {
                    _ = send(
                        .event(name: "gone", id: mark, data: Tree.object([("id", .text(event.matter.id.description))]).json), to: number)
                }
            }
        }
    }

    /// Calls that came to a desk, were taken up there or left it: whoever sits at it hears.
    private func calls(_ entries: [Store.Entry], from database: Database) async throws {
        let moved = entries.filter { $0.subject == "intake" && $0.detail["to"] != nil }
        guard !moved.isEmpty else { return }
        let (matters, now) = (matters, time.now)
        let book = try await database.read { try matters.posts.book(in: $0) }
        let posts = Set(moved.flatMap { [$0.detail["to"], $0.detail["from"]] }.compactMap { $0.flatMap { PostID($0) } })
        let persons = posts.flatMap { book.answering(post: $0, at: now).persons }
        tell(Set(persons), .event(name: "call", id: "", data: "{}"))
    }

    private func send(_ item: Item, to number: Int) -> Bool {
        guard let listener = state.withLock({ $0.listeners[number] }) else { return false }
        switch listener.continuation.yield(item) {
        case .enqueued: return true
        default:
            close(number)
            return false
        }
    }
}
