import Catalog
import Matters

/// A category's form as Open311 writes it: attributes with their datatype.
extension Open311 {
    static func attributes(_ form: CategoryForm, _ call: Call) -> Tree {
        .list(
            item: "attribute",
            form.fields.enumerated().map { index, field in
                let element = field.element
                var members: [(String, Tree)] = [
                    ("variable", .flag(true)), ("code", .text(element.id)), ("datatype", .text(datatype(element))),
                    ("required", .flag(field.required)), ("datatype_description", .text(describe(element, call))),
                    ("order", .number(Double(index + 1))), ("description", .text(call.say(element.nameKey))),
                ]
                let values = values(element)
                if !values.isEmpty {
                    members.append(
                        (
                            "values",
                            .list(item: "value", values.map { .object([("key", .text($0.key)), ("name", .text(call.say($0.name)))]) })
                        ))
                }
                return .object(members)
            })
    }

    static func datatype(_ element: Element) -> String {
        switch element.sort {
        case .words: "text"
        case .number, .integer, .money: "number"
        case .day: "datetime"
        case .choice: element.many ? "multivaluelist" : "singlevaluelist"
        case .flag: "singlevaluelist"
        case .text, .phone, .code, .photo, .person: "string"
        }
    }

    private static func describe(_ element: Element, _ call: Call) -> String {
        let sentence = call.say("open311.datatype.\(datatype(element))")
        return element.unit.map { call.say("open311.datatype.unit", ["what": sentence, "unit": $0]) } ?? sentence
    }

    private static func values(_ element: Element) -> [(key: String, name: String)] {
        switch element.sort {
        case .choice: element.choices.map { ($0, element.nameKey + "." + $0) }
        case .flag: FlagChoice.all.map { ($0.key, $0.nameKey) }
        default: []
        }
    }

    /// Values of `attribute[code]=`, also `attribute[code][]=`, by code.
    static func attributes(_ form: Form) -> [String: [String]] {
        var given: [String: [String]] = [:]
        for (name, values) in form.fields.sorted(by: { $0.key < $1.key }) where name.hasPrefix("attribute[") {
            given[String(name.dropFirst("attribute[".count).prefix { $0 != "]" }), default: []] += values
        }
        return given
    }
}
