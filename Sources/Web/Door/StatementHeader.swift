import HTTPTypes
import Hummingbird
import HummingbirdCore
import Store

/// For tests: how many statements an answer took, as far as it was made before its first byte, and which fields it looked for.
struct StatementHeader: RouterMiddleware {
    typealias Context = WebContext

    let texts: StatementTexts?

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        let (count, asked) = (StatementCount(texts: texts), AskedNames())
        var response = try await StatementCount.$current.withValue(count) {
            try await AskedNames.$current.withValue(asked) { try await next(request, context) }
        }
        if let name = HTTPField.Name("X-Statements") { response.headers[name] = "\(count.value)" }
        if let name = HTTPField.Name("X-Asked") { response.headers[name] = asked.text }
        return response
    }
}
