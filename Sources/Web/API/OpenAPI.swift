import Catalog
import HummingbirdCore

/// The OpenAPI document, made from the table of routes.
enum OpenAPI {
    static func show(_ call: Call) async throws -> Response { call.tree(document(call)) }

    static func document(_ call: Call) -> Tree {
        let paths = API.all.map { route in (pattern(route.path), Tree.object([("get", operation(route, call))])) }
        return .object([
            ("openapi", .text("3.1.0")),
            (
                "info",
                .object([
                    ("title", .text(call.say("api.title", ["name": call.house.catalog.platform.name[call.language]]))),
                    ("version", .text(Version.text)),
                    ("description", .text(call.say("api.about"))),
                ])
            ),
            ("servers", .list(item: "server", [.object([("url", .text(call.house.settings.publicURL))])])),
            ("paths", .object(paths)),
            (
                "components",
                .object([
                    (
                        "securitySchemes",
                        .object([
                            ("key", .object([("type", .text("apiKey")), ("in", .text("header")), ("name", .text("X-API-Key"))])),
                            (
                                "session",
                                .object([("type", .text("apiKey")), ("in", .text("cookie")), ("name", .text(call.house.cookies.session))])
                            ),
                        ])
                    )
                ])
            ),
        ])
    }

    /// `/api/matters/:number` as OpenAPI writes it: `/api/matters/{number}`.
    static func pattern(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }.joined(
            separator: "/")
    }

    private static func operation(_ route: APIRoute, _ call: Call) -> Tree {
        let parameters = route.parameters.map { parameter in
            Tree.object([
                ("name", .text(parameter.name)), ("in", .text(parameter.place.rawValue)), ("required", .flag(parameter.required)),
                ("description", .text(call.say("api.parameter.\(parameter.name)"))), ("schema", schema(parameter)),
            ])
        }
        let content = route.types.map {
            ($0, Tree.object([("schema", .object([("type", .text($0.hasSuffix("json") ? "object" : "string"))]))]))
        }
        var answers: [(String, Tree)] = [
            ("200", .object([("description", .text(call.say("api.answer.200"))), ("content", .object(content))]))
        ]
        for status in ([422] + route.refusals + (route.open == .all ? [] : [429])).sorted() {
            answers.append(("\(status)", .object([("description", .text(call.say("api.answer.\(status)")))])))
        }
        var members: [(String, Tree)] = [
            ("operationId", .text(route.id)), ("summary", .text(call.say("api.\(route.id)"))),
            ("parameters", .list(item: "parameter", parameters)), ("responses", .object(answers)),
        ]
        if route.open != .all {
            members.append(
                (
                    "security",
                    .list(item: "scheme", [.object([("key", .list(item: "scope", []))]), .object([("session", .list(item: "scope", []))])])
                ))
        }
        return .object(members)
    }

    private static func schema(_ parameter: APIRoute.Parameter) -> Tree {
        switch parameter.sort {
        case .date: return .object([("type", .text("string")), ("format", .text("date"))])
        case .integer: return .object([("type", .text("integer")), ("minimum", .number(1))])
        default:
            let sort = ("type", Tree.text(parameter.sort.rawValue))
            return .object(
                parameter.values.isEmpty ? [sort] : [sort, ("enum", .list(item: "value", parameter.values.map { .text($0) }))])
        }
    }
}
