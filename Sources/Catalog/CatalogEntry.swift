/// One document of a catalog folder: `catalog/kinds/report.yaml` is `report` of `kinds`.
package struct CatalogEntry: Sendable {
    /// `kinds`; `catalog/levels.yaml` and the files of `catalog/levels/` are both of `levels`.
    package let folder: String
    /// The file's name up to its first dot: `report.school.yaml` is a variation of `report`.
    package let id: String
    package let node: CatalogNode
    /// `for:` — codes of the grids it holds for; empty holds everywhere.
    package let grids: [String]

    init(folder: String, id: String, node: CatalogNode, grids: [String]) {
        self.folder = folder
        self.id = id
        self.node = node
        self.grids = grids
    }

    init(path: String, text: String) throws {
        let parts = path.split(separator: "/").map(String.init)
        let name = String((parts.last ?? "").prefix { $0 != "." })
        let node = try CatalogNode(yaml: text, file: path)
        // `for` may not be an id of an item in a file of many, so it can be read here for all folders.
        self.init(folder: parts.count > 2 ? parts[1] : name, id: name, node: node.without("for"), grids: try node.texts("for"))
    }
}

/// Reading of the folders that hold many small things a file.
struct CatalogReading {
    struct Item {
        let id: String
        let node: CatalogNode
    }

    let documents: [String: [CatalogEntry]]

    init(_ documents: [String: [CatalogEntry]]) { self.documents = documents }

    func single(_ folder: String) throws -> CatalogNode {
        guard let entry = documents[folder]?.first else { throw CatalogProblem(file: "catalog/\(folder).yaml", line: 1, .missingFile) }
        return entry.node
    }

    /// All items of all files of a folder, in the order of files and lines. `defaults:` of a file is laid under each of its items.
    func items(_ folder: String) throws -> [Item] {
        guard let entries = documents[folder], !entries.isEmpty else {
            throw CatalogProblem(file: "catalog/\(folder).yaml", line: 1, .missingFile)
        }
        var items: [Item] = []
        var lines: [String: String] = [:]
        for entry in entries {
            let defaults = entry.node["defaults"]
            for item in try entry.node.asMap() where item.key != "defaults" {
                if let first = lines[item.key] {
                    throw CatalogProblem(file: entry.node.file, line: item.line, .duplicateId, ["name": item.key, "at": first])
                }
                lines[item.key] = "\(entry.node.file):\(item.line)"
                let own = item.value.isNull ? CatalogNode(file: entry.node.file, line: item.line, at: item.key, .map([])) : item.value
                items.append(Item(id: item.key, node: defaults.map { own.over($0) } ?? own))
            }
        }
        return items
    }

    func each<T>(_ folder: String, _ problems: inout CatalogProblems, _ make: (Item) throws -> T) -> [T] {
        var made: [T] = []
        let items = problems.gather { try self.items(folder) } ?? []
        for item in items {
            if let value = problems.gather({ try make(item) }) { made.append(value) }
        }
        return made
    }

    /// Elements that an interface may ask for: those that a program can answer, and that need no vault.
    private var askable: [String] {
        ((try? items("elements")) ?? []).filter { item in
            guard let element = try? Element(item.id, item.node) else { return false }
            return !element.sensitive && element.sort != .photo && element.sort != .person
        }.map(\.id)
    }

    /// Every id that names something elsewhere must be there. A folder that could not be read has its own problem, so nothing is said twice.
    func checkNames(_ problems: inout CatalogProblems) {
        func ids(_ folder: String) -> [String] { ((try? items(folder)) ?? []).map(\.id) }
        func check(_ folder: String, _ way: [String], _ known: [String]) {
            guard !known.isEmpty else { return }
            for item in (try? items(folder)) ?? [] {
                var node: CatalogNode? = item.node
                for key in way { node = node?[key] }
                guard let node else { continue }
                for name in node.isList ? (try? node.asList()) ?? [] : [node] {
                    problems.gather {
                        if !known.contains(try name.asText()) { throw try name.unknown(among: known) }
                    }
                }
            }
        }
        let levels = ids("levels") + [Level.root]
        check("categories", ["class"], ids("classes"))
        check("categories", ["urgency"], ids("urgencies"))
        check("categories", ["department"], ids("departments"))
        check("categories", ["form"], askable)
        check("roles", ["at", "grid"], levels)
        check("roles", ["at", "unit"], ids("units"))
        check("roles", ["at", "place"], (documents["registers"] ?? []).map(\.id))
        check("units", ["level"], levels)
    }
}
