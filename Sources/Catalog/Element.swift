/// One sort of fact in the dictionary of facts (`catalog/elements/*.yaml`); forms and registers are lists of elements.
package struct Element: Hashable, Sendable {
    package enum Sort: String, CaseIterable, Sendable {
        case text, words, number, integer, money, choice, flag, day, phone, code, photo, person
    }

    package let id: String
    package let sort: Sort
    /// Of a choice; the name of each is the string `element.<id>.<choice>`.
    package let choices: [String]
    package let unit: String?
    /// May hold several values.
    package let many: Bool
    /// Lives in the Vault.
    package let sensitive: Bool
    package let indexed: Bool
    /// Days after which it counts as stale; nil never.
    package let fresh: Int?
    /// Wall: used for nothing but this.
    package let purpose: String?

    init(_ id: String, _ node: CatalogNode) throws {
        try node.known("sort", "choices", "unit", "many", "sensitive", "indexed", "fresh", "purpose")
        self.id = id
        sort = try node.choice("sort")
        choices = try node.texts("choices")
        unit = try node.optionalText("unit")
        many = try node.bool("many")
        sensitive = try node.bool("sensitive")
        indexed = try node.bool("indexed")
        fresh = try node.optionalInt("fresh")
        purpose = try node.optionalText("purpose")
        if sort == .choice, choices.isEmpty { throw node.problem(.missingKey, ["name": "choices"]) }
    }

    package var nameKey: String { "element." + id }
}
