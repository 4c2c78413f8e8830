import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Posts

/// Finds out who reads. Language: `?lang=`, then the cookie, the account, the browser's wish. Size of type: `?type=`, then the cookie.
/// Both may be switched in the head of every page without JavaScript.
struct KnowReader: RouterMiddleware {
    let house: House

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        var context = context
        let names = house.cookies
        let cookies = CookieNames.read(request.headers)
        var set: [String] = []

        if !request.uri.path.hasPrefix("/assets/"), let token = cookies[names.session], (20...100).contains(token.utf8.count) {
            context.reader.session = try await house.session(token)
            house.admission.note(token, isGood: context.reader.session != nil)
        }
        context.reader.formToken = cookies[names.form].flatMap { (20...60).contains($0.utf8.count) ? $0 : nil }

        let query = URLEncoded.pairs(request.uri.query ?? "")
        if let wish = query.last(where: { $0.name == "lang" })?.value, let language = Language(rawValue: wish) {
            context.reader.language = language
            set.append(names.set(names.language, language.rawValue, seconds: 31_536_000))
        } else if let language = cookies[names.language].flatMap(Language.init(rawValue:)) ?? context.reader.session?.person.language {
            context.reader.language = language
        } else {
            context.reader.language = Language(accepting: request.headers[.acceptLanguage] ?? "")
        }
        if let wish = query.last(where: { $0.name == "type" })?.value, wish == "large" || wish == "normal" {
            context.reader.large = wish == "large"
            set.append(names.set(names.size, wish, seconds: 31_536_000))
        } else {
            context.reader.large =
                cookies[names.size].map { $0 == "large" } ?? (context.reader.session.map { $0.typeSize != .usual } ?? false)
        }

        var response = try await next(request, context)
        for cookie in set { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return response
    }
}
