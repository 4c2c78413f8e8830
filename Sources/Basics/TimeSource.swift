/// Where *now* comes from: the system, or a clock that a test has frozen.
package struct TimeSource: Sendable {
    private let read: @Sendable () -> Instant

    package init(_ read: @escaping @Sendable () -> Instant) { self.read = read }

    package var now: Instant { read() }

    package static let system = TimeSource { .systemNow }
}
