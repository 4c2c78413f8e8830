/// A YAML value that knows its file, its line and its way of keys, so that every wrong one can be named exactly.
///
/// ```swift
/// try node.known("limit", "time", "from", "to")          // any other key is a problem, with the nearest known name
/// let from = try node.text("from")                        // a missing or wrong one is a problem
/// let remind = try node.optional("remind") { try $0.asLimit() }
/// ```
package struct CatalogNode: Sendable {
    package struct Entry: Sendable {
        package let key: String
        package let line: Int
        package let value: CatalogNode
    }

    package enum Content: Sendable {
        case null
        case scalar(String)
        case list([CatalogNode])
        case map([Entry])
    }

    package let file: String
    /// From 1.
    package let line: Int
    /// Keys from the root of the file, joined by dots; empty at the root.
    package let at: String
    package let content: Content

    package init(file: String, line: Int, at: String, _ content: Content) {
        self.file = file
        self.line = line
        self.at = at
        self.content = content
    }

    /// A problem at this node.
    package func problem(_ what: CatalogProblem.Sort, _ values: [String: String] = [:]) -> CatalogProblem {
        CatalogProblem(file: file, line: line, what, values.merging(["at": at.isEmpty ? "/" : at]) { given, _ in given })
    }

    /// A problem at this node, which names something that is not there, with the nearest of what is.
    package func unknown(among names: [String]) throws -> CatalogProblem {
        let found = try asText()
        return problem(
            .unknownId, ["found": found, "nearest": Nearest.name(to: found, among: names), "known": names.joined(separator: ", ")])
    }

    /// The value of a key; nil when the key is absent, the value empty or this is not a map.
    package subscript(_ key: String) -> CatalogNode? {
        guard case .map(let entries) = content, let entry = entries.first(where: { $0.key == key }) else { return nil }
        if case .null = entry.value.content { return nil }
        return entry.value
    }

    package var keys: [String] {
        guard case .map(let entries) = content else { return [] }
        return entries.map(\.key)
    }

    package var isNull: Bool { if case .null = content { true } else { false } }
    package var isMap: Bool { if case .map = content { true } else { false } }
    package var isList: Bool { if case .list = content { true } else { false } }
    package var isScalar: Bool { if case .scalar = content { true } else { false } }

    /// - Throws: a problem for the first key that is not among `names`, with the nearest of them.
    package func known(_ names: String...) throws { try known(names) }

    package func known(_ names: [String]) throws {
        for entry in try asMap() where !names.contains(entry.key) {
            throw CatalogProblem(
                file: file, line: entry.line, .unknownKey,
                [
                    "at": at.isEmpty ? "/" : at, "name": entry.key, "nearest": Nearest.name(to: entry.key, among: names),
                    "known": names.joined(separator: ", "),
                ])
        }
    }
}

// MARK: - The value itself

extension CatalogNode {
    private func wrong(_ expected: String) -> CatalogProblem {
        let found =
            switch content {
            case .null: "nothing"
            case .scalar(let text): text
            case .list: "list"
            case .map: "map"
            }
        return problem(.wrongType, ["expected": expected, "found": found])
    }

    package func asText() throws -> String {
        guard case .scalar(let text) = content else { throw wrong("text") }
        return text
    }

    package func asInt() throws -> Int {
        guard case .scalar(let text) = content, let value = Int(text.filter { $0 != "_" }) else { throw wrong("number") }
        return value
    }

    package func asNumber() throws -> Double {
        guard case .scalar(let text) = content, let value = Double(text), value.isFinite else { throw wrong("number") }
        return value
    }

    /// `true` and `false`, also `yes`, `no`, `on`, `off`.
    package func asBool() throws -> Bool {
        guard case .scalar(let text) = content else { throw wrong("true/false") }
        switch text {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default: throw wrong("true/false")
        }
    }

    package func asList() throws -> [CatalogNode] {
        guard case .list(let items) = content else { throw wrong("list") }
        return items
    }

    /// In the order of the file.
    package func asMap() throws -> [Entry] {
        if case .null = content { return [] }
        guard case .map(let entries) = content else { throw wrong("map") }
        return entries
    }

    /// A list of texts; one text alone is a list of one.
    package func asTexts() throws -> [String] {
        if case .scalar(let text) = content { return [text] }
        return try asList().map { try $0.asText() }
    }

