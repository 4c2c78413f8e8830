import Basics
import Matters
import Posts
import Synchronization

/// Who has a matter open right now, on this node, so that two do not do one thing twice. Forgotten when nobody says so again.
final class Presence: Sendable {
    struct Someone: Sendable {
        let name: String
        /// A form is open, not only the page.
        let isActing: Bool
        let until: Instant
    }

    static let lasts = Span.seconds(45)
    private static let most = 5000
    private let state = Mutex<[MatterID: [PersonID: Someone]]>([:])

    /// Says that a person has it open. - Returns: the others, and whether this is news to them.
    func note(_ person: PersonID, _ name: String, on matter: MatterID, isActing: Bool, at now: Instant) -> (
        others: [PersonID: Someone], isNews: Bool
    ) {
        state.withLock { state in
            if state.count > Self.most { state = state.filter { $0.value.contains { $0.value.until > now } } }
            var here = (state[matter] ?? [:]).filter { $0.value.until > now }
            let before = here.updateValue(Someone(name: name, isActing: isActing, until: now + Self.lasts), forKey: person)
            state[matter] = here
            here[person] = nil
            return (here, before?.isActing != isActing)
        }
    }
}
