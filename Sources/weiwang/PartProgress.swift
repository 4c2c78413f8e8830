import Synchronization

/// One line on the terminal for what is being copied.
final class PartProgress: Sendable {
    private let line = Mutex(ProgressLine())

    func show(_ part: String, _ done: Int) { line.withLock { $0.show("\(part) \(done)") } }
    func clear() { line.withLock { $0.clear() } }
}
