import Synchronization

/// How many statements one task runs, so that tests see a page that asks once for each of its rows.
package final class StatementCount: Sendable {
    @TaskLocal package static var current: StatementCount?

    private let count = Atomic<Int>(0)

    package init() {}

    package var value: Int { count.load(ordering: .relaxed) }
    func add(_ statements: Int) { count.add(statements, ordering: .relaxed) }

    /// The body, with what it runs counted where somebody counts.
    static func counted<T>(_ body: @escaping @Sendable (Transaction) throws -> T) -> @Sendable (Transaction) throws -> T {
        guard let current else { return body }
        return { tx in
            defer { current.add(tx.statements) }
            return try body(tx)
        }
    }
}
