import Basics
import Foundation
import Synchronization

/// What a district decides, read and checked as a whole; never changes once made.
///
/// It names no engine: levels, categories, roles and the like, which several engines share, are decoded here; `kinds`, `routes`, `registers`,
/// `measures` and `papers` are handed out as nodes (`entries`), and each engine decodes its own with `once`.
package final class Catalog: Sendable {
    package let files: CatalogFiles
    package let strings: Strings
    package let platform: Platform
    /// From the top down, without the root.
    package let levels: [Level]
    package let classes: [MatterClass]
    /// The least urgent first.
    package let urgencies: [Urgency]
    package let unitClasses: [UnitClass]
    /// Tags of departments; the name of each is the string `department.<id>`.
    package let departments: [String]
    package let categories: [Category]
    package let roles: [Role]
    package let elements: [Element]
    package let calendar: WorkCalendar

    private let documents: [String: [CatalogEntry]]
    private let categoryIndex: [String: Int]
    private let roleIndex: [String: Int]
    private let elementIndex: [String: Int]
    private let memory = Mutex<[ObjectIdentifier: any Sendable]>([:])

    /// - Throws: `CatalogBroken` with all problems found: file, line, what is wrong.
    package init(_ files: CatalogFiles) throws {
        self.files = files
        var problems = CatalogProblems()
        strings = problems.gather { try Strings(files) } ?? Strings()
        var documents: [String: [CatalogEntry]] = [:]
        for path in files.paths(in: "catalog") {
            problems.gather {
                let entry = try CatalogEntry(path: path, text: files.texts[path] ?? "")
                documents[entry.folder, default: []].append(entry)
            }
        }
        try problems.check()
        self.documents = documents

        let reading = CatalogReading(documents)
        let platform = problems.gather { try Platform(reading.single("platform")) }
        levels = problems.gather { try reading.items("levels").enumerated().map { try Level($1.id, rank: $0 + 1, $1.node) } } ?? []
        classes = problems.gather { try reading.items("classes").map { try MatterClass($0.id, $0.node) } } ?? []
        urgencies = problems.gather { try reading.items("urgencies").enumerated().map { try Urgency($1.id, rank: $0, $1.node) } } ?? []
        unitClasses = problems.gather { try reading.items("units").map { try UnitClass($0.id, $0.node) } } ?? []
        departments = problems.gather { try reading.items("departments").map { $0.id } } ?? []
        categories = reading.each("categories", &problems) { try Category($0.id, $0.node) }
        roles = reading.each("roles", &problems) { try Role($0.id, $0.node) }
        elements = reading.each("elements", &problems) { try Element($0.id, $0.node) }
        let zone = platform?.zone ?? .gmt
        let calendar = problems.gather { try WorkCalendar((documents["calendars"] ?? []).map(\.node), zone: zone) }
        reading.checkNames(&problems)
        try problems.check()
        guard let platform, let calendar else { throw CatalogBroken(problems.all) }
        self.platform = platform
        self.calendar = calendar
        categoryIndex = Dictionary(categories.enumerated().map { ($1.id, $0) }) { first, _ in first }
        roleIndex = Dictionary(roles.enumerated().map { ($1.id, $0) }) { first, _ in first }
        elementIndex = Dictionary(elements.enumerated().map { ($1.id, $0) }) { first, _ in first }
    }

    /// Reads the folders below a home.
    package convenience init(home: String) throws { try self.init(CatalogFiles.load(home: home)) }

    // MARK: - By id

    package func level(_ id: String) -> Level? { levels.first { $0.id == id } }
    package func matterClass(_ id: String) -> MatterClass? { classes.first { $0.id == id } }
    package func urgency(_ id: String) -> Urgency? { urgencies.first { $0.id == id } }
    package func unitClass(_ id: String) -> UnitClass? { unitClasses.first { $0.id == id } }
    package func category(_ id: String) -> Category? { categoryIndex[id].map { categories[$0] } }
    package func role(_ id: String) -> Role? { roleIndex[id].map { roles[$0] } }
    package func element(_ id: String) -> Element? { elementIndex[id].map { elements[$0] } }

    /// Groups of categories in the order of the files.
    package var groups: [String] {
        var seen: Set<String> = []
        return categories.filter { seen.insert($0.group).inserted }.map(\.group)
    }

    /// What a matter has when nobody says otherwise.
    package var usualUrgency: String { (urgencies.first { $0.usual } ?? urgencies.first)?.id ?? "" }

    /// Roles that answer for a new matter at a grid, who is asked first first.
    package var answering: [Role] {
        roles.filter { $0.answersFor != nil }.sorted { ($0.answersFor ?? 0, $0.id) < ($1.answersFor ?? 0, $1.id) }
    }

    /// What a new folder begins with: the role of its one post, the class of its one unit.
    package var firstRole: Role? { roles.first { $0.first } }
    package var firstUnitClass: UnitClass? { unitClasses.first { $0.first } }

    // MARK: - Nodes for engines

    /// The documents of a folder (`kinds`), in order of ids; variations apart.
    package func entries(_ folder: String) -> [CatalogEntry] { (documents[folder] ?? []).filter { $0.grids.isEmpty } }

    /// The documents of a folder that hold on some grids only, as the file writes them.
    package func variations(_ folder: String) -> [CatalogEntry] { (documents[folder] ?? []).filter { !$0.grids.isEmpty } }

    /// The items of a folder whose files hold many (`measures`), in order of files and lines, each with its file's `defaults` under it.
    package func items(_ folder: String) throws -> [CatalogEntry] {
        try CatalogReading(documents).items(folder).map { CatalogEntry(folder: folder, id: $0.id, node: $0.node, grids: []) }
    }

    /// A document with what it `extends`, and with the variations that hold for a grid laid over it, the nearest above last, key by key.
    /// - Parameter grids: codes from the top grid down to the one that asks; none gives the general rule.
    package func entry(_ folder: String, _ id: String, grids: [String] = []) throws -> CatalogEntry? {
        let all = documents[folder] ?? []
        guard let general = all.first(where: { $0.id == id && $0.grids.isEmpty }) else { return nil }
        var node = try extended(general, in: all, seen: [id])
        for code in grids {
            for variation in all where variation.id == id && variation.grids.contains(code) { node = variation.node.over(node) }
        }
        return CatalogEntry(folder: folder, id: id, node: node, grids: [])
    }

    private func extended(_ entry: CatalogEntry, in all: [CatalogEntry], seen: Set<String>) throws -> CatalogNode {
        guard let base = entry.node["extends"] else { return entry.node }
        let id = try base.asText()
        guard !seen.contains(id), let found = all.first(where: { $0.id == id && $0.grids.isEmpty }) else {
            let names = all.map(\.id).filter { !seen.contains($0) }
            throw base.problem(
                .unknownId, ["found": id, "nearest": Nearest.name(to: id, among: names), "known": names.joined(separator: ", ")])
        }
        return entry.node.without("extends").over(try extended(found, in: all, seen: seen.union([id])))
    }

    /// What an engine decodes from this catalog, decoded once and kept with it.
    ///
    /// ```swift
    /// let kinds = try catalog.once { try Kinds($0) }
    /// ```
    package func once<T: Sendable>(_ type: T.Type = T.self, _ make: (Catalog) throws -> T) throws -> T {
        if let known = memory.withLock({ $0[ObjectIdentifier(type)] }) as? T { return known }
        let made = try make(self)
        return memory.withLock { memory in
            if let other = memory[ObjectIdentifier(type)] as? T { return other }
            memory[ObjectIdentifier(type)] = made
            return made
        }
    }
}
