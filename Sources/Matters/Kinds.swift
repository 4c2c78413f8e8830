import Basics
import Catalog
import Grids
import Store
import Synchronization

/// All kinds in force, each as it holds everywhere and, where a grid has its own variation, as it holds there.
package final class Kinds: Sendable {
    package let byID: [String: Kind]
    /// The kind of an ordinary report: the first that anyone may open.
    package let usual: Kind

    private let catalog: Catalog
    /// Of each kind that varies, the codes of the grids with a say.
    private let varied: [String: Set<String>]
    private let made = Mutex<[[String]: Kind]>([:])

    /// - Throws: `CatalogProblem`, also of a variation that no matter has met yet.
    package init(_ catalog: Catalog) throws {
        self.catalog = catalog
        let kinds = try catalog.entries("kinds").map { try Kind(try catalog.entry("kinds", $0.id) ?? $0) }
        guard let first = kinds.first else {
            throw CatalogProblem(file: "catalog/kinds", line: 1, .missingKey, ["name": "kinds", "known": ""])
        }
        usual = first
        byID = Dictionary(kinds.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var varied: [String: Set<String>] = [:]
        for variation in catalog.variations("kinds") {
            // NB: who sees what is asked of whole lists in SQL, so it cannot differ from place to place.
            try variation.node.known("clocks", "actions")
            varied[variation.id, default: []].formUnion(variation.grids)
            if let entry = try catalog.entry("kinds", variation.id, grids: variation.grids) { _ = try Kind(entry) }
        }
        self.varied = varied
    }

    /// As it holds everywhere. What depends on the place asks `Matters.kind(of:in:)`.
    package subscript(id: String) -> Kind { byID[id] ?? usual }

    func varies(_ id: String) -> Bool { varied[id] != nil }

    /// - Parameter codes: of the grids from the top down to where the matter is.
    func kind(_ id: String, at codes: [String]) throws -> Kind {
        let telling = codes.filter { varied[id]?.contains($0) ?? false }
        guard !telling.isEmpty else { return self[id] }
        let key = [id] + telling
        if let known = made.withLock({ $0[key] }) { return known }
        guard let entry = try catalog.entry("kinds", id, grids: telling) else { return self[id] }
        let kind = try Kind(entry)
        made.withLock { $0[key] = kind }
        return kind
    }
}

extension Matters {
    package func kinds() throws -> Kinds { try catalog.current.once { try Kinds($0) } }

    /// A matter's kind as it holds on its land.
    package func kind(of matter: Matter, in tx: Transaction) throws -> Kind { try kind(matter.kind, at: matter.path, in: tx) }

    func kind(_ id: String, at path: Path, in tx: Transaction) throws -> Kind {
        let kinds = try kinds()
        guard kinds.varies(id) else { return kinds[id] }
        let day = try grids.land(in: tx).on()
        return try kinds.kind(id, at: day[path].map { day.chain(to: $0).map(\.code) } ?? [])
    }
}
