import Synchronization

/// For tests: the names that an answer looked for in what was sent, so that each field of each route is tried and none is forgotten.
///
/// NB: held by every form from its making on, because a field may be read on a thread of the database, where no task is.
final class AskedNames: Sendable {
    @TaskLocal static var current: AskedNames?

    private let names = Mutex<Set<String>>([])

    /// - Parameter isPresence: asked only whether it is there, as one asks for a button.
    func note(_ name: String, isPresence: Bool = false) {
        _ = names.withLock { $0.insert(isPresence ? name + "?" : name) }
    }

    /// With commas; names that a sender made up are not among them.
    var text: String {
        names.withLock { $0.filter { $0.utf8.allSatisfy { (97...122).contains($0) || "_.?".utf8.contains($0) } }.sorted() }
            .joined(separator: ",")
    }
}
