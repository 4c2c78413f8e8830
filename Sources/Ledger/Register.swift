import Catalog

/// What is kept about one sort of thing (`catalog/registers/*.yaml`).
///
/// ```yaml
/// place: area                              # point, line, area, none
/// elements: [address, floors]
/// links: {stands_in: {to: compound}}
/// told: {by: address, within: 40, turn: 1} # tells a place in words, by this element (else its name), up to so many metres
/// ```
package struct Register: Sendable, Hashable {
    package enum Place: String, Sendable, CaseIterable { case point, line, area, none }

    /// How a record of this register tells where something is.
    package struct Told: Sendable, Hashable {
        package let element: String?
        package let meters: Double
        package let turn: Int
    }

    package let id: String
    package let place: Place
    package let elements: [Element]
    /// Role of a link → the register it leads to.
    package let links: [String: String]
    package let told: Told?

    package func element(_ id: String) -> Element? { elements.first { $0.id == id } }
    package var nameKey: String { "register." + id }

    init(_ entry: CatalogEntry, catalog: Catalog) throws {
        let node = entry.node
        try node.known("place", "elements", "links", "told", "extends")
        id = entry.id
        place = try node.choice("place", or: .none)
        elements = try node.list("elements").map { item in
            let name = try item.asText()
            guard let element = catalog.element(name) else {
                let names = catalog.elements.map(\.id)
                throw item.problem(
                    .unknownId, ["found": name, "nearest": Nearest.name(to: name, among: names), "known": names.joined(separator: ", ")])
            }
            return element
        }
        let registers = catalog.entries("registers").map(\.id)
        var links: [String: String] = [:]
        for link in try node.map("links") {
            try link.value.known("to")
            let to = try link.value.text("to")
            guard registers.contains(to) else {
                throw link.value.problem(
                    .unknownId,
                    ["found": to, "nearest": Nearest.name(to: to, among: registers), "known": registers.joined(separator: ", ")])
            }
            links[link.key] = to
        }
        self.links = links
        let own = elements.map(\.id)
        told = try node.optional("told") { told in
            try told.known("by", "within", "turn")
            let by = try told.optionalText("by")
            if let by, !own.contains(by) {
                throw told.problem(
                    .unknownId, ["found": by, "nearest": Nearest.name(to: by, among: own), "known": own.joined(separator: ", ")])
            }
            return Told(element: by, meters: try told.number("within"), turn: try told.int("turn", or: 1))
        }
    }
}

/// All registers of one catalog: `try catalog.once { try Registers($0) }`.
package struct Registers: Sendable {
    package let byID: [String: Register]

    /// - Throws: `CatalogBroken` with every wrong register.
    package init(_ catalog: Catalog) throws {
        var problems = CatalogProblems()
        var all: [String: Register] = [:]
        for entry in catalog.entries("registers") {
            guard let full = problems.gather({ try catalog.entry("registers", entry.id) }), let full else { continue }
            all[entry.id] = problems.gather { try Register(full, catalog: catalog) }
        }
        try problems.check()
        byID = all
    }

    package subscript(id: String) -> Register? { byID[id] }

    /// Those that tell a place in words, in their turn.
    package var telling: [Register] {
        byID.values.filter { $0.told != nil }.sorted { ($0.told?.turn ?? 0, $0.id) < ($1.told?.turn ?? 0, $1.id) }
    }
}
