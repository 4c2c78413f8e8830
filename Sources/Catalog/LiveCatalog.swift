import Basics
import Synchronization

/// The catalog in force: when a changed file is broken the last good one stays, and the problems are kept to be shown.
package final class LiveCatalog: Sendable {
    private struct State {
        var catalog: Catalog
        var problems: [CatalogProblem] = []
    }

    private let state: Mutex<State>
    /// What engines hold against a new catalog (a kind they cannot decode); each throws `CatalogProblem` or `CatalogBroken`.
    private let checks: [@Sendable (Catalog) throws -> Void]

    /// - Throws: `CatalogBroken` when the very first one is broken: there is none to fall back on.
    package init(_ files: CatalogFiles, checks: [@Sendable (Catalog) throws -> Void] = []) throws {
        self.checks = checks
        state = Mutex(State(catalog: try Self.made(files, checks)))
    }

    package var current: Catalog { state.withLock { $0.catalog } }

    /// Of the last reload; empty when the catalog in force is what was given last.
    package var problems: [CatalogProblem] { state.withLock { $0.problems } }

    /// Takes new files into force, or keeps the last good catalog and remembers why.
    /// - Returns: whether another catalog is in force now.
    @discardableResult
    package func reload(_ files: CatalogFiles) -> Bool {
        if state.withLock({ $0.catalog.files == files && $0.problems.isEmpty }) { return false }
        do {
            let made = try Self.made(files, checks)
            return state.withLock { state in
                state.problems = []
                let changed = state.catalog.files != made.files
                if changed { state.catalog = made }
                return changed
            }
        } catch let broken as CatalogBroken {
            keep(broken.problems)
        } catch let problem as CatalogProblem {
            keep([problem])
        } catch {
            keep([CatalogProblem(file: "catalog", line: 1, .unreadable, ["why": "\(error)"])])
        }
        return false
    }

    /// As `reload`, reading the folders below a home; a file that cannot be read is a problem like any other.
    @discardableResult
    package func reload(home: String) -> Bool {
        do {
            return reload(try CatalogFiles.load(home: home))
        } catch let broken as CatalogBroken {
            keep(broken.problems)
        } catch {
            keep([CatalogProblem(file: "catalog", line: 1, .unreadable, ["why": "\(error)"])])
        }
        return false
    }

    private func keep(_ problems: [CatalogProblem]) { state.withLock { $0.problems = problems } }

    private static func made(_ files: CatalogFiles, _ checks: [@Sendable (Catalog) throws -> Void]) throws -> Catalog {
        let catalog = try Catalog(files)
        var problems = CatalogProblems()
        for check in checks { problems.gather { try check(catalog) } }
        try problems.check()
        return catalog
    }
}
