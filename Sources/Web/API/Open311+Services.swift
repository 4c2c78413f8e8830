import Basics
import Catalog
import HummingbirdCore
import Matters

extension Open311 {
    static func discovery(_ call: Call, _ format: Format) -> Response {
        let changed = call.house.open311.changeset(of: call.house.catalog, at: call.now).iso(in: call.house.zone)
        let endpoint = Tree.object([
            ("specification", .text("http://wiki.open311.org/GeoReport_v2")),
            ("url", .text(call.house.settings.publicURL + base)),
            ("changeset", .text(changed)),
            ("type", .text("production")),
            ("formats", .list(item: "format", [.text("text/xml"), .text("application/json")])),
        ])
        let phone = call.house.catalog.platform.supervisionPhone
        let name = call.house.catalog.platform.name[call.language]
        let contact =
            phone.isEmpty ? call.say("open311.contact", ["name": name]) : call.say("open311.contact.phone", ["name": name, "phone": phone])
        let tree = Tree.object([
            ("changeset", .text(changed)), ("contact", .text(contact)),
            ("key_service", .text(call.say("open311.key_service", ["name": name]))),
            ("endpoints", .list(item: "endpoint", [endpoint])),
        ])
        return answer(tree, root: "discovery", format)
    }

    static func services(_ call: Call, _ format: Format) throws -> Response {
        let services = call.house.catalog.categories.filter { !$0.retired }.map { category in
            let name = call.say(category.nameKey)
            let group = call.say(category.groupKey)
            return Tree.object([
                ("service_code", .text(category.id)), ("service_name", .text(name)),
                ("description", .text(call.say("open311.service", ["name": name, "group": group]))),
                ("metadata", .flag(!category.form.isEmpty)),
                ("type", .text("realtime")), ("keywords", .text(category.words.joined(separator: ", "))), ("group", .text(group)),
            ])
        }
        return answer(.list(item: "service", services), root: "services", format)
    }

    /// What the category's form asks for; an empty list where a report needs nothing besides.
    static func definition(_ call: Call, _ wanted: Wanted) throws -> Response {
        guard let category = call.house.catalog.category(wanted.name) else { throw unknownService(wanted.name) }
        let tree = Tree.object([
            ("service_code", .text(category.id)), ("attributes", attributes(CategoryForm(category, call.house.catalog), call)),
        ])
        return answer(tree, root: "service_definition", wanted.format)
    }

    static func unknownService(_ code: String) -> PlainRefusal {
        PlainRefusal("open311.service_unknown", values: ["code": String(code.prefix(60))], sort: .missing)
    }
}
