import Synchronization

/// Wakes whoever reads the journal after a commit; many commits may make one wake-up.
package final class CommitSignal: Sendable {
    private let listeners = Mutex<[Int: AsyncStream<Void>.Continuation]>([:])
    private let counter = Atomic<Int>(0)

    package init() {}

    /// A stream with an element after commits that recorded entries, coalesced.
    package func listen() -> AsyncStream<Void> {
        let id = counter.add(1, ordering: .relaxed).newValue
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        listeners.withLock { $0[id] = continuation }
        continuation.onTermination = { [weak self] _ in
            _ = self?.listeners.withLock { $0.removeValue(forKey: id) }
        }
        return stream
    }

    package func send() {
        for listener in listeners.withLock({ Array($0.values) }) { listener.yield() }
    }
}
