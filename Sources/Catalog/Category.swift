import Basics

/// What a matter is about: an event or a municipal part (`catalog/categories/*.yaml`).
package struct Category: Hashable, Sendable {
    /// English snake_case; its name is the string `category.<id>`, also the Open311 service code.
    package let id: String
    /// Group of the standard; its name is `category_group.<group>`.
    package let group: String
    package let `class`: String
    package let urgency: String
    /// Limit to take it on.
    package let accept: Limit
    /// Limit to finish; nil takes that of the class.
    package let finish: Limit?
    /// Tag of the department that answers; nil when the community does it itself.
    package let department: String?
    /// Words that suggest it, in every language together.
    package let words: [String]
    /// Lies outside the duty list of communities: it goes to its department, and a community may refuse it with that reason.
    package let outsideList: Bool
    /// No longer offered; old matters keep it.
    package let retired: Bool
    /// Elements that a program reporting through an interface is asked for besides; residents and workers never are.
    package let form: [String]
    /// Those of the form without which such a report is refused.
    package let required: Set<String>

    /// The reason that goes with `outsideList`.
    package static let outsideReason = "outside_list"

    static let keys = [
        "group", "class", "urgency", "accept", "finish", "department", "words", outsideReason, "retired", "form", "required",
    ]

    /// - Parameter defaults: the file's `defaults`, laid under the category.
    init(_ id: String, _ node: CatalogNode) throws {
        try node.known(Self.keys)
        self.id = id
        group = try node.text("group")
        `class` = try node.text("class")
        urgency = try node.text("urgency")
        accept = try node.limit("accept")
        finish = try node.optionalLimit("finish")
        department = try node.optionalText("department")
        words =
            try node["words"].map { words in
                guard words.isMap else { return try words.asTexts() }
                try words.known(Language.allCases.map(\.rawValue))
                return try words.asMap().flatMap { try $0.value.asTexts() }
            } ?? []
        outsideList = try node.bool(Self.outsideReason)
        retired = try node.bool("retired")
        form = try node.texts("form")
        required = Set(try node.texts("required"))
        for item in try node["required"]?.asList() ?? [] where !form.contains(try item.asText()) {
            throw try item.unknown(among: form)
        }
    }

    package var nameKey: String { "category." + id }
    package var groupKey: String { "category_group." + group }
}