    /// A choice of an enum by its raw value.
    package func asChoice<C: RawRepresentable & CaseIterable>(_ type: C.Type = C.self) throws -> C where C.RawValue == String {
        let text = try asText()
        guard let value = C(rawValue: text) else {
            let names = C.allCases.map(\.rawValue)
            throw problem(
                .wrongValue, ["found": text, "nearest": Nearest.name(to: text, among: names), "known": names.joined(separator: ", ")])
        }
        return value
    }

    /// `2h`, `30m`, `4wd`, `15d`, or `{limit: 30m, time: natural}`.
    /// - Parameter time: work or natural for hours and minutes; nil takes work time.
    package func asLimit(time: Limit.Time? = nil) throws -> Limit {
        if isMap {
            try known("limit", "time")
            return try required("limit").asLimit(time: try optional("time") { try $0.asChoice() } ?? time)
        }
        let text = try asText()
        guard let limit = Limit(text, time: time) else {
            throw problem(.wrongValue, ["found": text, "nearest": "2h", "known": "30m, 2h, 4wd, 15d"])
        }
        return limit
    }
}

// MARK: - The value of a key

extension CatalogNode {
    /// - Throws: a problem when the key is absent or empty.
    package func required(_ key: String) throws -> CatalogNode {
        guard let node = self[key] else {
            if !isMap, !isNull { throw wrong("map") }
            throw problem(.missingKey, ["name": key])
        }
        return node
    }

    package func optional<T>(_ key: String, _ make: (CatalogNode) throws -> T) throws -> T? { try self[key].map(make) }

    package func text(_ key: String) throws -> String { try required(key).asText() }
    package func text(_ key: String, or other: String) throws -> String { try self[key]?.asText() ?? other }
    package func optionalText(_ key: String) throws -> String? { try self[key]?.asText() }
    package func int(_ key: String) throws -> Int { try required(key).asInt() }
    package func int(_ key: String, or other: Int) throws -> Int { try self[key]?.asInt() ?? other }
    package func optionalInt(_ key: String) throws -> Int? { try self[key]?.asInt() }
    package func number(_ key: String) throws -> Double { try required(key).asNumber() }
    package func number(_ key: String, or other: Double) throws -> Double { try self[key]?.asNumber() ?? other }
    /// False when absent.
    package func bool(_ key: String) throws -> Bool { try self[key]?.asBool() ?? false }
    package func bool(_ key: String, or other: Bool) throws -> Bool { try self[key]?.asBool() ?? other }
    /// Empty when absent.
    package func list(_ key: String) throws -> [CatalogNode] { try self[key]?.asList() ?? [] }
    /// Empty when absent; in the order of the file.
    package func map(_ key: String) throws -> [Entry] { try self[key]?.asMap() ?? [] }
    /// Empty when absent; one text alone is a list of one.
    package func texts(_ key: String) throws -> [String] { try self[key]?.asTexts() ?? [] }
    package func choice<C: RawRepresentable & CaseIterable>(_ key: String, _ type: C.Type = C.self) throws -> C where C.RawValue == String {
        try required(key).asChoice()
    }
    package func choice<C: RawRepresentable & CaseIterable>(_ key: String, or other: C) throws -> C where C.RawValue == String {
        try self[key]?.asChoice() ?? other
    }
    package func limit(_ key: String, time: Limit.Time? = nil) throws -> Limit { try required(key).asLimit(time: time) }
    package func optionalLimit(_ key: String, time: Limit.Time? = nil) throws -> Limit? { try self[key]?.asLimit(time: time) }
}

// MARK: - One over another

extension CatalogNode {
    /// This node laid over another, key by key: maps are joined, anything else replaces; an explicit empty value takes a key away.
    package func over(_ base: CatalogNode) -> CatalogNode {
        guard case .map(let mine) = content, case .map(let theirs) = base.content else { return self }
        var entries: [Entry] = []
        for entry in theirs {
            guard let own = mine.first(where: { $0.key == entry.key }) else {
                entries.append(entry)
                continue
            }
            if own.value.isNull { continue }
            entries.append(Entry(key: own.key, line: own.line, value: own.value.over(entry.value)))
        }
        for entry in mine where !theirs.contains(where: { $0.key == entry.key }) { entries.append(entry) }
        return CatalogNode(file: file, line: line, at: at, .map(entries))
    }

    /// Without some keys of its own.
    package func without(_ keys: String...) -> CatalogNode {
        guard case .map(let entries) = content else { return self }
        return CatalogNode(file: file, line: line, at: at, .map(entries.filter { !keys.contains($0.key) }))
    }
}
