import Synchronization

/// How many statements one task runs, so that tests see a page that asks once for each of its rows; and which, where a test looks at plans.
package final class StatementCount: Sendable {
    @TaskLocal package static var current: StatementCount?

    private let count = Atomic<Int>(0)
    private let texts: StatementTexts?

    package init(texts: StatementTexts? = nil) { self.texts = texts }

    package var value: Int { count.load(ordering: .relaxed) }

    /// The body, with what it runs counted where somebody counts.
    static func counted<T>(_ body: @escaping @Sendable (Transaction) throws -> T) -> @Sendable (Transaction) throws -> T {
        guard let current else { return body }
        return { tx in
            if current.texts != nil { tx.texts = [] }
            defer {
                current.count.add(tx.statements, ordering: .relaxed)
                current.texts?.add(tx.texts ?? [])
            }
            return try body(tx)
        }
    }
}

/// The texts of statements that were run, each once.
package final class StatementTexts: Sendable {
    private let texts = Mutex<Set<String>>([])
    package init() {}
    package var all: [String] { texts.withLock { $0.sorted() } }
    func add(_ more: Set<String>) { texts.withLock { $0.formUnion(more) } }
}
