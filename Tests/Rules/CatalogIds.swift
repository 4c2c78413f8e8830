import Catalog
import Testing

/// What a district decides is named in its catalog, never in Sources: a category, role or action may be renamed without Swift.
@Suite struct CatalogIds {
    /// Words that are ids of the shipped catalog and something else in the engines as well: `word` → what it is there.
    static let alsoOurs: [String: String] = [
        // Keys of catalog files, which the engine reads.
        "accept": "key of categories and urgencies", "finish": "key of categories and classes; a mechanism",
        "department": "key of categories; a view's field",
        "households": "key of levels", "photo": "key of kinds; a form's field", "privacy": "key of kinds; a column",
        "code": "column and field", "micro": "a sign-in of the demo", "outside_list": "key of categories",
        // Mechanisms, verb groups, conditions: what `does`, `verbs` and `all` choose from.
        "answer": "mechanism", "close": "mechanism", "confirm": "mechanism", "merge": "mechanism; an icon",
        "note": "mechanism; a view's field",
        "rate": "mechanism; a client's rate", "rate_answer": "mechanism", "reach_milestone": "mechanism", "reply": "mechanism",
        "return": "mechanism",
        "set_milestones": "mechanism", "supervise": "mechanism and verb group", "take_back": "mechanism", "withdraw": "mechanism",
        "report": "verb group; the report as a thing", "security": "verb group; a member of OpenAPI",
        "closed_on_day": "condition of measures",
        "done_on_day": "condition of measures",
        // Fields of pages, of files, of other people's interfaces.
        "address": "member of Open311", "admin": "area of the pages", "length": "field of a finding", "whistle": "an icon",
    ]

    static func ids(_ catalog: Catalog) throws -> [String: String] {
        var ids: [String: String] = [:]
        func add(_ sort: String, _ names: [String]) { for name in names { ids[name] = sort } }
        add("level", catalog.levels.map(\.id))
        add("nature", catalog.levels.flatMap(\.natures))
        add("class", catalog.classes.map(\.id))
        add("urgency", catalog.urgencies.map(\.id))
        add("unit class", catalog.unitClasses.map(\.id))
        add("department", catalog.departments)
        add("category", catalog.categories.map(\.id))
        add("group", catalog.groups)
        add("role", catalog.roles.map(\.id))
        add("element", catalog.elements.map(\.id))
        add("measure", try catalog.items("measures").map(\.id))
        for folder in ["kinds", "registers"] { add(folder, catalog.entries(folder).map(\.id)) }
        for kind in catalog.entries("kinds") {
            add("clock", try kind.node.map("clocks").map(\.key))
            for action in try kind.node.map("actions") {
                add("action", [action.key])
                add("reason", try (action.value["photo"]?.texts("reasons") ?? []) + action.value.texts("reasons"))
            }
        }
        return ids
    }

    @Test func noneInSources() throws {
        let ids = try Self.ids(Catalog(home: Tree.root))
        #expect(ids.count > 200)
        var used: Set<String> = []
        let keyed =
            #/^(?:category|category_group|role|level|nature|class|urgency|action|reason|element|department|unit_class|register|measure|clock)\.(\w+)$/#
        for file in try Tree.sources() {
            for literal in Literals.of(file.text) {
                if let sort = ids[literal.text] {
                    used.insert(literal.text)
                    #expect(Self.alsoOurs[literal.text] != nil, "\(file.path):\(literal.line) names the \(sort) \(literal.text)")
                }
                if let match = literal.text.wholeMatch(of: keyed), let sort = ids[String(match.1)], literal.text.hasPrefix(sort + ".") {
                    // `clock.photo` is the timer of a clock by its name in the kind.
                    #expect(literal.text == "clock.photo", "\(file.path):\(literal.line) names the \(sort) \(match.1)")
                }
            }
        }
        // The list of exceptions has no dead lines.
        #expect(Set(Self.alsoOurs.keys).subtracting(used) == [])
    }
}
